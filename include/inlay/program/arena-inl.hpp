// Where a program's tensors live while it runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/element_type.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/program/program.hpp"

INLAY_BEGIN_TARGET

/// An arena of bytes.
struct byte_arena {
  std::byte* bytes;

  template <class T> INLAY_INLINE T* at(std::int64_t offset) const {
    return reinterpret_cast<T*>(bytes + offset);
  }
};

/// The part of a `typed_arena` that holds elements of one type.
template <class T> struct typed_pool {
  vector<T> elements;
};

/// An arena for constant evaluation, in which memory has one type: for each type that is asked for,
/// as many elements of it as fit into the arena.
template <class Types> class typed_arena;

template <class... T> class typed_arena<type_list<T...>> : typed_pool<T>... {
 public:
  constexpr explicit typed_arena(std::int64_t bytes) : bytes_(static_cast<std::size_t>(bytes)) {}

  template <class U> constexpr U* at(std::int64_t offset) {
    auto& elements = static_cast<typed_pool<U>&>(*this).elements;
    if (elements.empty()) elements = vector<U>(bytes_ / sizeof(U), U{});
    return elements.data() + static_cast<std::size_t>(offset) / sizeof(U);
  }

 private:
  std::size_t bytes_;
};

INLAY_END_TARGET
