// Chains of element operators, whose first one is a link as the others are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/execute/interpreter/strip_tape-inl.hpp"

INLAY_BEGIN_TARGET

namespace interpreter_code {

/// Strips of elements of any type, behind each other: of each tensor, and of each link with the
/// head, since a result stands where another one did only if that is as large.
template <class S> struct byte_strips {
  static constexpr std::size_t count = most_chain_tensors + most_links + 1;
  static constexpr auto size = static_cast<std::size_t>(strip_elements<double, S>) * sizeof(double);
  static_assert(size % alignof(double) == 0);
  alignas(tensor_alignment) std::byte bytes[count * size];

  std::byte* at(std::size_t number) { return bytes + number * size; }
};

/// The kernel of all element operators, whatever the types of their elements: the tensors are
/// strips 1, 2, … of its epilogue. A tensor whose rows have no gaps is read and written where it
/// is.
/// *Shapes*: all of the same rank, at least 1; an input that repeats along an axis has a stride of
/// 0 there.
template <class S> class element_chain {
 public:
  static void run(kernel_call const& call) {
    auto const& how = *call.epilogue;
    byte_strips<S> memory;
    element_chain const chain(call, memory);
    auto const& y = call.forms[how.others];
    auto const extents = shape_of(y.extents, y.rank);
    if (elements_of(extents) == 0) return;
    int const outer = y.rank - 1;
    S::loop_nest(extents, outer, [&](auto const* at) { chain.run_row(at, outer); });
  }

 private:
  element_chain(kernel_call const& call, byte_strips<S>& memory) : call_(&call), memory_(&memory) {}

  std::byte const* row_of(int tensor, std::int64_t const* at, int outer) const {
    auto const& how = *call_->epilogue;
    auto const& form = call_->forms[tensor];
    std::int64_t elements = 0;
    for (int i = 0; i < outer; ++i) elements += at[i] * form.strides[i];
    void const* const data = tensor == how.others ? call_->output : call_->inputs[tensor];
    return static_cast<std::byte const*>(data) + elements * form.element_bytes;
  }

  void run_row(std::int64_t const* at, int outer) const {
    auto const& how = *call_->epilogue;
    std::byte const* rows[most_chain_tensors];
    std::int64_t strides[most_chain_tensors];
    std::int64_t sizes[most_chain_tensors];
    for (int k = 0; k <= how.others; ++k) {
      rows[k] = row_of(k, at, outer);
      strides[k] = call_->forms[k].strides[outer];
      sizes[k] = call_->forms[k].element_bytes;
    }
    auto const length = call_->forms[how.others].extents[outer];
    void* strips[byte_strips<S>::count];
    for (std::size_t i = 0; i < byte_strips<S>::count; ++i) strips[i] = memory_->at(i);
    for (std::int64_t first = 0; first < length; first += most_strip_elements) {
      auto const left = length - first;
      auto const count = left < most_strip_elements ? left : most_strip_elements;
      for (int k = 0; k < how.others; ++k) {
        auto const* const from = rows[k] + first * strides[k] * sizes[k];
        // What is read is not written: no link's result stands where a tensor does.
        if (strides[k] == 1) strips[k + 1] = const_cast<std::byte*>(from);
        else if (strides[k] != 0 || first == 0)
          copy(sizes[k], memory_->at(static_cast<std::size_t>(k) + 1), 1, from, strides[k], count);
      }
      auto const by = strides[how.others];
      auto const size = sizes[how.others];
      auto* const to = const_cast<std::byte*>(rows[how.others]) + first * by * size;
      bool const is_direct = by == 1;
      for (int i = 0; i < how.count; ++i) {
        auto const& l = how.links[i];
        void const* operands[most_operands];
        for (std::size_t k = 0; k < most_operands; ++k) operands[k] = strips[l.operands[k]];
        void* const result = is_direct && i + 1 == how.count ? to : strips[l.result];
        l.run(result, operands, static_cast<std::size_t>(count), l.words);
      }
      if (!is_direct) copy(size, to, by, strips[how.result], 1, count);
    }
  }

  /// Copies elements of so many bytes.
  static void copy(std::int64_t size, void* to, std::int64_t to_stride, void const* from,
                   std::int64_t from_stride, std::int64_t count) {
    switch (size) {
      case 1: return copy<std::uint8_t>(to, to_stride, from, from_stride, count);
      case 2: return copy<std::uint16_t>(to, to_stride, from, from_stride, count);
      case 4: return copy<std::uint32_t>(to, to_stride, from, from_stride, count);
      default: return copy<std::uint64_t>(to, to_stride, from, from_stride, count);
    }
  }
  template <class T>
  INLAY_KERNEL static void copy(void* to, std::int64_t to_stride, void const* from,
                                std::int64_t from_stride, std::int64_t count) {
    S s;
    tensor<T const> const x{static_cast<T const*>(from), {}, {from_stride}};
    tensor<T> const y{static_cast<T*>(to), {}, {to_stride}};
    s.template loop_lanes<T>(count, [&](auto j) INLAY_INLINE_LAMBDA {
      auto const element = s.load(x, j);
      s.store(y, j, element);
    });
  }

  kernel_call const* call_;
  byte_strips<S>* memory_;
};

}  // namespace interpreter_code

INLAY_END_TARGET
