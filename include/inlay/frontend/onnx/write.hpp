// A graph becomes the bytes of an ONNX file.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "inlay/core/index_table.hpp"
#include "inlay/core/result.hpp"
#include "inlay/core/text.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/frontend/onnx/value_names.hpp"
#include "inlay/frontend/onnx/wire_writer.hpp"
#include "inlay/frontend/onnx/write_fields.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/verify.hpp"
#include "inlay/pass/infer_types.hpp"

namespace inlay::inline INLAY_VERSION {

namespace onnx_format {

/// The IR version of the first release of ONNX that has this opset; at least 4, since before it an
/// initializer had to be an input as well; at most 13.   *Source*: docs/Versioning.md of ONNX.
constexpr std::int64_t ir_version_of(std::int64_t opset) {
  constexpr std::int64_t last_opset[] = {9, 10, 11, 14, 18, 20, 22, 23, 24};  // of 4, 5, ..., 12
  std::int64_t ir = 4;
  for (auto const last : last_opset) ir += opset > last ? 1 : 0;
  return ir;
}

/// A graph does not keep the versions of other domains: it is written with the newest.
constexpr std::int64_t version_of(std::string_view domain) {
  return domain == "ai.onnx.ml" ? 5 : 1;
}

/// Writes a graph that `verify` found right.
class model_writer {
 public:
  constexpr explicit model_writer(graph const& g)
      : graph_(g), names_(g), failure_(names_.failure()) {
    for (auto const& n : g.nodes) {
      check_attributes(n);
      add_domain(n.domain);
    }
  }

  constexpr result<vector<char>> write() {
    for (int round = 0; round < 2; ++round, to_.end_round()) {
      if (failure_) return failure_;
      write_model();
      if (to_.size() >> 31 == 0) continue;
      failure_ = make_error(rule::the_file_must_be_smaller_than_2_gib, "the file would have ",
                            to_.size(), " bytes; an ONNX file has less than 2147483648");
    }
    return to_.take();
  }

 private:
  constexpr void check_attributes(node const& n) {
    for (auto const& a : graph_.attributes_of(n)) {
      if (failure_ || is_kept(a.kind)) continue;
      failure_ =
          make_error(rule::an_attribute_must_have_a_value, label_of(graph_, n), ": attribute '",
                     a.name, "' holds what a graph does not keep; it cannot be written");
    }
  }

  constexpr void add_domain(std::string_view domain) {
    if (domain.empty()) return;
    auto const hash = hash_text(domain);
    auto const is_same = [&](std::uint32_t i) { return same_text(domains_[i], domain); };
    if (domain_table_.find(hash, is_same) != index_table::absent) return;
    domain_table_.insert(hash, static_cast<std::uint32_t>(domains_.size()));
    domains_.push_back(domain);
  }

  constexpr void write_model() {
    to_.integer(1, ir_version_of(graph_.opset));
    to_.text(2, "inlay");
    to_.message(7, [&] { write_graph(); });
    write_opset({}, graph_.opset);
    for (auto const domain : domains_) write_opset(domain, version_of(domain));
  }
  constexpr void write_opset(std::string_view domain, std::int64_t version) {
    to_.message(8, [&] {
      to_.text(1, domain);
      to_.integer(2, version);
    });
  }

  constexpr void write_graph() {
    auto const& g = graph_;
    for (auto const& n : g.nodes) to_.message(1, [&] { write_node(n); });
    to_.text(2, g.name.empty() ? "graph" : g.name);
    for (value_id id = 0; id < g.values.size(); ++id) {
      // A constant without a name is an attribute's, or nothing reads it.
      if (!g.is_constant(id) || names_[id].empty()) continue;
      to_.message(5, [&] { write_tensor(to_, g, id, names_[id]); });
    }
    for (auto const id : g.inputs) to_.message(11, [&] { write_value(to_, g, id, names_[id]); });
    for (auto const id : g.outputs) to_.message(12, [&] { write_value(to_, g, id, names_[id]); });
  }

  constexpr void write_node(node const& n) {
    for (auto const id : graph_.inputs_of(n)) to_.text(1, names_[id]);
    for (auto const id : graph_.outputs_of(n)) to_.text(2, names_[id]);
    if (!n.name.empty()) to_.text(3, n.name);
    to_.text(4, n.type);
    for (auto const& a : graph_.attributes_of(n)) {
      to_.message(5, [&] { write_attribute(to_, graph_, a); });
    }
    if (!n.domain.empty()) to_.text(7, n.domain);
  }

  graph const& graph_;
  value_names names_;
  error failure_;
  vector<std::string_view> domains_;
  index_table domain_table_;
  wire_writer to_;
};

/// What a file must say of each output.
constexpr graph with_output_types(graph g) {
  bool has_types = true;
  bool has_elements = true;
  for (auto const id : g.outputs) {
    auto const& t = g.values[id].type;
    has_types = has_types && t.has_shape && t.element != element_type::undefined;
    has_elements = has_elements && t.element != element_type::undefined;
  }
  if (has_types) return g;
  g = infer_types(std::move(g));
  // Shapes that cannot be inferred are left out.
  if (has_elements) g.failure = {};
  return g;
}

}  // namespace onnx_format

/// The ONNX file of a graph, which `read_onnx` reads back as the same graph. Values without a name
/// get new ones where the file needs them.
/// *Errors*: that of the graph; no opset; an output whose type is neither declared nor can be
/// inferred; an attribute that holds a graph or another thing that the graph did not keep; 2 GiB.
/// *Costs*: linear.
constexpr result<vector<char>> write_onnx(graph g) {
  g = verify(std::move(g));
  if (g.opset == 0) {
    g.fail(make_error(rule::the_opset_must_be_supported,
                      "the graph does not say which opset it uses"));
  }
  if (!g.failure) g = onnx_format::with_output_types(std::move(g));
  if (g.failure) return g.failure;
  return onnx_format::model_writer(g).write();
}

}  // namespace inlay::inline INLAY_VERSION
