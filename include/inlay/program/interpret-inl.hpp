// The scalar interpreter at run time: a program step by step, without a compiler.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/vector.hpp"
#include "inlay/program/copy_weight.hpp"
#include "inlay/program/interpreter-inl.hpp"
#include "inlay/program/program.hpp"

INLAY_BEGIN_TARGET

/// The memory of a program at run time, on the heap.
class heap_memory {
 public:
  /// `inputs` and `outputs` point to the tensors of the program's ports, contiguous.
  heap_memory(program const& p, span<void const* const> inputs, span<void* const> outputs)
      : inputs_(inputs), outputs_(outputs), arena_(words(p.arena_bytes), word{}) {
    for (int e = 0; e < element_type_count; ++e) {
      pools_[e] = vector<word>(words(p.pools.bytes[e]), word{});
    }
    for (auto const& w : p.weights) {
      auto* to = reinterpret_cast<std::byte*>(pools_[static_cast<std::size_t>(w.element)].data()) +
                 static_cast<std::size_t>(w.offset);
      with_type(w.element, stored_types{}, [&]<class T>(T) {
        copy_weight(w, p.packings, p.storage.data(), reinterpret_cast<T*>(to));
      });
    }
  }

  template <class T> T const* read(location const& l) {
    switch (l.where) {
      case place::weights: {
        auto const& pool = pools_[static_cast<std::size_t>(element_of<T>)];
        return reinterpret_cast<T const*>(pool.data()) + elements_before<T>(l);
      }
      case place::input: return static_cast<T const*>(inputs_[l.port]) + elements_before<T>(l);
      default: return write<T>(l);
    }
  }
  template <class T> T* write(location const& l) {
    switch (l.where) {
      case place::arena: return reinterpret_cast<T*>(arena_.data()) + elements_before<T>(l);
      case place::output: return static_cast<T*>(outputs_[l.port]) + elements_before<T>(l);
      default: return nullptr;
    }
  }

 private:
  struct alignas(tensor_alignment) word {
    std::byte bytes[tensor_alignment];
  };
  template <class T> static std::size_t elements_before(location const& l) {
    return static_cast<std::size_t>(l.offset) / sizeof(T);
  }
  static std::size_t words(std::int64_t bytes) {
    return static_cast<std::size_t>(bytes) / sizeof(word);
  }

  span<void const* const> inputs_;
  span<void* const> outputs_;
  vector<word> arena_;
  vector<word> pools_[element_type_count];
};

/// Runs a program; inputs and outputs in the order of its ports, contiguous.
inline void interpret(program const& p, span<void const* const> inputs, span<void* const> outputs) {
  heap_memory memory(p, inputs, outputs);
  scalar_interpreter<heap_memory>::run(p, memory);
}

INLAY_END_TARGET
