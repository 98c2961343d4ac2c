// Attributes of nodes, by their type or, in old files, by the field that is there.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/frontend/onnx/attribute.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "inlay/frontend/onnx/read.hpp"
#include "protobuf.hpp"

namespace {

using inlay::attribute_kind;
using protobuf::message;

/// A model whose only node has this attribute.
constexpr message model_of_attribute(message const& a) {
  auto const node = protobuf::node("Relu", "r", "x", "y").sub(5, a);
  return protobuf::model(
      message().sub(1, node).sub(11, protobuf::input("x")).sub(12, protobuf::output("y")));
}
constexpr message attribute(std::int64_t type) { return message().text(1, "a").integer(20, type); }

/// What `look(graph, attribute)` says of the attribute once it is read.
template <class Look> constexpr bool reads(message const& a, attribute_kind kind, Look look) {
  auto const file = model_of_attribute(a);
  auto const g = inlay::read_onnx(file.view());
  if (g.failure || g.attributes.size() != 1 || g.nodes[0].attributes.count != 1) return false;
  auto const& read = g.attributes[0];
  return read.name == "a" && read.kind == kind && look(g, read);
}
constexpr auto no_values = [](inlay::graph const&, inlay::attribute const& a) {
  return a.values.count == 0;
};
constexpr auto real_1 = [](inlay::graph const& g, inlay::attribute const& a) {
  return a.values.count == 1 && g.reals[a.values.first] == 1;
};
constexpr auto integer_7 = [](inlay::graph const& g, inlay::attribute const& a) {
  return a.values.count == 1 && g.integers[a.values.first] == 7;
};
constexpr auto integers_7_and_8 = [](inlay::graph const& g, inlay::attribute const& a) {
  return a.values.count == 2 && g.integers[a.values.first] == 7 &&
         g.integers[a.values.first + 1] == 8;
};

static_assert(reads(attribute(1).real(2, 1), attribute_kind::real, real_1));
static_assert(reads(attribute(2).integer(3, 7), attribute_kind::integer, integer_7));
static_assert(reads(attribute(2).integer(3, 5).integer(3, 7), attribute_kind::integer, integer_7),
              "the last of a single value counts");
static_assert(reads(attribute(3).text(4, "SAME"), attribute_kind::text,
                    [](inlay::graph const& g, inlay::attribute const& a) {
                      return a.values.count == 1 && g.texts[a.values.first] == "SAME";
                    }));
static_assert(reads(attribute(6).real(7, 1), attribute_kind::reals, real_1));
static_assert(reads(attribute(6).text(7, {"\0\0\x80\x3f", 4}), attribute_kind::reals, real_1));
static_assert(reads(attribute(7).integer(8, 7).integer(8, 8), attribute_kind::integers,
                    integers_7_and_8));
static_assert(reads(attribute(7).text(8, "\x07\x08"), attribute_kind::integers, integers_7_and_8));
static_assert(reads(attribute(7), attribute_kind::integers, no_values));
static_assert(reads(attribute(8).text(9, "a").text(9, "b"), attribute_kind::texts,
                    [](inlay::graph const& g, inlay::attribute const& a) {
                      return a.values.count == 2 && g.texts[a.values.first + 1] == "b";
                    }));

// Files older than types, and writers that leave zeros out.
static_assert(reads(message().text(1, "a").integer(3, 7), attribute_kind::integer, integer_7));
static_assert(reads(message().text(1, "a").real(7, 1), attribute_kind::reals, real_1));
static_assert(reads(attribute(2), attribute_kind::integer,
                    [](inlay::graph const& g, inlay::attribute const& a) {
                      return a.values.count == 1 && g.integers[a.values.first] == 0;
                    }));

// A tensor is a constant without a name, by its value's number.
constexpr auto is_tensor_of_2 = [](inlay::graph const& g, inlay::attribute const& a) {
  if (a.values.count != 1) return false;
  auto const& value = g.values[static_cast<std::size_t>(g.integers[a.values.first])];
  return value.name.empty() && value.constant == 0 &&
         value.type == inlay::tensor_type{inlay::element_type::float32, {2}} &&
         g.bytes_of(g.constants[0]).size() == 8;
};
static_assert(reads(attribute(4).sub(5, protobuf::tensor("y")), attribute_kind::tensor,
                    is_tensor_of_2),
              "its name is not one of the graph's");
static_assert(reads(attribute(9).sub(10, protobuf::tensor("y")), attribute_kind::tensors,
                    is_tensor_of_2));

constexpr auto one_value = [](inlay::graph const&, inlay::attribute const& a) {
  return a.values.count == 1;
};
static_assert(reads(attribute(5).sub(6, message().text(2, "body")), attribute_kind::graph,
                    [](inlay::graph const& g, inlay::attribute const& a) {
                      return g.integers[a.values.first] == 0 && g.bodies[0].name == "body";
                    }));
static_assert(reads(attribute(10).sub(11, message().text(2, "a")).sub(11, message().text(2, "b")),
                    attribute_kind::graphs, [](inlay::graph const& g, inlay::attribute const& a) {
                      return a.values.count == 2 && g.integers[a.values.first + 1] == 1 &&
                             g.bodies[1].name == "b";
                    }));
static_assert(reads(attribute(10), attribute_kind::graphs, no_values));
static_assert(reads(attribute(13).sub(14, message()), attribute_kind::type, one_value));
static_assert(reads(attribute(14).sub(15, message()), attribute_kind::types, one_value));
static_assert(reads(attribute(2).text(21, "of_function"), attribute_kind::integer,
                    [](inlay::graph const&, inlay::attribute const& a) {
                      return a.values.count == 0 && a.reference == "of_function";
                    }));

void check(message const& a, inlay::rule broken, std::string_view text) {
  auto const file = model_of_attribute(a);
  auto const g = inlay::read_onnx(file.view());
  CHECK(std::string(g.failure.text.view()) == text);
  CHECK(g.failure.broken == broken);
  CHECK(g.failure.offset == 6);  // of the node's message
}

TEST_CASE("an attribute holds what its type says") {
  using enum inlay::rule;
  check(attribute(2).real(2, 1), an_attribute_must_hold_what_its_type_says,
        "node 0 'r' (Relu): attribute 'a' is of type 2, but its value stands in field 2");
  check(attribute(2).integer(3, 1).integer(8, 1), an_attribute_must_hold_what_its_type_says,
        "node 0 'r' (Relu): attribute 'a' has values in two fields");
  check(message().text(1, "a"), an_attribute_must_have_a_value,
        "node 0 'r' (Relu): attribute 'a' has no value");
  check(attribute(34), an_attribute_must_have_a_value,
        "node 0 'r' (Relu): attribute 'a' has no value");
  check(attribute(4), an_attribute_must_have_a_value,
        "node 0 'r' (Relu): attribute 'a' has no value");
}

TEST_CASE("a tensor that is wrong names the node") {
  check(attribute(4).sub(5, message().integer(1, 3).integer(2, 1)),
        inlay::rule::a_tensor_must_hold_as_many_bytes_as_its_shape,
        "node 0 'r' (Relu): tensor '' (float32 3) must hold 12 bytes, not 0");
}

TEST_CASE("a value and a reference exclude each other") {
  check(attribute(2).integer(3, 1).text(21, "of_function"),
        inlay::rule::an_attribute_must_hold_what_its_type_says,
        "node 0 'r' (Relu): attribute 'a' has a value and refers to 'of_function' as well");
}

}  // namespace
