// Arrays whose neighbours cannot be touched.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <new>

namespace inlay_test {

/// `size` zeros that end where memory ends, or, if `is_at_start`, begin where it begins: a read or
/// a write next to them stops the program.
template <class T> class guarded {
 public:
  guarded(std::size_t size, bool is_at_start) {
    auto const page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    auto const bytes = size * sizeof(T);
    auto const inner = (bytes + page - 1) / page * page;
    mapped_ = inner + 2 * page;
    start_ = mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start_ == MAP_FAILED) throw std::bad_alloc();
    auto* const first = static_cast<char*>(start_) + page;
    if (inner != 0 && mprotect(first, inner, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
    data_ = reinterpret_cast<T*>(is_at_start ? first : first + inner - bytes);
  }
  guarded(guarded const&) = delete;
  guarded& operator=(guarded const&) = delete;
  ~guarded() { munmap(start_, mapped_); }

  T* data() const { return data_; }

 private:
  void* start_ = nullptr;
  std::size_t mapped_ = 0;
  T* data_ = nullptr;
};

}  // namespace inlay_test
