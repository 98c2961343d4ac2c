// Where the weights of a network come from.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "inlay/core/pack.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/builder.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

namespace expr {

/// The graph whose constants the weights are: itself, or what it makes when it is called.
template <class Weights> constexpr graph graph_of_weights(Weights const& w) {
  if constexpr (requires { w(); }) return w();
  else return w;
}

/// An array, of arrays or of elements, under the name of a parameter.
template <class Array> struct named_array {
  string_view name;
  Array const* elements;
};

template <class Array> constexpr void append_extents(shape& to) {
  if constexpr (std::is_array_v<Array>) {
    to.push_back(static_cast<std::int64_t>(std::extent_v<Array>));
    append_extents<std::remove_extent_t<Array>>(to);
  }
}
template <class T, class Array> constexpr void append_elements(vector<T>& to, Array const& from) {
  if constexpr (std::is_array_v<Array>) {
    for (auto const& part : from) append_elements(to, part);
  } else {
    to.push_back(from);
  }
}
template <class Array> constexpr void add_array(builder& b, named_array<Array> const& a) {
  using element = std::remove_all_extents_t<Array>;
  shape s;
  append_extents<Array>(s);
  vector<element> elements;
  append_elements(elements, *a.elements);
  b.constant<element>(a.name, s, span<element const>(elements.data(), elements.size()));
}

/// Arrays as weights.
template <class... Array> struct arrays {
  pack<named_array<Array>...> all;

  constexpr graph operator()() const {
    builder b;
    apply_pack([&](auto const&... a) { (add_array(b, a), ...); }, all);
    return b.finish();
  }
};

}  // namespace expr

/// An array of the program as the weight of that name: `named("fc.bias", bias)`.
template <class T, std::size_t N>
constexpr expr::named_array<T[N]> named(string_view name, T const (&elements)[N]) {
  return {name, &elements};
}

/// Weights out of the program's arrays, which outlive them:
///
///     net.with(weights(named("fc.weight", w), named("fc.bias", b)))
///
/// An array of arrays has the shape of its extents.
template <class... Array>
constexpr expr::arrays<Array...> weights(expr::named_array<Array> const&... all) {
  return {pack<expr::named_array<Array>...>(all...)};
}

}  // namespace inlay::inline INLAY_VERSION
