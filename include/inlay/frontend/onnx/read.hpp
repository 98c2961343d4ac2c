// The ONNX frontend: the bytes of a file become a graph, in the compiler and at run time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/frontend/onnx/model.hpp"
#include "inlay/pass/bind_dimensions.hpp"

namespace inlay::inline INLAY_VERSION {

/// The graph in an ONNX file, which must outlive it: names and weights are views of the bytes.
/// *Errors*: `failure` of the graph, with the place in the file.
/// *Costs*: linear in the number of messages. Elements in `raw_data`, or packed in `float_data` or
/// `double_data`, are not touched.
/// *Source*: onnx.proto of ONNX 1.23.
template <class Graph = graph> constexpr Graph read_onnx(string_view bytes) {
  basic_builder<Graph> b;
  if (bytes.size() >> 31 != 0) {
    b.unfinished().fail(make_error(rule::the_file_must_be_smaller_than_2_gib, "the file has ",
                                   bytes.size(), " bytes; an ONNX file has less than 2147483648"));
  } else {
    onnx_format::read_model(b, bytes);
  }
  return b.finish();
}

/// An ONNX file as a network that a constant holds; see `onnx`.
struct onnx_network {
  static constexpr std::size_t max_dimensions = 8;

  string_view bytes;
  dimension_value dimensions[max_dimensions]{};
  std::size_t dimension_count = 0;  // as the caller gave them

  /// The graph, with the named dimensions bound to their values.
  template <class Graph = graph> constexpr Graph operator()() const {
    auto g = read_onnx<Graph>(bytes);
    if (dimension_count > max_dimensions) {
      g.fail(make_error(rule::at_most_8_dimensions_can_be_given, dimension_count,
                        " dimensions are given values; at most ", max_dimensions, " can be"));
    }
    return bind_dimensions(std::move(g), span<dimension_value const>(dimensions, count()));
  }

 private:
  constexpr std::size_t count() const {
    return dimension_count < max_dimensions ? dimension_count : max_dimensions;
  }
};

/// The network in an ONNX file that the program holds as a string literal or an array with a
/// closing zero, and values for its dimensions that have only names:
///
///     inline constexpr auto net = inlay::onnx(lenet_onnx, {{"batch", 1}});
template <std::size_t N>
constexpr onnx_network onnx(char const (&literal)[N],
                            std::initializer_list<dimension_value> dimensions = {}) {
  onnx_network network{{literal, N - 1}};
  for (auto const& d : dimensions) {
    if (network.dimension_count < network.max_dimensions) {
      network.dimensions[network.dimension_count] = d;
    }
    ++network.dimension_count;
  }
  return network;
}

}  // namespace inlay::inline INLAY_VERSION
