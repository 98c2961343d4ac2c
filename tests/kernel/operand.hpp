// What kernels are given and what they write, with nothing behind it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../stage/conformance.hpp"
#include "inlay/kernel/panels.hpp"

namespace inlay_test {

/// Small numbers, or any integers, others for each seed.
template <class T> class operand {
 public:
  explicit operand(std::int64_t size, int seed = 0)
      : size_(static_cast<std::size_t>(size)), memory_(size_, false) {
    auto const all = [&] {
      if constexpr (std::floating_point<T>) return small_numbers<T>(size_ + 64, 2);
      else return any_numbers<T>(size_ + 64);
    }();
    for (std::size_t i = 0; i < size_; ++i) {
      data()[i] = all[(i + static_cast<std::size_t>(seed) * 7) % all.size()];
    }
  }
  T* data() const { return memory_.data(); }
  /// All of it; where it is an image, its channels are last, or first.
  inlay::tensor<T> view(inlay::shape const& s, bool channels_last = false) const {
    return {data(), s,
            channels_last ? inlay::channels_last_strides(s) : inlay::contiguous_strides(s)};
  }
  inlay::tensor<T const> constant(inlay::shape const& s, bool channels_last = false) const {
    auto const all = view(s, channels_last);
    return {all.data, all.extents, all.strides};
  }
  int differences(operand const& other) const {
    int count = 0;
    for (std::size_t i = 0; i < size_; ++i) count += !is_same(data()[i], other.data()[i]);
    return count;
  }

 private:
  std::size_t size_;
  guarded<T> memory_;
};

/// An operand in panels, filled up with what must not be looked at.
template <class T> class packed_operand {
 public:
  packed_operand(operand<T> const& from, inlay::right_operand const& right)
      : layout_(inlay::packed_layout(right)), memory_(inlay::packed_size(right)) {
    std::fill_n(memory_.data(), inlay::packed_size(right), T(99));
    auto const stride = inlay::column_stride(right);
    inlay::pack_panels(right, [&](auto to, auto at, auto count) {
      for (auto i = count; i-- > 0;) memory_.data()[to + i] = from.data()[at + i * stride];
    });
  }
  inlay::tensor<T const> view() const { return {memory_.data(), layout_.extents, layout_.strides}; }

 private:
  inlay::panel_layout layout_;
  operand<T> memory_;
};

}  // namespace inlay_test
