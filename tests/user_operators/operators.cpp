// A program's own operators are operators: in networks, in files, in texts, and where they compute.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "test_operators.hpp"

#include <inlay/stage/highway.hpp>
//
#include <doctest/doctest.h>

#include <cstdint>
#include <inlay/frontend/expr.hpp>
#include <inlay/frontend/onnx/read.hpp>
#include <inlay/frontend/onnx/write.hpp>
#include <inlay/graph/parse.hpp>
#include <inlay/graph/print.hpp>
#include <inlay/inlay.hpp>
#include <inlay/pass/optimize.hpp>
#include <string>
#include <string_view>
#include <typeinfo>

namespace {

using inlay::find_operator;
using inlay::id_of;
using inlay::operator_id;
using inlay::expr::apply;

inline constexpr inlay::expr::attribute_name decay{"decay"};
inline constexpr inlay::expr::attribute_name threshold{"threshold"};

// The domain is a part of the name.
static_assert(find_operator("com.example", "Cube") == id_of<test::cube>);
static_assert(find_operator("com.example", "Relu") == id_of<test::knee>);
static_assert(find_operator("", "Relu") == id_of<inlay::op::relu>);
static_assert(find_operator("ai.onnx", "Lift") == id_of<test::lift>);
static_assert(find_operator("", "Cube") == operator_id::unlisted);
static_assert(find_operator("com.example", "Abs") == operator_id::unlisted);

// What is compiled with other operators is another thing for the linker.
TEST_CASE("the namespace of everything has the name of the list") {
  CHECK(std::string_view(typeid(inlay::graph).name()).find("v0_1_test_operators") !=
        std::string_view::npos);
}

/// y[t,j] = x[t,j]³ + y[t-1,j] / 2, through all kinds of steps.
constexpr auto summed = inlay::network([](inlay::input<float, 3, 2> x) {
  return apply<test::integrate>(apply<test::cube>(x), decay = 0.5f);
});
static_assert([] {
  float const x[3][2] = {{1, 2}, {3, 4}, {5, 6}};
  inlay::model<summed> const model;
  inlay::model<summed>::context context;
  auto const y = model(context, x);
  return y(0, 0) == 1 && y(0, 1) == 8 && y(1, 0) == 27.5f && y(1, 1) == 68 && y(2, 0) == 138.75f &&
         y(2, 1) == 250;
}());

// Element functions are computed where their neighbours are: behind a product, between others, and
// behind a kernel of the program that takes them.
constexpr auto behind_product = inlay::network([](inlay::input<float, 2, 3> x) {
  auto const product = matmul(x, transpose(x, {1, 0}));
  return apply<test::knee>(apply<test::cube>(product), threshold = 4.0f);
});
static_assert(inlay::model<behind_product>::steps == 1);
constexpr auto between =
    inlay::network([](inlay::input<float, 4> x) { return relu(apply<test::cube>(x + 1)) * 2; });
static_assert(inlay::model<between>::steps == 1);
constexpr auto behind_lift = inlay::network(
    [](inlay::input<float, 2, 3> x) { return apply<test::cube>(apply<test::lift>(x)) + 1; });
static_assert(inlay::model<behind_lift>::steps == 1);

static_assert([] {
  float const x[2][3] = {{1, 0, 2}, {0, 1, 0}};
  inlay::model<behind_product> const product;
  inlay::model<behind_product>::context of_product;
  auto const p = product(of_product, x);  // of 5³, 0, 0, 1, what is above 4 is halved
  inlay::model<behind_lift> const lift;
  inlay::model<behind_lift>::context of_lift;
  auto const y = lift(of_lift, x);
  return p(0, 0) == 64.5f && p(0, 1) == 0 && p(1, 1) == 1 && y(0, 0) == 2 && y(0, 1) == 1 &&
         y(0, 2) == 9 && y(1, 0) == 1 && y(1, 1) == 2;
}());

// A kernel that works in place writes over its input, which nothing else reads.
static_assert(inlay::model<summed>::arena_bytes <= 64);

std::string text_of(inlay::error const& e) { return std::string(std::string_view(e.text.view())); }

std::string file_of(inlay::graph g) {
  auto const file = inlay::write_onnx(std::move(g));
  REQUIRE(file);
  return {file->data(), file->size()};
}
inlay::string_view view_of(std::string const& text) { return {text.data(), text.size()}; }

TEST_CASE("a file names a program's operators by their domain, with the version of their form") {
  auto const file = file_of(summed());
  auto const g = inlay::read_onnx(view_of(file));
  REQUIRE_FALSE(g.failure);
  REQUIRE(g.nodes.size() == 2);
  CHECK(g.nodes[0].op == id_of<test::cube>);
  CHECK(g.nodes[0].domain == "com.example");
  CHECK(g.nodes[1].op == id_of<test::integrate>);
  REQUIRE(g.operator_sets.size() == 1);
  CHECK(g.operator_sets[0].domain == "com.example");
  CHECK(g.operator_sets[0].version == 2);
  CHECK_FALSE(inlay::optimize(g).failure);
}

TEST_CASE("an older version of the domain has another form") {
  auto const file = file_of(summed());
  auto g = inlay::read_onnx(view_of(file));
  g.operator_sets[0].version = 1;
  CHECK(text_of(inlay::optimize(g).failure) ==
        "node 0 (Cube): version 1 of 'com.example' has an older form of Cube; 2 and later are "
        "supported");
}

TEST_CASE("an operator of the same domain that is not listed is not supported") {
  auto g = summed();
  g.nodes[0].op = find_operator("com.example", "Square");
  g.nodes[0].type = "Square";
  CHECK(text_of(inlay::optimize(std::move(g)).failure) ==
        "node 0 (Square): the operator 'com.example.Square' is not supported");
}

TEST_CASE("texts name the domain, and are read back") {
  auto const text = inlay::print(summed());
  CAPTURE(std::string(std::string_view(text.view())));
  CHECK(std::string_view(text.view()).find("com.example.Cube") != std::string_view::npos);
  auto const g = inlay::parse(text.view(), find_operator);
  REQUIRE_FALSE(g.failure);
  CHECK(g.nodes[0].op == id_of<test::cube>);
  CHECK(g.nodes[1].op == id_of<test::integrate>);
}

TEST_CASE("their attributes, types and rules are looked at") {
  auto unknown =
      inlay::network([](inlay::input<float, 3> x) { return apply<test::cube>(x, decay = 0.5f); });
  CHECK(text_of(unknown().failure) == "node 0 (Cube): attribute 'decay' is unknown");
  auto of_integers = inlay::network(
      [](inlay::input<std::int32_t, 3> x) { return apply<test::integrate>(apply<test::cube>(x)); });
  CHECK(text_of(of_integers().failure).find("node 1 (Integrate): ") == 0);
  auto single = inlay::network([](inlay::input<float> x) { return apply<test::integrate>(x); });
  CHECK(text_of(single().failure) ==
        "node 0 (Integrate): a single element has no axis to sum along");
}

TEST_CASE("two of the same are one, and a constant is folded") {
  auto const twice = inlay::network([](inlay::input<float, 3> x) {
    auto const cubed = apply<test::cube>(x);
    return apply<test::cube>(x) + cubed + apply<test::cube>(x * 0 + 2);
  });
  auto const g = inlay::optimize(twice());
  REQUIRE_FALSE(g.failure);
  int cubes = 0;
  for (auto const& n : g.nodes) cubes += inlay::is<test::cube>(n) ? 1 : 0;
  CHECK(cubes == 2);
}

TEST_CASE("what a node of a domain becomes is one of ONNX's own") {
  inlay::builder b("", 22);
  auto const x = b.input("x", {inlay::element_type::float32, {3}});
  b.output(inlay::apply<test::cube>(b, "", {x}), "y");
  b.output(inlay::apply<test::cube>(b, "", {x}), "z");
  auto const g = inlay::optimize(b.finish());
  REQUIRE_FALSE(g.failure);
  REQUIRE(g.nodes.size() == 2);
  CHECK(g.nodes[0].domain == "com.example");
  CHECK(inlay::is<inlay::op::identity>(g.nodes[1]));
  CHECK(g.nodes[1].domain.empty());
}

template <auto const& Net, std::size_t Rows, std::size_t Columns>
void check_stages(float const (&x)[Rows][Columns]) {
  inlay::model<Net> const scalar;
  typename inlay::model<Net>::context of_scalar;
  inlay::model<Net, inlay::highway> const highway;
  typename inlay::model<Net, inlay::highway>::context of_highway;
  auto const a = scalar(of_scalar, x);
  auto const b = highway(of_highway, x);
  for (std::int64_t i = 0; i < a.size(); ++i) CHECK(a[i] == b[i]);
}

TEST_CASE("the machine's vectors have the bits of the scalar stage") {
  if constexpr (inlay::highway::same_bits) {
    float x[3][2] = {{0.1f, -0.2f}, {0.3f, 0.4f}, {-0.5f, 0.6f}};
    check_stages<summed>(x);
    float y[2][3] = {{0.1f, -0.2f, 0.7f}, {0.3f, 0.4f, -1.3f}};
    check_stages<behind_lift>(y);
  }
}

}  // namespace
