// Blocks of rows that become columns, by shuffles of Highway's vectors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <type_traits>

#include "inlay/stage/highway/target.hpp"
#include "inlay/stage/host.hpp"

INLAY_BEGIN_TARGET

struct highway_transpose {
 private:
  // Sixteen bits are moved as they are.
  template <class T>
  using moved = std::conditional_t<sixteen_bit_float<T>, std::uint16_t, lane_of<T>>;
  static constexpr bool has_shuffles = HWY_STATIC_TARGET != HWY_SCALAR;

 public:
  /// How many rows and columns `transpose_block` takes: as many rows as a vector has elements, and
  /// as many columns as 16 bytes have, which is as far as shuffles reach.
  template <class T> static constexpr int block_rows = highway_width<moved<T>>;
  template <class T>
  static constexpr int block_columns = has_shuffles ? 16 / static_cast<int>(sizeof(T)) : 1;

  /// y[j + c, i + r] = x[i + r, j + c] for all r and c of a block. Rows are contiguous.
  template <class T>
  INLAY_INLINE static void transpose_block(tensor<T const> const& x, tensor<T> const& y,
                                           std::int64_t i, std::int64_t j) {
    auto const* from = reinterpret_cast<moved<T> const*>(x.data + (i * x.strides[0] + j));
    auto* to = reinterpret_cast<moved<T>*>(y.data + (j * y.strides[0] + i));
#if HWY_STATIC_TARGET == HWY_SCALAR
    *to = *from;
#else
    transpose_vectors(from, x.strides[0], to, y.strides[0]);
#endif
  }

#if HWY_STATIC_TARGET != HWY_SCALAR
 private:
  template <class T>
  INLAY_INLINE static void transpose_vectors(T const* from, std::int64_t from_stride, T* to,
                                             std::int64_t to_stride) {
    constexpr int n = block_columns<T>;
    hn::ScalableTag<T> const d;
    hn::Vec<hn::ScalableTag<T>> rows[n];
    _Pragma("GCC unroll 16") for (int r = 0; r < n; ++r) {
      rows[r] = load_blocks(d, from + r * from_stride, n * from_stride);
    }
    // Each round spreads the rows over twice as many lanes.
    _Pragma("GCC unroll 4") for (int round = 1; round < n; round *= 2) {
      hn::Vec<hn::ScalableTag<T>> spread[n];
      _Pragma("GCC unroll 8") for (int r = 0; r < n / 2; ++r) {
        spread[2 * r] = hn::InterleaveLower(d, rows[r], rows[r + n / 2]);
        spread[2 * r + 1] = hn::InterleaveUpper(d, rows[r], rows[r + n / 2]);
      }
      _Pragma("GCC unroll 16") for (int r = 0; r < n; ++r) rows[r] = spread[r];
    }
    _Pragma("GCC unroll 16") for (int r = 0; r < n; ++r) {
      hn::StoreU(rows[r], d, to + r * to_stride);
    }
  }
  /// 16 bytes from each of the rows `stride` apart.
  template <class D, class T>
  INLAY_INLINE static hn::Vec<D> load_blocks(D d, T const* from, std::int64_t stride) {
    if constexpr (hn::MaxLanes(D{}) * sizeof(T) <= 16) {
      return hn::LoadU(d, from);
    } else {
      hn::Half<D> const half;
      constexpr auto rows = static_cast<std::int64_t>(hn::MaxLanes(D{}) * sizeof(T) / 32);
      auto const low = load_blocks(half, from, stride);
      auto const high = load_blocks(half, from + rows * stride, stride);
      return hn::Combine(d, high, low);
    }
  }
#endif
};

INLAY_END_TARGET
