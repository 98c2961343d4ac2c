// ValueInfoProto and TypeProto: the name and the declared type of a value.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/shape.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/frontend/onnx/reading.hpp"
#include "inlay/frontend/onnx/tensor_elements.hpp"
#include "inlay/frontend/onnx/wire.hpp"
#include "inlay/graph/builder.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// A TypeProto as it stands in the file, not yet checked.
struct type_info {
  bool is_there = false;
  std::int64_t element = 0;  // of the tensor inside the containers
  std::int64_t key = 0;      // of a map, if its number is none of ONNX's
  bool has_shape = false;
  shape extents;
  std::int64_t rank = 0;  // as the file has it; `extents` has the first 8
  bool has_negative_extent = false;
  std::uint32_t container = not_contained;
  string_view denotation;        // of the outermost layer
  bool has_denotations = false;  // of dimensions, or of types inside it
};

/// A ValueInfoProto as it stands in the file, not yet checked.
struct value_info {
  string_view name;
  type_info type;
  string_view documentation;
  bool has_metadata = false;
};

/// The extent that a TensorShapeProto.Dimension stands for; one without a value is a symbol of the
/// graph.
constexpr std::int64_t read_dimension(auto& b, message m, type_info& t) {
  std::uint64_t kind = 0;
  std::int64_t extent = 0;
  string_view name;
  while (m.next()) {
    if (m.number() > 2) {
      t.has_denotations = t.has_denotations || m.number() == 3;
      continue;
    }
    kind = m.number();
    if (kind == 1) extent = m.integer();
    if (kind == 2) name = m.bytes();
  }
  if (kind == 1 && extent < 0) t.has_negative_extent = true;
  if (kind == 1) return extent;
  return kind == 2 && !name.empty() ? b.symbol(name) : b.nameless_symbol();
}

/// The type of a tensor, or of a sparse one, whose message has the same fields.
constexpr void read_tensor_type(auto& b, message m, type_info& t) {
  t.is_there = true;
  while (m.next()) {
    if (m.number() == 1) t.element = m.integer();
    if (m.number() != 2) continue;
    t.has_shape = true;
    for (message dimensions(m, "a shape"); dimensions.next();) {
      if (dimensions.number() != 1 || t.rank++ >= max_rank) continue;
      t.extents.push_back(read_dimension(b, {dimensions, "a dimension"}, t));
    }
  }
}

constexpr void read_type(auto& b, message m, type_info& t);

/// Puts a layer around the type.
constexpr void contain(auto& b, container const& c, type_info& t) {
  auto& g = b.unfinished();
  if (g.containers.size() == max_parts) {
    g.fail(make_error(rule::a_graph_must_have_at_most_1048576_parts,
                      "the graph has more than 1048576 sequences and other containers"));
    return;
  }
  t.container = static_cast<std::uint32_t>(g.containers.size());
  g.containers.push_back(c);
}

/// A layer around a type, whose inner type stands in the field `inner`.
constexpr void read_container(auto& b, message m, container_kind kind, std::uint64_t inner,
                              type_info& t) {
  container c;
  c.kind = kind;
  std::int64_t wrong_key = 0;
  while (m.next()) {
    auto const field = m.number();
    if (kind == container_kind::opaque) {
      if (field == 1) c.domain = m.bytes();
      if (field == 2) c.name = m.bytes();
    } else if (field == inner) {
      read_type(b, {m, "a type"}, t);
      t.has_denotations = t.has_denotations || !t.denotation.empty();
      t.denotation = {};
    } else if (field == 1) {
      auto const key = m.integer();
      c.key = element_of_number(key);
      wrong_key = c.key == element_type::undefined ? key : 0;
    }
  }
  if (wrong_key != 0) t.key = wrong_key;
  c.inner = t.container;
  contain(b, c, t);
}

constexpr void read_type(auto& b, message m, type_info& t) {
  t = {};
  while (m.next()) {
    auto const field = m.number();
    auto const denotation = t.denotation;
    // Of several types, the last one counts.
    if (t.is_there && field != 6) t = {};
    switch (field) {
      case 1: read_tensor_type(b, {m, "a tensor type"}, t); break;
      case 4: read_container(b, {m, "a sequence type"}, container_kind::sequence, 1, t); break;
      case 5: read_container(b, {m, "a map type"}, container_kind::map, 2, t); break;
      case 7: read_container(b, {m, "an opaque type"}, container_kind::opaque, 0, t); break;
      case 8: {
        read_tensor_type(b, {m, "a sparse tensor type"}, t);
        container c;
        c.kind = container_kind::sparse_tensor;
        contain(b, c, t);
        break;
      }
      case 9: read_container(b, {m, "an optional type"}, container_kind::optional, 1, t); break;
      default: break;
    }
    t.is_there = t.is_there || field != 6;
    t.denotation = field == 6 ? m.bytes() : denotation;
  }
}

constexpr value_info read_value_info(auto& b, message m) {
  value_info v;
  while (m.next()) {
    switch (m.number()) {
      case 1: v.name = m.bytes(); break;
      case 2: read_type(b, {m, "a type"}, v.type); break;
      case 3: v.documentation = m.bytes(); break;
      case 4: v.has_metadata = true; break;
      default: break;
    }
  }
  return v;
}

/// What is wrong with the type of the value or attribute of that name, `what` in the sentence. The
/// element type may be left open.
constexpr error check(type_info const& t, string_view what, string_view name) {
  bool const is_known = t.element == 0 || element_of_number(t.element) != element_type::undefined;
  if (!is_known || t.key != 0) {
    return make_error(rule::the_element_type_must_be_supported, what, " '", name,
                      "': ONNX has no element type ", is_known ? t.key : t.element);
  }
  if (t.rank > max_rank) {
    return make_error(rule::a_shape_must_have_at_most_8_axes, what, " '", name, "' has ", t.rank,
                      " axes; at most 8 are supported");
  }
  if (t.has_negative_extent) {
    return make_error(rule::an_extent_must_not_be_negative, what, " '", name,
                      "' has a negative extent");
  }
  return {};
}

/// A type that `check` found right.
constexpr contained_type type_of(type_info const& t) {
  contained_type type;
  type.tensor.element = element_of_number(t.element);
  type.tensor.has_shape = t.has_shape;
  type.tensor.shape = t.extents;
  type.container = t.container;
  return type;
}

/// What the denotations of a type belong to: a value, or an attribute of a node, which has
/// `position` types before it.
struct denoted {
  annotated what = annotated::value;
  std::size_t index = 0;
  std::int64_t position = -1;
};

constexpr void note_denotation(auto& r, denoted const& of, note_prefix prefix, std::int64_t number,
                               string_view text) {
  if (text.empty()) return;
  if (of.position >= 0)
    return r.notes.add(of.what, of.index, prefix, {}, text, of.position, number);
  bool const is_outermost = number < 0;
  r.notes.add(of.what, of.index, is_outermost ? note_prefix::none : prefix,
              is_outermost ? string_view("denotation") : string_view(), text, number);
}

/// Those of the dimensions in the message of a tensor's type.
constexpr void note_dimensions(auto& r, message m, denoted const& of) {
  std::int64_t axis = 0;
  while (m.next()) {
    if (m.number() != 2) continue;
    for (message dimensions(m, "a shape"); dimensions.next();) {
      if (dimensions.number() != 1 || axis == max_rank) continue;
      string_view denotation;
      for (message fields(dimensions, "a dimension"); fields.next();) {
        if (fields.number() == 3) denotation = fields.bytes();
      }
      note_denotation(r, of, note_prefix::dimension_denotation, axis++, denotation);
    }
  }
}

constexpr bool is_kind_of_type(std::uint64_t field) {
  return field == 1 || field == 4 || field == 5 || (field >= 7 && field <= 9);
}

/// Keeps the denotations in the message of a type that is `layer` types inside another, of the
/// types that it holds and of their dimensions. As in `read_type`, the last one of several counts.
constexpr void note_denotations(auto& r, message m, denoted const& of, int layer = 0) {
  auto const whole = m;
  std::uint64_t kind = 0;
  string_view held;
  string_view denotation;
  while (m.next()) {
    if (m.number() == 6) {
      denotation = m.bytes();
    } else {
      kind = m.number();
      held = is_kind_of_type(kind) ? m.bytes() : string_view();
    }
  }
  bool const is_of_value = of.position < 0;
  note_denotation(r, of, note_prefix::denotation, layer == 0 && is_of_value ? -1 : layer,
                  denotation);
  message inside(whole.from(), held, "a type", whole.depth() + 1);
  if (kind == 1 || kind == 8) return note_dimensions(r, inside, of);
  if (kind != 4 && kind != 5 && kind != 9) return;
  std::uint64_t const inner = kind == 5 ? 2 : 1;
  bool is_there = false;
  while (inside.next()) {
    if (inside.number() != inner) continue;
    held = inside.bytes();
    is_there = true;
  }
  if (!is_there) return;
  note_denotations(r, {whole.from(), held, "a type", inside.depth() + 1}, of, layer + 1);
}

/// Whether a value has kept a type with the axes of the one that a file declares.
constexpr bool has_axes_of(value const& kept, type_info const& t) {
  return kept.type.has_shape == t.has_shape && kept.type.shape.size() == t.rank &&
         (kept.container == not_contained) == (t.container == not_contained);
}

/// Keeps what the message says of the value besides its type.
constexpr void note_value(auto& r, message m, value_info const& v, value_id id) {
  if (!v.documentation.empty()) {
    r.notes.add(annotated::value, id, {}, "doc_string", v.documentation);
  }
  if (v.type.has_denotations && has_axes_of(r.b.unfinished().values[id], v.type)) {
    message type = m;
    for (auto fields = m; fields.next();) {
      if (fields.number() == 2) type = message(fields, "a type");
    }
    note_denotations(r, type, {annotated::value, id});
  } else if (!v.type.denotation.empty()) {
    r.notes.add(annotated::value, id, {}, "denotation", v.type.denotation);
  }
  while (v.has_metadata && m.next()) {
    if (m.number() == 4) r.notes.add_metadata(m, annotated::value, id);
  }
}

/// Whether a file says no more of an input of the graph than what is known of the constant that is
/// its default.
constexpr bool is_type_of(value const& constant, value_info const& v) {
  return v.documentation.empty() && !v.has_metadata && v.type.denotation.empty() &&
         !v.type.has_denotations && v.type.rank <= max_rank && v.type.container == not_contained &&
         v.type.has_shape && constant.type == type_of(v.type).tensor;
}

/// Keeps at which place among the inputs of the graph this one is, whose default is a constant, and
/// its message where that says more than the constant.
constexpr void note_default(auto& r, message const& m, value_info const& v, value_id id) {
  auto const& g = r.b.unfinished();
  auto& d = r.defaults;
  auto const place = g.inputs.size() + d.count;
  auto const text = is_type_of(g.values[id], v) ? string_view() : m.rest();
  if (d.count == 0) {
    d.first_place = place;
    d.first_note = r.notes.size();
  }
  d.is_usual = d.is_usual && text.empty() && (d.count == 0 || id > d.last);
  ++d.count;
  d.last = id;
  r.notes.add(annotated::value, id, note_prefix::input, {}, text, static_cast<std::int64_t>(place));
}

/// Before IR version 4 every initializer is an input. That is not noted where they stand behind the
/// other inputs, in their order.
constexpr void end_inputs(auto& r) {
  auto const& g = r.b.unfinished();
  auto const& d = r.defaults;
  bool const is_usual = d.is_usual && d.first_place == g.inputs.size();
  if (d.count != 0 && g.ir_version < 4 && is_usual) r.notes.truncate(d.first_note);
}

/// Adds an input of the graph, or of the body that is open. One of the graph that an initializer
/// has named is that constant, and noted as an input.
constexpr void read_input(auto& r, message const& m) {
  auto& g = r.b.unfinished();
  auto const v = read_value_info(r.b, m);
  if (g.failure) return;
  bool const is_inner = r.b.is_in_body();
  if (auto const id = r.b.find(v.name); !is_inner && g.is_constant(id)) {
    return note_default(r, m, v, id);
  }
  if (v.name.empty()) {
    g.fail(make_error(rule::a_name_must_not_be_empty, "an input of the graph has no name"));
  }
  if (!is_inner && !v.type.is_there) {
    g.fail(make_error(rule::an_input_must_have_a_type, "input '", v.name, "' has no type"));
  }
  if (!is_inner && v.type.element == 0 && v.type.container == not_contained) {
    g.fail(make_error(rule::the_element_type_must_be_supported, "input '", v.name,
                      "': ONNX has no element type 0"));
  }
  g.fail(check(v.type, "input", v.name));
  if (g.failure) return;
  auto const type = type_of(v.type);
  auto const id = r.b.input(v.name, type.tensor);
  g.values[id].container = type.container;
  note_value(r, m, v, id);
}

/// Keeps the type that a file declares for a value until one is inferred. What it says of a value
/// whose type is known, and what cannot be, is not looked at.
constexpr void declare(auto& r, message const& m, value_info const& v, value_id id) {
  auto& to = r.b.unfinished().values[id];
  if (to.type.element == element_type::undefined && !to.type.has_shape &&
      to.container == not_contained && !check(v.type, {}, {})) {
    auto const type = type_of(v.type);
    to.type = type.tensor;
    to.container = type.container;
  }
  note_value(r, m, v, id);
}

/// Marks an output of the graph, or of the body that is open.
constexpr void read_output(auto& r, message const& m) {
  auto const v = read_value_info(r.b, m);
  auto const id = v.name.empty() ? no_value : r.b.find(v.name);
  if (id == no_value) {
    r.b.unfinished().fail(make_error(rule::a_name_must_be_defined_before_it_is_used, "output '",
                                     v.name, "' of the graph is not defined"));
    return;
  }
  declare(r, m, v, id);
  r.b.output(id);
}

/// What a file says of a value that is neither an input nor an output. Tools leave entries behind
/// of values that are no more; nothing refers to those.
constexpr void read_inner_value(auto& r, message const& m) {
  auto const v = read_value_info(r.b, m);
  auto const id = v.name.empty() ? no_value : r.b.find_here(v.name);
  if (id != no_value) declare(r, m, v, id);
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format
