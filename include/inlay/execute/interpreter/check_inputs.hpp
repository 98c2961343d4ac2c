// What a caller gives the interpreter, against what the model takes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "inlay/core/any_view.hpp"
#include "inlay/core/error.hpp"
#include "inlay/core/span.hpp"
#include "inlay/execute/interpreter.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/pass/bind_dimensions.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION::interpreter {

inline error no_model() {
  return make_error(rule::the_file_must_hold_a_graph, "no model is loaded");
}

/// "the model has no input 'x'; it has 'image', 'mask'"
inline error no_such_input(std::vector<port> const& ports, string_view name) {
  auto e = make_error(rule::the_input_must_be_in_the_model, "the model has no input '", name, "'");
  for (auto const& p : ports)
    e.text << (&p == ports.data() ? "; it has '" : ", '") << p.name << "'";
  if (ports.empty()) e.text << "; it takes none";
  return e;
}

/// Whether a tensor of these extents may be that input; dimensions without a value take any but 0.
inline error check_extents(port const& expected, shape const& extents) {
  auto const& t = expected.type;
  bool fits = is_in_memory(extents);
  if (t.has_shape) {
    fits = fits && extents.size() == t.shape.size();
    for (int i = 0; fits && i < extents.size(); ++i) {
      fits = t.shape[i] < 0 ? extents[i] > 0 : t.shape[i] == extents[i];
    }
  }
  if (fits) return {};
  auto e = make_error(rule::the_input_must_have_the_shape_of_the_model, "input '", expected.name,
                      "' has shape ", extents);
  if (t.has_shape) e.text << ", the model takes " << t.shape;
  else e.text << ", which is too large";
  return e;
}
inline error check_extents(std::vector<port> const& ports, span<shape const> extents) {
  if (extents.size() != ports.size()) {
    return make_error(rule::every_input_of_the_model_must_be_given, "extents of ", extents.size(),
                      " inputs are given; the model has ", ports.size());
  }
  for (std::size_t i = 0; i < ports.size(); ++i) {
    if (auto e = check_extents(ports[i], extents[i])) return e;
  }
  return {};
}

/// Puts the views that are given in the order of the ports.
inline error find_inputs(std::vector<port> const& ports, span<named_view const> given,
                         std::vector<any_view const*>& found) {
  found.assign(ports.size(), nullptr);
  for (auto const& g : given) {
    std::size_t i = 0;
    while (i < ports.size() && !(ports[i].name == g.name)) ++i;
    if (i == ports.size()) return no_such_input(ports, g.name);
    if (found[i] != nullptr) {
      return make_error(rule::an_input_must_be_given_once, "input '", g.name, "' is given twice");
    }
    found[i] = &g.tensor;
  }
  for (std::size_t i = 0; i < ports.size(); ++i) {
    auto const& p = ports[i];
    if (found[i] == nullptr) {
      auto e = make_error(rule::every_input_of_the_model_must_be_given, "input '", p.name,
                          "' is missing; the model takes ", p.type.element);
      if (p.type.has_shape) e.text << " of shape " << p.type.shape;
      return e;
    }
    auto const& x = *found[i];
    if (x.element != p.type.element) {
      return make_error(rule::the_input_must_have_the_element_type_of_the_model, "input '", p.name,
                        "' is ", x.element, ", the model takes ", p.type.element);
    }
    if (auto e = check_extents(p, x.extents)) return e;
  }
  return {};
}

/// The graph whose inputs have these extents: the dimensions that they name have their values.
inline graph bind_extents(graph g, span<shape const> extents) {
  std::vector<std::int64_t> given(g.symbols.size(), 0);
  vector<std::int64_t> values(g.symbols.size(), 0);
  for (std::size_t i = 0; i < g.inputs.size(); ++i) {
    auto& t = g.values[g.inputs[i]].type;
    if (!t.has_shape) t = tensor_type(t.element, extents[i]);
    for (int axis = 0; axis < t.shape.size(); ++axis) {
      if (t.shape[axis] >= 0) continue;
      auto const symbol = static_cast<std::size_t>(-1 - t.shape[axis]);
      bool const is_free =
          symbol >= g.dimensions.size() || g.dimensions[symbol].kind == dimension_kind::free;
      if (is_free && values[symbol] == 0) values[symbol] = extents[i][axis];
    }
  }
  detail::bind_values(g, values);
  for (std::size_t i = 0; i < g.inputs.size() && !g.failure; ++i) {
    auto const& v = g.values[g.inputs[i]];
    if (v.type.shape == extents[i]) continue;
    g.fail(make_error(rule::the_input_must_have_the_shape_of_the_model, "input '", v.name,
                      "' has shape ", extents[i], ", beside the other inputs the model takes ",
                      v.type.shape));
  }
  return g;
}

/// Copies the elements of a tensor, in row-major order.
inline void copy_elements(any_view const& x, std::byte* to) {
  auto const size = static_cast<std::size_t>(bits_of(x.element) / 8);
  auto const count = x.size();
  if (count == 0) return;
  std::int64_t at[max_rank]{};
  auto const* from = static_cast<std::byte const*>(x.data);
  for (std::int64_t i = 0; i < count; ++i, to += size) {
    std::int64_t offset = 0;
    for (int axis = 0; axis < x.extents.size(); ++axis) offset += at[axis] * x.strides[axis];
    std::memcpy(to, from + offset * static_cast<std::int64_t>(size), size);
    for (int axis = x.extents.size() - 1; axis >= 0; --axis) {
      if (++at[axis] != x.extents[axis]) break;
      at[axis] = 0;
    }
  }
}

}  // namespace inlay::inline INLAY_VERSION::interpreter
