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
  /// Of each tensor, the element that its strip repeats, and how often; it is not written
  /// meanwhile.
  std::byte const* repeated[most_chain_tensors];
  std::int64_t times[most_chain_tensors]{};

  std::byte* at(std::size_t number) { return bytes + number * size; }
};

/// A row of the tensors that a chain reads, strips 1, 2, … of it. What has no gaps is read where it
/// is.
template <class S> class chain_row {
 public:
  chain_row(strip_chain const& how, byte_strips<S>& memory) : how_(&how), memory_(&memory) {
    auto const used = static_cast<std::size_t>(how.others) + how.count + 1;
    for (std::size_t i = 0; i < used; ++i) strips_[i] = memory.at(i);
  }

  /// Where the row begins in a tensor, and how far its elements are from each other.
  void set(int tensor, std::byte const* begin, std::int64_t stride, std::int64_t element_bytes) {
    rows_[tensor] = begin;
    strides_[tensor] = stride;
    sizes_[tensor] = element_bytes;
  }
  /// Applies all links to elements [first, first + count); where the result is: at `to`, if that is
  /// not null.
  void* run(std::int64_t first, std::int64_t count, void* to) {
    for (int k = 0; k < how_->others; ++k) {
      auto const* const from = rows_[k] + first * strides_[k] * sizes_[k];
      // What is read is not written: no link's result stands where a tensor does.
      if (strides_[k] == 1) strips_[k + 1] = const_cast<std::byte*>(from);
      else if (strides_[k] != 0 || !is_repeated(k, from, count))
        copy(sizes_[k], memory_->at(static_cast<std::size_t>(k) + 1), 1, from, strides_[k], count);
    }
    for (int i = 0; i < how_->count; ++i) {
      auto const& l = how_->links[i];
      void const* operands[most_operands];
      for (std::size_t k = 0; k < most_operands; ++k) operands[k] = strips_[l.operands[k]];
      bool const is_last = i + 1 == how_->count;
      void* const result = is_last && to != nullptr ? to : strips_[l.result];
      l.run(result, operands, static_cast<std::size_t>(count), l.words);
    }
    return to != nullptr ? to : strips_[how_->result];
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

 private:
  /// Whether the strip of a tensor holds an element so often already; it will.
  bool is_repeated(int tensor, std::byte const* element, std::int64_t count) const {
    auto& times = memory_->times[tensor];
    auto& repeated = memory_->repeated[tensor];
    if (times >= count && repeated == element) return true;
    repeated = element;
    times = count;
    return false;
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

  strip_chain const* how_;
  byte_strips<S>* memory_;
  std::byte const* rows_[most_chain_tensors];
  std::int64_t strides_[most_chain_tensors];
  std::int64_t sizes_[most_chain_tensors];
  void* strips_[byte_strips<S>::count];
};

/// The kernel of all element operators, whatever the types of their elements: the tensors are
/// strips 1, 2, … of its epilogue.
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
    auto const& form = call_->forms[tensor];
    std::int64_t elements = 0;
    for (int i = 0; i < outer; ++i) elements += at[i] * form.strides[i];
    bool const is_output = tensor == call_->epilogue->others;
    void const* const data = is_output ? call_->output : call_->inputs[tensor];
    return static_cast<std::byte const*>(data) + elements * form.element_bytes;
  }

  void run_row(std::int64_t const* at, int outer) const {
    auto const& how = *call_->epilogue;
    chain_row<S> row(how, *memory_);
    for (int k = 0; k < how.others; ++k) {
      auto const& form = call_->forms[k];
      row.set(k, row_of(k, at, outer), form.strides[outer], form.element_bytes);
    }
    auto const& y = call_->forms[how.others];
    auto* const begin = const_cast<std::byte*>(row_of(how.others, at, outer));
    auto const by = y.strides[outer];
    auto const length = y.extents[outer];
    for (std::int64_t first = 0; first < length; first += most_strip_elements) {
      auto const left = length - first;
      auto const count = left < most_strip_elements ? left : most_strip_elements;
      auto* const to = begin + first * by * y.element_bytes;
      auto const* const made = row.run(first, count, by == 1 ? to : nullptr);
      if (by != 1) chain_row<S>::copy(y.element_bytes, to, by, made, 1, count);
    }
  }

  kernel_call const* call_;
  byte_strips<S>* memory_;
};

/// What links make of the first tensors of a call, as a kernel reads it: see
/// kernel/reader-inl.hpp.
template <class T, class S> class strip_reader {
 public:
  using index = typename S::index;
  static constexpr bool reads_rows = true;
  shape extents;

  strip_reader(kernel_call const& call, byte_strips<S>& memory)
      : extents(shape_of(call.forms[0].extents, call.forms[0].rank)),
        call_(&call),
        memory_(&memory) {
    for (int k = 0; k < tensors(); ++k) data_[k] = static_cast<std::byte const*>(call.inputs[k]);
  }

  strip_reader inner(S&, index const* at, int axes) const {
    auto part = *this;
    part.extents = S::inner_axes(extents, axes);
    part.axis_ += axes;
    for (int k = 0; k < tensors(); ++k) {
      auto const& form = call_->forms[k];
      for (int i = 0; i < axes; ++i) {
        part.data_[k] += at[i] * form.strides[axis_ + i] * form.element_bytes;
      }
    }
    return part;
  }
  /// As many elements as a strip holds are made at a time.
  template <class J> INLAY_INLINE auto read(S& s, J j) const {
    if (j.at >= end_) fill(j.at);
    tensor<T const> const strip{made_, {}, {1}};
    return s.load(strip, s.shift(j, -begin_));
  }

 private:
  int tensors() const { return call_->epilogue->readers.others; }
  INLAY_KERNEL void fill(index first) const {
    chain_row<S> row(call_->epilogue->readers, *memory_);
    for (int k = 0; k < tensors(); ++k) {
      auto const& form = call_->forms[k];
      row.set(k, data_[k], form.strides[axis_], form.element_bytes);
    }
    begin_ = first;
    end_ = S::smaller(first + most_strip_elements, extents[0]);
    made_ = static_cast<T const*>(row.run(first, end_ - first, nullptr));
  }

  kernel_call const* call_;
  byte_strips<S>* memory_;
  std::byte const* data_[most_chain_tensors]{};
  int axis_ = 0;
  mutable index begin_ = 0;
  mutable index end_ = 0;
  mutable T const* made_ = nullptr;
};

}  // namespace interpreter_code

INLAY_END_TARGET
