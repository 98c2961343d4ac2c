// A program as a constant.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>

#include "inlay/core/frozen.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION {

/// How large the program of a frozen graph is likely to be at most: most graphs have many nodes of
/// few structures.
template <class Graph> struct expected_program {
  static constexpr auto sizes = [] {
    auto graph_sizes = Graph::sizes;
    auto const outputs = graph_sizes.template get<&graph::outputs>();
    auto const attributes = graph_sizes.template get<&graph::attributes>();
    // Pads, an attribute among others, make steps that clear a border.
    auto const steps = graph_sizes.template get<&graph::nodes>() + attributes + outputs;
    auto const structures = steps < 48 ? steps : 48;
    // As `program_arrays` lists them.
    return member_sizes<program_arrays>{{
        structures,
        4 * structures,
        16 * structures,
        graph_sizes.template get<&graph::nodes>(),
        steps,
        graph_sizes.template get<&graph::operands>() + 2 * steps,
        graph_sizes.template get<&graph::inputs>(),
        outputs,
        graph_sizes.template get<&graph::constants>() + (attributes == 0 ? 0 : 1),
        structures,
        graph_sizes.template get<&graph::storage>() + (attributes == 0 ? 0 : sizeof(double)),
    }};
  }();
};

/// The program that `Lower()` makes of the frozen graph `Graph`, as arrays of constants.
template <auto const& Lower, class Graph>
using frozen_program = frozen<Lower, program_facts, program_arrays, expected_program<Graph>>;

}  // namespace inlay::inline INLAY_VERSION
