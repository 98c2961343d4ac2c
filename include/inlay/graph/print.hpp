// A graph as text, for people and for `parse`.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/graph/graph.hpp"
#include "inlay/graph/graph_printer.hpp"
#include "inlay/graph/text_buffer.hpp"

namespace inlay::inline INLAY_VERSION {

/// Asks `print` for everything that a graph holds: `print(g, with_elements)`.
struct with_elements_tag {};
inline constexpr with_elements_tag with_elements;

/// One line each for inputs, constants and nodes, in the order of evaluation. %2 is value 2, and
/// the name of a value stands where it is defined:
///
///     graph "net" opset 28
///     input %0 "x" : float32[batch, 8]
///     constant %1 "w" : float32[8, 4]
///     %2 "y" = MatMul(%0, %1) "fc" : float32[batch, 4]
///     return %2
///
/// The bodies of a node stand in its attributes, functions at the end:
///
///     %3 = If(%2) {then_branch = graph "yes" {
///       %4 = Neg(%0) : float32[batch, 8]
///       return %4
///     }, else_branch = graph "no" {
///       return %0
///     }}
///     function com.example.Twice {
///       opset "" 28
///       input %5 "x" : undefined
///       %6 = Add(%5, %5)
///       return %6
///     }
///
/// A graph that holds an error ends in a line `error: …`.
constexpr text_buffer print(graph const& g) { return detail::graph_printer(g, false).print(); }

/// The same with everything that `parse` needs to build an equal graph: the elements of constants
/// in base64, values that nothing defines, where nodes were read from, annotations, the version of
/// the file's format, the number of the rule that is broken.
///
///     ir_version 13
///     note model "producer_name" = "a tool"
///     constant %1 "w" : float32[2] = AAAAPwAAgL8=
///     constant %4 "words" : string[2] = ["a", "b"]
///     constant %5 "elsewhere" : float32[2] = external("weights.bin", 64, 8)
///     constant %6 "sparse" : float32[4] = sparse(%1, %7)
///     value %3 "unused" : float32[2]
///     %2 "y" = MatMul(%0, %1) "fc" at 1234 : float32[batch, 4]
///     note node "doc_string" = "the last layer"
///     note %2 "metadata:unit" = "m"
///     error 27 at 1234: …
constexpr text_buffer print(graph const& g, with_elements_tag) {
  return detail::graph_printer(g, true).print();
}

}  // namespace inlay::inline INLAY_VERSION
