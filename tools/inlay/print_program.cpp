// inlay inspect --program: the steps of a model.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdint>
#include <cstdlib>
#include <inlay/graph/graph.hpp>
#include <inlay/op/list.hpp>
#include <inlay/program/program.hpp>
#include <iostream>
#include <string>
#include <string_view>

#include "command.hpp"
#include "program_text.hpp"

std::string operators_of(inlay::program const& p, inlay::structure const& what) {
  auto const name = [](inlay::operator_id op) {
    return std::string(std::string_view(inlay::entry_of<inlay::graph>(op).name));
  };
  std::string text;
  for (std::uint32_t i = 0; i < what.readers.count; ++i) {
    text += name(p.links[what.readers.first + i].op) + " + ";
  }
  text += name(what.op);
  for (std::uint32_t i = 0; i < what.links.count; ++i) {
    text += " + " + name(p.links[what.links.first + i].op);
  }
  if (what.ending != inlay::operator_id::unlisted) text += " + " + name(what.ending);
  return text;
}

std::int64_t bytes_of_elements(inlay::layout const& t) {
  std::int64_t count = 1;
  for (int i = 0; i < t.extents.size(); ++i) {
    if (t.strides[i] != 0) count *= t.extents[i];
  }
  return inlay::bytes_of(t.element, count);
}

namespace {

/// Bytes from the first element that a kernel looks at to the end of the last.
std::int64_t bytes_seen(inlay::layout const& t) {
  std::int64_t last = 0;
  for (int i = 0; i < t.extents.size(); ++i) last += (t.extents[i] - 1) * std::abs(t.strides[i]);
  return inlay::bytes_of(t.element, last + 1);
}

std::string place_of(inlay::program const& p, inlay::location const& l) {
  auto const at = std::to_string(l.offset);
  auto const within = [&](inlay::port const& port) {
    auto const name = "'" + std::string(std::string_view(port.name)) + "'";
    return l.offset == 0 ? name : name + " " + at;
  };
  switch (l.where) {
    case inlay::place::arena: return "arena " + at;
    case inlay::place::weights: return "weights " + at;
    case inlay::place::input: return within(p.inputs[l.port]);
    default: return within(p.outputs[l.port]);
  }
}

}  // namespace

void print_program(inlay::graph const& g, inlay::program const& p) {
  for (std::size_t i = 0; i < p.steps.size(); ++i) {
    auto const& s = p.steps[i];
    auto const& what = p.structures[s.structure];
    auto const tensor = [&](std::uint32_t k) {
      auto const& t = p.layouts[what.layouts.first + k];
      auto const& l = p.locations[s.locations.first + k];
      return place_of(p, l) + ": " + std::to_string(bytes_seen(t));
    };
    std::cout << "step " << i << "  " << operators_of(p, what);
    if (s.node < g.nodes.size()) {
      auto const name = std::string_view(g.nodes[s.node].name);
      if (!name.empty()) std::cout << " '" << name << "'";
    }
    std::cout << "  " << what.multiply_adds << " multiply-adds\n";
    for (std::uint32_t k = 0; k < what.layouts.count; ++k) {
      if (p.locations[s.locations.first + k].where == inlay::place::nowhere) continue;
      std::cout << (k + 1 == what.layouts.count ? "  writes " : "  reads  ") << tensor(k)
                << " bytes\n";
    }
  }
  std::cout << p.steps.size() << " steps, " << p.multiply_adds << " multiply-adds, an arena of "
            << p.arena_bytes << " bytes\n";
}
