// Chains of element operators, whose first one is a link as the others are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/execute/interpreter/strip_tape-inl.hpp"

INLAY_BEGIN_TARGET

namespace interpreter_code {

/// The kernel of all element operators for elements of `T`: the tensors are strips 1, 2, … of its
/// epilogue. A tensor whose rows have no gaps is read and written where it is.
/// *Shapes*: all of the same rank, at least 1; an input that repeats along an axis has a stride of
/// 0 there.
template <class T, class S> class element_chain {
 public:
  static void run(kernel_call const& call) {
    auto const& how = *call.epilogue;
    strip_memory<T, S> memory;
    element_chain const chain(call, memory);
    auto const& y = call.forms[how.others];
    auto const extents = shape_of(y.extents, y.rank);
    if (elements_of(extents) == 0) return;
    int const outer = y.rank - 1;
    S::loop_nest(extents, outer, [&](auto const* at) { chain.run_row(at, outer); });
  }

 private:
  element_chain(kernel_call const& call, strip_memory<T, S>& memory)
      : call_(&call), memory_(&memory) {}

  T const* row_of(int tensor, std::int64_t const* at, int outer) const {
    auto const& how = *call_->epilogue;
    auto const& form = call_->forms[tensor];
    auto const* data =
        static_cast<T const*>(tensor == how.others ? call_->output : call_->inputs[tensor]);
    for (int i = 0; i < outer; ++i) data += at[i] * form.strides[i];
    return data;
  }

  void run_row(std::int64_t const* at, int outer) const {
    auto const& how = *call_->epilogue;
    T const* rows[most_chain_tensors];
    std::int64_t strides[most_chain_tensors];
    for (int k = 0; k <= how.others; ++k) {
      rows[k] = row_of(k, at, outer);
      strides[k] = call_->forms[k].strides[outer];
    }
    auto const length = call_->forms[how.others].extents[outer];
    void* strips[strip_memory<T, S>::strips];
    for (std::size_t i = 0; i < strip_memory<T, S>::strips; ++i) strips[i] = memory_->strip(i);
    for (std::int64_t first = 0; first < length; first += most_strip_elements) {
      auto const left = length - first;
      auto const count = left < most_strip_elements ? left : most_strip_elements;
      for (int k = 0; k < how.others; ++k) {
        auto const* const from = rows[k] + first * strides[k];
        // What is read is not written: no link's result stands where a tensor does.
        if (strides[k] == 1) strips[k + 1] = const_cast<T*>(from);
        else if (strides[k] != 0 || first == 0)
          copy(memory_->strip(static_cast<std::size_t>(k) + 1), 1, from, strides[k], count);
      }
      auto* const to = const_cast<T*>(rows[how.others]) + first * strides[how.others];
      bool const is_direct = strides[how.others] == 1;
      for (int i = 0; i < how.count; ++i) {
        auto const& l = how.links[i];
        void const* operands[most_operands];
        for (std::size_t k = 0; k < most_operands; ++k) operands[k] = strips[l.operands[k]];
        void* const result = is_direct && i + 1 == how.count ? to : strips[l.result];
        l.run(result, operands, static_cast<std::size_t>(count), l.words);
      }
      if (!is_direct) {
        copy(to, strides[how.others], static_cast<T const*>(strips[how.result]), 1, count);
      }
    }
  }

  INLAY_KERNEL static void copy(T* to, std::int64_t to_stride, T const* from,
                                std::int64_t from_stride, std::int64_t count) {
    S s;
    tensor<T const> const x{from, {}, {from_stride}};
    tensor<T> const y{to, {}, {to_stride}};
    s.template loop_lanes<T>(count, [&](auto j) INLAY_INLINE_LAMBDA {
      auto const element = s.load(x, j);
      s.store(y, j, element);
    });
  }

  kernel_call const* call_;
  strip_memory<T, S>* memory_;
};

}  // namespace interpreter_code

INLAY_END_TARGET
