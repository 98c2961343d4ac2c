// Memory of the interpreter: blocks that are aligned as tensors are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

#include "inlay/core/result.hpp"
#include "inlay/graph/rule.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION::interpreter {

/// Bytes at a multiple of `tensor_alignment`.
class memory_block {
 public:
  memory_block() = default;
  memory_block(memory_block&& other) noexcept { swap(other); }
  memory_block& operator=(memory_block&& other) noexcept {
    swap(other);
    return *this;
  }
  ~memory_block() { release(); }

  std::byte* data() const { return data_; }
  std::int64_t size() const { return size_; }
  bool contains(void const* at) const {
    auto const begin = reinterpret_cast<std::uintptr_t>(data_);
    auto const place = reinterpret_cast<std::uintptr_t>(at);
    return place >= begin && place < begin + static_cast<std::uintptr_t>(size_);
  }

  /// Makes it at least so large; what it held is lost if it grows.
  error grow(std::int64_t bytes, string_view what) {
    if (bytes <= size_) return {};
    release();
    data_ = static_cast<std::byte*>(
        ::operator new(static_cast<std::size_t>(bytes), alignment, std::nothrow));
    if (data_ == nullptr) {
      return make_error(rule::there_must_be_memory_for_the_model, "there is no memory for the ",
                        bytes, " bytes of ", what);
    }
    size_ = bytes;
    return {};
  }

 private:
  static constexpr std::align_val_t alignment{static_cast<std::size_t>(tensor_alignment)};

  void release() {
    ::operator delete(data_, alignment);
    data_ = nullptr;
    size_ = 0;
  }
  void swap(memory_block& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
  }

  std::byte* data_ = nullptr;
  std::int64_t size_ = 0;
};

}  // namespace inlay::inline INLAY_VERSION::interpreter
