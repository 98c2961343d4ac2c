// AttributeProto: a named argument of a node.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/bytes.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/frontend/onnx/reading.hpp"
#include "inlay/frontend/onnx/sparse_tensor.hpp"
#include "inlay/frontend/onnx/tensor.hpp"
#include "inlay/frontend/onnx/value_info.hpp"
#include "inlay/frontend/onnx/wire.hpp"
#include "inlay/graph/builder.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// Which field of an AttributeProto holds the value, and of what kind it is.
struct attribute_field {
  std::uint64_t number = 0;
  attribute_kind kind = attribute_kind::other;
};

/// Indexed by AttributeProto.AttributeType.
inline constexpr attribute_field attribute_fields[] = {
    {0, attribute_kind::other},           {2, attribute_kind::real},
    {3, attribute_kind::integer},         {4, attribute_kind::text},
    {5, attribute_kind::tensor},          {6, attribute_kind::graph},
    {7, attribute_kind::reals},           {8, attribute_kind::integers},
    {9, attribute_kind::texts},           {10, attribute_kind::tensors},
    {11, attribute_kind::graphs},         {22, attribute_kind::sparse_tensor},
    {23, attribute_kind::sparse_tensors}, {14, attribute_kind::type},
    {15, attribute_kind::types},
};

/// The row of that type, or, where a file older than types has none, that of the field that is
/// there.
constexpr attribute_field find_field(std::int64_t type, std::uint64_t present) {
  if (type > 0 && type < static_cast<std::int64_t>(span(attribute_fields).size())) {
    return attribute_fields[type];
  }
  for (auto const& row : attribute_fields) {
    if (row.number == present) return row;
  }
  return {};
}

/// The elements of one of the graph's arrays from `first` on.
template <class Vector> constexpr range since(std::size_t first, Vector const& in) {
  return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(in.size() - first)};
}

/// Whether an attribute holds one thing that is a message: it is there or it has no value.
constexpr bool is_one_message(attribute_kind kind) {
  using enum attribute_kind;
  return kind == tensor || kind == graph || kind == sparse_tensor || kind == type;
}

/// What is wrong with an attribute of that type, whose value stands in the field `present`, or in
/// none.
constexpr error check_field(attribute const& a, std::int64_t type, std::uint64_t present,
                            bool is_mixed) {
  auto const expected = find_field(type, present);
  constexpr auto broken = rule::an_attribute_must_hold_what_its_type_says;
  if (is_mixed) {
    return make_error(broken, "attribute '", a.name, "' has values in two fields");
  }
  if (present != 0 && present != expected.number) {
    return make_error(broken, "attribute '", a.name, "' is of type ", type,
                      ", but its value stands in field ", present);
  }
  if (!a.reference.empty()) {
    if (present == 0) return {};
    return make_error(broken, "attribute '", a.name, "' has a value and refers to '", a.reference,
                      "' as well");
  }
  bool const may_be_absent = expected.number != 0 && !is_one_message(expected.kind);
  if (present != 0 || may_be_absent) return {};
  return make_error(rule::an_attribute_must_have_a_value, "attribute '", a.name, "' has no value");
}

/// What the attributes that are read belong to: the node that comes next, or the function that is
/// open, which is noted as a graph.
struct attribute_holder {
  annotated what = annotated::node;
  std::size_t index = 0;
};

/// Appends the type in `m`, the `position`th of the attribute, to those of the graph.
constexpr void read_attribute_type(auto& r, message const& m, string_view name,
                                   attribute_holder holder, std::size_t position) {
  auto& g = r.b.unfinished();
  if (g.types.size() == max_nameless) {
    g.fail(make_error(rule::a_graph_must_have_at_most_262144_nameless_parts,
                      "the attributes of the graph hold more than 262144 types"));
    return;
  }
  type_info t;
  read_type(r.b, m, t);
  g.fail(check(t, "attribute", name));
  g.types.push_back(type_of(t));
  if (!t.has_denotations && t.denotation.empty()) return;
  note_denotations(r, m, {holder.what, holder.index, static_cast<std::int64_t>(position)});
}

/// Appends the tensor in `m` to those of the graph, and its value to the integers.
constexpr void read_attribute_tensor(auto& r, message const& m) {
  count_nameless(r);
  auto const t = read_tensor(m);
  auto const id = add_tensor(r.b, m, t, {});
  r.b.unfinished().integers.push_back(id);
  note_tensor(r, m, t, id, false);
}

/// Appends the attribute in `m` to those of the graph. The graphs that it holds are left for
/// `read_late_graphs`.
constexpr void read_attribute(auto& r, message m, attribute_holder holder) {
  auto& g = r.b.unfinished();
  auto const first_integer = g.integers.size();
  auto const first_real = g.reals.size();
  auto const first_text = g.texts.size();
  auto const first_type = g.types.size();
  attribute a;
  std::int64_t type = 0;
  std::uint64_t present = 0;
  bool is_mixed = false;
  // A single value that is not in the file is zero or empty: some writers leave those out.
  std::int64_t integer = 0;
  float real = 0;
  // Of a text, or of a single message, which is read last: of several, the last one counts.
  string_view bytes;
  string_view documentation;

  while (m.next()) {
    auto const field = m.number();
    switch (field) {
      case 1: a.name = m.bytes(); continue;
      case 13: documentation = m.bytes(); continue;
      case 20: type = m.integer(); continue;
      case 21: a.reference = m.bytes(); continue;
      case 2: real = m.real(); break;
      case 3: integer = m.integer(); break;
      case 4: bytes = m.bytes(); break;
      case 7:
        for (auto run = m.fixed(4); !run.empty(); run.remove_prefix(4)) {
          g.reals.push_back(read_little_endian<float>(run, 0));
        }
        break;
      case 8: m.each_integer([&](std::int64_t x) { g.integers.push_back(x); }); break;
      case 9: g.texts.push_back(m.bytes()); break;
      case 5:
      case 14:
      case 22: bytes = m.bytes(); break;
      case 10: read_attribute_tensor(r, {m, "a tensor"}); break;
      case 6:
      case 11:
        if (field == 6 && present == 6) r.late.pop_back();
        if (r.late.size() == max_nameless) {
          g.fail(make_error(rule::a_graph_must_have_at_most_262144_nameless_parts,
                            "its attributes hold more than 262144 graphs"));
          break;
        }
        r.late.push_back(
            {static_cast<std::uint32_t>(g.attributes.size()), m.bytes(), m.depth() + 1});
        break;
      case 23: g.integers.push_back(add_sparse_tensor(r, {m, "a sparse tensor"}, false)); break;
      case 15:
        read_attribute_type(r, {m, "a type"}, a.name, holder, g.types.size() - first_type);
        break;
      default:
        if (find_field(0, field).number == 0) continue;
    }
    is_mixed = is_mixed || (present != 0 && present != field);
    present = field;
  }

  auto const expected = find_field(type, present);
  bool const is_reference = !a.reference.empty();
  if (present == 0 || present != expected.number || is_mixed || is_reference) {
    g.fail(check_field(a, type, present, is_mixed));
  }
  if (g.failure) return;

  a.kind = expected.kind;
  auto const held = [&](char const* what) { return message(m.from(), bytes, what, m.depth() + 1); };
  if (!documentation.empty()) {
    r.notes.add(holder.what, holder.index, note_prefix::doc_string, a.name, documentation);
  }
  switch (is_reference ? attribute_kind::other : a.kind) {
    case attribute_kind::tensor:
    case attribute_kind::sparse_tensor:
      if (a.kind == attribute_kind::tensor) read_attribute_tensor(r, held("a tensor"));
      else g.integers.push_back(add_sparse_tensor(r, held("a sparse tensor"), false));
      a.values = since(first_integer, g.integers);
      break;
    case attribute_kind::integer: g.integers.push_back(integer); [[fallthrough]];
    case attribute_kind::integers:
    case attribute_kind::tensors:
    case attribute_kind::sparse_tensors: a.values = since(first_integer, g.integers); break;
    case attribute_kind::real: g.reals.push_back(real); [[fallthrough]];
    case attribute_kind::reals: a.values = since(first_real, g.reals); break;
    case attribute_kind::text: g.texts.push_back(bytes); [[fallthrough]];
    case attribute_kind::texts: a.values = since(first_text, g.texts); break;
    case attribute_kind::type:
      read_attribute_type(r, held("a type"), a.name, holder, 0);
      [[fallthrough]];
    case attribute_kind::types:
      a.values = since(first_type, g.types);
      r.notes.set_open_keys(a.name);
      break;
    default: break;
  }
  g.attributes.push_back(a);
}

/// Reads the graphs that attributes since `first` of `reading::late` have left: `read_body` makes
/// one a body of the graph and returns its index.
template <class ReadBody>
constexpr void read_late_graphs(auto& r, source const& from, std::size_t first,
                                ReadBody&& read_body) {
  auto& g = r.b.unfinished();
  auto const end = r.late.size();
  vector<std::int64_t> bodies;
  for (auto i = first; i < end && !g.failure;) {
    auto const attribute = r.late[i].attribute;
    bodies.clear();
    for (; i < end && r.late[i].attribute == attribute && !g.failure; ++i) {
      auto const held = r.late[i];
      bodies.push_back(read_body(message(from, held.bytes, "a graph", held.depth)));
    }
    g.attributes[attribute].values = r.b.append(g.integers, span(bodies.data(), bodies.size()));
  }
  r.late.truncate(first);
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format
