// What infer_types says of graphs that are wrong, and what it knows of those that are right.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/pass/infer_types.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace {
using namespace inlay;

constexpr tensor_type pair{element_type::float32, {2}};

template <class Build> constexpr error failure_of(Build build, std::int64_t opset = 0) {
  builder b("net", opset);
  build(b);
  return infer_types(b.finish()).failure;
}
template <class Build>
constexpr bool refuses(rule broken, std::string_view text, Build build, std::int64_t opset = 0) {
  auto const e = failure_of(build, opset);
  return e.broken == broken && e.text.view() == text;
}

constexpr bool types_flow() {
  builder b;
  auto const x = b.input("x", {element_type::float32, {2, 3}});
  auto const w = b.constant<float>("w", {3}, {1.0f, 2.0f, 3.0f});
  auto const sum = apply<op::add>(b, "", {x, w});
  auto const flat = apply<op::flatten>(b, "", {sum}, {{"axis", 0}});
  b.output(apply<op::relu>(b, "", {flat}));
  auto const g = infer_types(b.finish());
  return !g.failure && g.values[sum].type == tensor_type(element_type::float32, {2, 3}) &&
         g.values[flat].type == tensor_type(element_type::float32, {1, 6}) &&
         g.values[g.outputs[0]].type == tensor_type(element_type::float32, {1, 6});
}
static_assert(types_flow());

// Inputs.
constexpr std::int64_t mega = std::int64_t{1} << 20;
static_assert(refuses(rule::a_tensor_must_fit_in_memory,
                      "input 'x': a result of shape 1048576x1048576x8 is too large",
                      [](builder& b) { b.input("x", {element_type::float32, {mega, mega, 8}}); }));
static_assert(!failure_of([](builder& b) {
  b.input("x", {element_type::float32, {mega, mega, 4}});
}));

// Operators.
static_assert(refuses(rule::the_operator_must_be_supported,
                      "node 0 'g' (Hardmax): the operator 'Hardmax' is not supported",
                      [](builder& b) {
                        b.add(operator_id::unlisted, "Hardmax", "g", {b.input("x", pair)});
                      }));
static_assert(refuses(rule::the_operator_must_be_supported,
                      "node 0 (Fused): the operator 'com.microsoft.Fused' is not supported",
                      [](builder& b) {
                        b.add(operator_id::unlisted, "Fused", "", {b.input("x", pair)});
                        b.unfinished().nodes[0].domain = "com.microsoft";
                      }));
static_assert(refuses(
    rule::the_opset_must_be_supported,
    "node 0 (Add): opset 6 has an older form of Add; 7 and later are supported",
    [](builder& b) {
      auto const x = b.input("x", pair);
      apply<op::add>(b, "", {x, x});
    },
    6));
static_assert(!failure_of(
    [](builder& b) {
      auto const x = b.input("x", pair);
      apply<op::add>(b, "", {x, x});
    },
    7));

// Numbers of inputs and outputs.
static_assert(refuses(rule::the_number_of_inputs_must_match_the_operator,
                      "node 0 (Add): it has 1 inputs, where 2 are expected",
                      [](builder& b) { apply<op::add>(b, "", {b.input("x", pair)}); }));
static_assert(refuses(rule::the_number_of_inputs_must_match_the_operator,
                      "node 0 (Relu): it has 2 inputs, where 1 is expected", [](builder& b) {
                        auto const x = b.input("x", pair);
                        apply<op::relu>(b, "", {x, x});
                      }));
static_assert(refuses(rule::the_number_of_inputs_must_match_the_operator,
                      "node 0 (Gemm): it has 4 inputs, where 2 to 3 are expected", [](builder& b) {
                        auto const x = b.input("x", pair);
                        apply<op::gemm>(b, "", {x, x, x, x});
                      }));
static_assert(refuses(rule::the_number_of_inputs_must_match_the_operator,
                      "node 0 (Add): input 1 is left out, but needed",
                      [](builder& b) { apply<op::add>(b, "", {b.input("x", pair), no_value}); }));
static_assert(!failure_of([](builder& b) {
  auto const x = b.input("x", {element_type::float32, {2, 2}});
  apply<op::gemm>(b, "", {x, x, no_value});
}));

// Element types.
static_assert(refuses(rule::the_element_type_must_be_supported,
                      "node 0 (Relu): element type uint8 is not supported", [](builder& b) {
                        apply<op::relu>(b, "", {b.input("x", {element_type::uint8, {2}})});
                      }));
static_assert(refuses(rule::the_element_type_must_be_supported,
                      "node 0 (Add): element type bool is not supported", [](builder& b) {
                        auto const x = b.input("x", {element_type::boolean, {2}});
                        apply<op::add>(b, "", {x, x});
                      }));
static_assert(refuses(rule::the_element_type_must_be_supported,
                      "input 'x': element type undefined is not supported",
                      [](builder& b) { b.input("x", {element_type::undefined, {2}}); }));
static_assert(refuses(rule::the_element_type_must_be_supported,
                      "output 'w': element type float16 is not supported", [](builder& b) {
                        b.input("x", pair);
                        b.output(b.constant("w", {element_type::float16, {1}}, "ab"));
                      }));
static_assert(refuses(rule::element_types_of_the_inputs_must_agree,
                      "node 0 (Add): input 1 is int32, input 0 is float32", [](builder& b) {
                        auto const x = b.input("x", pair);
                        auto const n = b.input("n", {element_type::int32, {2}});
                        apply<op::add>(b, "", {x, n});
                      }));
static_assert(refuses(rule::element_types_of_the_inputs_must_agree,
                      "node 0 (Gemm): input 2 is float64, input 0 is float32", [](builder& b) {
                        auto const x = b.input("x", {element_type::float32, {2, 2}});
                        auto const c = b.input("c", {element_type::float64, {2, 2}});
                        apply<op::gemm>(b, "", {x, x, c});
                      }));
// Reshape's shape is int64, whatever its input is.
static_assert(!failure_of([](builder& b) {
  auto const x = b.input("x", pair);
  apply<op::reshape>(b, "", {x, b.constant<std::int64_t>("s", {1}, {std::int64_t{2}})});
}));

// Attributes.
static_assert(refuses(rule::an_attribute_must_have_the_type_of_the_operator,
                      "node 0 (Relu): attribute 'slope' is unknown", [](builder& b) {
                        apply<op::relu>(b, "", {b.input("x", pair)}, {{"slope", 0.1f}});
                      }));
static_assert(refuses(rule::an_attribute_must_have_the_type_of_the_operator,
                      "node 0 (Softmax): attribute 'axis' has another type than Softmax expects",
                      [](builder& b) {
                        apply<op::softmax>(b, "", {b.input("x", pair)}, {{"axis", 1.0f}});
                      }));
static_assert(refuses(rule::the_rank_must_match_the_operator,
                      "node 0 'pool' (MaxPool): attribute 'kernel_shape' has 0 values, where 2 are "
                      "expected",
                      [](builder& b) {
                        auto const x = b.input("x", {element_type::float32, {1, 1, 4, 4}});
                        apply<op::max_pool>(b, "pool", {x});
                      }));

// Results.
static_assert(refuses(rule::a_tensor_must_fit_in_memory,
                      "node 0 (Add): a result of shape 2097152x4194304 is too large",
                      [](builder& b) {
                        auto const x = b.input("x", {element_type::float32, {2 * mega, 1}});
                        auto const y = b.input("y", {element_type::float32, {1, 4 * mega}});
                        apply<op::add>(b, "", {x, y});
                      }));

// The first error stays, and where it is.
constexpr error of_the_second_node() {
  builder b;
  auto const x = b.input("x", pair);
  auto const y = apply<op::relu>(b, "", {x});
  apply<op::add>(b, "first", {y});
  apply<op::add>(b, "second", {y});
  b.unfinished().nodes[1].offset = 99;
  return infer_types(b.finish()).failure;
}
static_assert(of_the_second_node().offset == 99);
static_assert(of_the_second_node().text.view() ==
              "node 1 'first' (Add): it has 1 inputs, where 2 are expected");

constexpr bool a_failed_graph_is_left_alone() {
  builder b;
  auto const y = apply<op::relu>(b, "", {b.input("x", pair)});
  b.unfinished().fail(make_error(rule::the_file_must_not_be_truncated, "earlier"));
  auto const g = infer_types(b.finish());
  return g.failure.text.view() == "earlier" && !g.values[y].type.has_shape;
}
static_assert(a_failed_graph_is_left_alone());

}  // namespace

TEST_CASE("an input whose type no program can hold is refused, even when no node reads it") {
  // It would be copied to the output, element by element.
  CHECK(failure_of([](builder& b) { b.output(b.input("x", {element_type::float16, {2}})); }));
}

TEST_CASE("every two element types that differ are refused") {
  for (int i = 0; i < element_type_count; ++i) {
    for (int k = 0; k < element_type_count; ++k) {
      auto const a = static_cast<element_type>(i);
      auto const c = static_cast<element_type>(k);
      if (a == c || !contains(stored_types{}, a) || !contains(stored_types{}, c)) continue;
      auto const e = failure_of([&](builder& b) {
        auto const x = b.input("x", {a, {2}});
        auto const y = b.input("y", {c, {2}});
        apply<op::add>(b, "", {x, y});
      });
      REQUIRE(e.broken == rule::element_types_of_the_inputs_must_agree);
    }
  }
}
