// The stage that computes one element at a time: in constant expressions, on the smallest machines,
// and as the reference.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/core/pack.hpp"
#include "inlay/stage/host.hpp"
#include "inlay/stage/scalar/bits.hpp"
#include "inlay/stage/scalar/conversions.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// Vectors are single elements, indices are integers, and a line computes as it is reached.
struct scalar : host, scalar_bits, scalar_conversions {
  template <class T> using vec = computed_type<T>;
  template <class T> using lanes = full<1, index>;
  template <class T> static constexpr int width = 1;
  static constexpr int registers = 16;
  template <class T, bool Whole>
  INLAY_INLINE static constexpr full<1, index> lanes_from(index at, index) {
    return {at};
  }

  template <class T, class Lane = T> INLAY_INLINE static constexpr vec<T> splat(T x) {
    return static_cast<vec<T>>(x);
  }
  template <class V, class T> INLAY_INLINE static constexpr V splat_like(V const&, T x) {
    return static_cast<V>(x);
  }
  template <class T, class Lane = T> INLAY_INLINE static constexpr vec<T> splat_index(index i) {
    return static_cast<vec<T>>(i);
  }

  // Sums of four products.

  static constexpr bool has_quad_products = false;
  template <class T, class... Index>
  INLAY_INLINE static constexpr auto load_quads(tensor<T> const& t, Index... i) {
    return broadcast_quads(t, i...);
  }
  template <class T, class... Index>
  INLAY_INLINE static constexpr auto broadcast_quads(tensor<T> const& t, Index... i) {
    auto* const from = t.data + offset(t.strides, std::index_sequence_for<Index...>{}, i...);
    return quad<std::remove_const_t<T>>{{from[0], from[1], from[2], from[3]}};
  }
  INLAY_INLINE static constexpr std::int32_t add_products(quad<std::uint8_t> const& a,
                                                          quad<std::int8_t> const& b,
                                                          std::int32_t const& c) {
    std::int32_t sum = 0;
    for (int i = 0; i < 4; ++i) sum += a.element[i] * b.element[i];
    return add(c, sum);
  }

  // Memory.

  template <class T, class... Index>
  INLAY_INLINE static constexpr vec<T> load(tensor<T> const& t, Index... i) {
    return as_computed<T>(t.data[offset(t.strides, std::index_sequence_for<Index...>{}, i...)]);
  }
  template <class Lane = void, class T, class... Index>
  INLAY_INLINE static constexpr vec<T> broadcast(tensor<T> const& t, Index... i) {
    return as_computed<T>(t.data[offset(t.strides, std::index_sequence_for<Index...>{}, i...)]);
  }
  template <class T, class... Rest>
  INLAY_INLINE static constexpr void store(tensor<T> const& t, Rest const&... rest) {
    store_last(t, std::make_index_sequence<sizeof...(Rest) - 1>{}, rest...);
  }
  template <class T>
  INLAY_INLINE static constexpr vec<T> load_or_broadcast(tensor<T> const& t, full<1, index> j) {
    return as_computed<T>(t.data[j.at * t.strides[0]]);
  }
  template <class T>
  INLAY_INLINE static constexpr vec<T> gather(tensor<T> const& t, std::int32_t const& n,
                                              full<1, index>) {
    return as_computed<T>(t.data[n * t.strides[0]]);
  }
  template <class V> INLAY_INLINE static constexpr V in_register(V const& x) { return x; }
  template <class T> static constexpr int block_rows = 1;
  template <class T> static constexpr int block_columns = 1;
  template <class T>
  INLAY_INLINE static constexpr void transpose_block(tensor<T const> const& x, tensor<T> const& y,
                                                     index i, index j) {
    y.data[j * y.strides[0] + i] = x.data[i * x.strides[0] + j];
  }

  // Control.

  template <class T, class Body>
  INLAY_INLINE static constexpr void loop_lanes(index n, Body&& body) {
    for (index j = 0; j < n; ++j) body(full<1, index>{j});
  }
  template <class T, class Identity, class At, class Combine>
  INLAY_INLINE static constexpr vec<T> reduce_lanes(index n, Identity const& identity, At&& at,
                                                    Combine&& combine) {
    vec<T> lane[reduction_lanes]{};
    for (auto& x : lane) x = static_cast<vec<T>>(identity);
    for (index j = 0; j < n; ++j) {
      vec<T> const x = at(full<1, index>{j});
      lane[j % reduction_lanes] = combine(lane[j % reduction_lanes], x);
    }
    for (int width = reduction_lanes / 2; width > 0; width /= 2) {
      for (int l = 0; l < width; ++l) lane[l] = combine(lane[l], lane[l + width]);
    }
    return lane[0];
  }

 private:
  template <class T> INLAY_INLINE static constexpr vec<T> as_computed(T const& x) {
    return static_cast<vec<T>>(x);
  }
  template <class T, std::size_t... Axis, class... Rest>
  INLAY_INLINE static constexpr void store_last(tensor<T> const& t,
                                                std::index_sequence<Axis...> axes,
                                                Rest const&... rest) {
    auto const arguments = pack<Rest...>(rest...);
    t.data[offset(t.strides, axes, get<Axis>(arguments)...)] =
        static_cast<T>(get<sizeof...(Axis)>(arguments));
  }
};

static_assert(stage<scalar>);

INLAY_END_TARGET
