// A graph as text, for people.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "inlay/core/error.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

/// Text that grows; `view` until the next change.
class text_buffer {
 public:
  constexpr std::string_view view() const { return {characters_.data(), characters_.size()}; }

  constexpr text_buffer& operator<<(std::string_view text) {
    characters_.append(text.data(), text.size());
    return *this;
  }
  constexpr text_buffer& operator<<(char const* text) { return *this << std::string_view(text); }
  /// Whatever a sentence can hold.
  template <class T>
    requires(!std::is_convertible_v<T const&, std::string_view>)
  constexpr text_buffer& operator<<(T const& x) {
    sentence s;
    s << x;
    return *this << s.view();
  }

 private:
  vector<char> characters_;
};

namespace detail {

constexpr void print_type(text_buffer& out, graph const& g, tensor_type const& t) {
  out << name_of(t.element);
  if (!t.has_shape) return;
  out << "[";
  for (int i = 0; i < t.shape.size(); ++i) {
    if (i != 0) out << ", ";
    if (t.shape[i] >= 0) out << t.shape[i];
    else out << g.symbols[static_cast<std::size_t>(-1 - t.shape[i])];
  }
  out << "]";
}

constexpr void print_operand(text_buffer& out, value_id id) {
  if (id == no_value) out << "none";
  else out << "%" << id;
}

/// Exactly: whole numbers as 2.0, others in hexadecimal as 0x1.99999ap-4.
constexpr void print_real(text_buffer& out, float x) {
  auto const bits = std::bit_cast<std::uint32_t>(x);
  int const exponent = static_cast<int>(bits >> 23 & 0xff);
  auto const fraction = bits & 0x7f'ffff;
  if (bits >> 31 != 0) out << "-";
  if (exponent == 0xff) {
    out << (fraction == 0 ? "inf" : "nan");
    return;
  }
  float const magnitude = x < 0 ? -x : x;
  if (magnitude < 0x1p24f &&
      static_cast<float>(static_cast<std::int64_t>(magnitude)) == magnitude) {
    out << static_cast<std::int64_t>(magnitude) << ".0";
    return;
  }
  out << (exponent == 0 ? "0x0." : "0x1.");
  for (auto rest = fraction << 9; rest != 0; rest <<= 4) {
    out << std::string_view("0123456789abcdef").substr(rest >> 28, 1);
  }
  out << "p" << (exponent == 0 ? -126 : exponent - 127);
}

/// A name and its values: `axis = 1`, `strides = [2, 2]`.
constexpr void print_attribute(text_buffer& out, graph const& g, attribute const& a) {
  out << a.name << " = ";
  if (a.kind == attribute_kind::tensor || a.kind == attribute_kind::graph ||
      a.kind == attribute_kind::other) {
    out << "...";
    return;
  }
  bool const is_list = a.kind == attribute_kind::integers || a.kind == attribute_kind::reals ||
                       a.kind == attribute_kind::texts;
  if (is_list) out << "[";
  for (std::uint32_t i = 0; i < a.values.count; ++i) {
    if (i != 0) out << ", ";
    auto const at = a.values.first + i;
    switch (a.kind) {
      case attribute_kind::integer:
      case attribute_kind::integers: out << g.integers[at]; break;
      case attribute_kind::real:
      case attribute_kind::reals: print_real(out, g.reals[at]); break;
      default: out << "\"" << g.texts[at] << "\""; break;
    }
  }
  if (is_list) out << "]";
}

constexpr void print_node(text_buffer& out, graph const& g, node const& n) {
  auto const print_list = [&](span<value_id const> ids) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (i != 0) out << ", ";
      print_operand(out, ids[i]);
    }
  };
  print_list(g.outputs_of(n));
  out << " = " << n.domain << (n.domain.empty() ? "" : ".") << n.type << "(";
  print_list(g.inputs_of(n));
  out << ")";
  auto const attributes = g.attributes_of(n);
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    out << (i == 0 ? " {" : ", ");
    print_attribute(out, g, attributes[i]);
  }
  if (!attributes.empty()) out << "}";
  if (!n.name.empty()) out << " \"" << n.name << "\"";
  for (auto const id : g.outputs_of(n)) {
    if (id == no_value || g.values[id].type.element == element_type::undefined) continue;
    out << " : ";
    print_type(out, g, g.values[id].type);
  }
}

}  // namespace detail

/// One line each for inputs, constants and nodes, in the order of evaluation:
///
///     graph "net" opset 28
///     input %0 "x" : float32[batch, 8]
///     constant %1 "w" : float32[8, 4]
///     %2 = MatMul(%0, %1) "fc" : float32[batch, 4]
///     return %2 "y"
///
/// A graph that holds an error ends in a line `error: …`.
constexpr text_buffer print(graph const& g) {
  text_buffer out;
  auto const print_value = [&](std::string_view what, value_id id) {
    auto const& v = g.values[id];
    out << what << " %" << id;
    if (!v.name.empty()) out << " \"" << v.name << "\"";
    out << " : ";
    detail::print_type(out, g, v.type);
    out << "\n";
  };
  out << "graph \"" << g.name << "\" opset " << g.opset << "\n";
  for (auto const id : g.inputs) print_value("input", id);
  for (value_id id = 0; id < g.values.size(); ++id) {
    if (g.is_constant(id)) print_value("constant", id);
  }
  for (auto const& n : g.nodes) {
    detail::print_node(out, g, n);
    out << "\n";
  }
  for (auto const id : g.outputs) {
    out << "return %" << id;
    if (!g.values[id].name.empty()) out << " \"" << g.values[id].name << "\"";
    out << "\n";
  }
  if (g.failure) out << "error: " << g.failure.text << "\n";
  return out;
}

}  // namespace inlay::inline INLAY_VERSION
