// Blocks of rows that become columns, by shuffles of xsimd's batches.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "inlay/stage/host.hpp"
#include "inlay/stage/xsimd/target.hpp"

INLAY_BEGIN_TARGET

struct xsimd_transpose {
 private:
  // Sixteen bits are moved as they are.
  template <class T>
  using moved = std::conditional_t<sixteen_bit_float<T>, std::uint16_t, lane_of<T>>;

 public:
  /// How many rows and columns `transpose_block` takes: as many rows as a vector has elements, and
  /// as many columns as 16 bytes have, which is as far as shuffles reach.
  template <class T> static constexpr int block_rows = xsimd_width<moved<T>>;
  template <class T>
  static constexpr int block_columns = xsimd_tools::least_bytes / static_cast<int>(sizeof(T));

  /// y[j + c, i + r] = x[i + r, j + c] for all r and c of a block. Rows are contiguous.
  template <class T>
  INLAY_INLINE static void transpose_block(tensor<T const> const& x, tensor<T> const& y,
                                           std::int64_t i, std::int64_t j) {
    auto const* from = reinterpret_cast<moved<T> const*>(x.data + (i * x.strides[0] + j));
    auto* to = reinterpret_cast<moved<T>*>(y.data + (j * y.strides[0] + i));
    transpose_vectors(from, x.strides[0], to, y.strides[0]);
  }

 private:
  template <class T>
  INLAY_INLINE static void transpose_vectors(T const* from, std::int64_t from_stride, T* to,
                                             std::int64_t to_stride) {
    constexpr int n = block_columns<T>;
    constexpr int width = block_rows<T>;
    xsimd_tools::compiled<T, width> rows[n];
    _Pragma("GCC unroll 16") for (int r = 0; r < n; ++r) {
      rows[r] = load_blocks<width>(from + r * from_stride, n * from_stride);
    }
    // Each round spreads the rows over twice as many lanes.
    _Pragma("GCC unroll 4") for (int round = 1; round < n; round *= 2) {
      xsimd_tools::compiled<T, width> spread[n];
      _Pragma("GCC unroll 8") for (int r = 0; r < n / 2; ++r) {
        spread[2 * r] = interleave<0, width>(rows[r], rows[r + n / 2]);
        spread[2 * r + 1] = interleave<n / 2, width>(rows[r], rows[r + n / 2]);
      }
      _Pragma("GCC unroll 16") for (int r = 0; r < n; ++r) rows[r] = spread[r];
    }
    _Pragma("GCC unroll 16") for (int r = 0; r < n; ++r) {
      auto const row = xsimd_tools::from_bits<xsimd_vec<T>>(rows[r]);
      row.batch.store_unaligned(to + r * to_stride);
    }
  }
  /// In turns from two vectors, half of the elements of each 16 bytes: those from `First` on.
  template <int First, int Width, class Compiled>
  INLAY_INLINE static auto interleave(Compiled const& a, Compiled const& b) {
    constexpr int n = xsimd_tools::least_bytes / static_cast<int>(sizeof(a[0]));
    return xsimd_tools::shuffle<Width>(a, b, [](int lane) {
      return (lane % 2 == 0 ? 0 : Width) + lane / n * n + First + lane % n / 2;
    });
  }
  /// 16 bytes from each of the rows `stride` apart.
  template <int Width, class T>
  INLAY_INLINE static auto load_blocks(T const* from, std::int64_t stride) {
    if constexpr (Width * sizeof(T) == xsimd_tools::least_bytes) {
      xsimd_tools::compiled<T, Width> block;
      std::memcpy(&block, from, sizeof block);
      return block;
    } else {
      constexpr std::int64_t rows = Width * sizeof(T) / (2 * xsimd_tools::least_bytes);
      auto const low = load_blocks<Width / 2>(from, stride);
      auto const high = load_blocks<Width / 2>(from + rows * stride, stride);
      return xsimd_tools::shuffle<Width>(low, high, [](int lane) { return lane; });
    }
  }
};

INLAY_END_TARGET
