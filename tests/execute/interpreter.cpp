// Models that are loaded while the program runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/execute/interpreter.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <inlay/frontend/onnx/read.hpp>
#include <inlay/frontend/onnx/write.hpp>
#include <inlay/inlay.hpp>
#include <inlay/pass/optimize.hpp>
#include <inlay/program/interpret-inl.hpp>
#include <inlay/program/lower.hpp>
#include <iterator>
#include <lenet.onnx.hpp>
#include <string>
#include <thread>
#include <vector>

#include "networks.hpp"

namespace {

using namespace inlay_test;
using inlay::interpreter::load;
using inlay::interpreter::named_view;

inlay::interpreter::session loaded(graph const& g, inlay::interpreter::options const& how = {}) {
  auto const bytes = write_onnx(g).value();
  return load(string_view(bytes.data(), bytes.size()), how).value();
}

/// y = Relu(x · w + c) of any number of rows.
graph rows_network() {
  builder b("rows", 13);
  auto const x = b.input("x", {float32, {b.symbol("rows"), 2}});
  auto const w = b.constant<float>("w", {2, 3}, {1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f});
  auto const c = b.constant<float>("c", {3}, {0.5f, -100.0f, 0.0f});
  auto const fc = apply<op::gemm>(b, "fc", {x, w, c});
  b.output(apply<op::relu>(b, "relu", {fc}), "y");
  return b.finish();
}

std::string text_of(error const& e) { return std::string(e.text.view()); }

std::vector<float> numbers(std::int64_t count) {
  std::vector<float> x;
  std::uint32_t seed = 7;
  for (std::int64_t i = 0; i < count; ++i) {
    seed = seed * 1664525u + 1013904223u;
    x.push_back(static_cast<float>(static_cast<std::int32_t>(seed) >> 8) * 0x1p-24f);
  }
  return x;
}

bool agrees(inlay::interpreter::session const& session, float a, float b) {
  if (session.same_bits()) return std::memcmp(&a, &b, sizeof a) == 0;
  return std::abs(a - b) <= 1e-5f + 1e-4f * std::abs(b);
}

/// A model of one input and one output, by the interpreter and by the scalar stage.
void check_against_scalar(graph const& g) {
  auto const session = loaded(g);
  auto const bytes = write_onnx(g).value();
  auto const p = lower(optimize(read_onnx(string_view(bytes.data(), bytes.size()))));
  REQUIRE(!p.failure);
  auto const x = numbers(elements_of(p.inputs[0].type.shape));
  std::vector<float> expected(static_cast<std::size_t>(elements_of(p.outputs[0].type.shape)));
  void const* const inputs[] = {x.data()};
  void* const outputs[] = {expected.data()};
  interpret(p, inputs, outputs);
  inlay::interpreter::context context;
  auto const y =
      session.run(context, {{"x", view<float const>(x.data(), p.inputs[0].type.shape)}}).value();
  auto const* const computed = y[0].elements<float>();
  REQUIRE(computed != nullptr);
  std::size_t different = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (!agrees(session, computed[i], expected[i])) ++different;
  }
  CHECK(different == 0);
}

TEST_CASE("a session says what the model takes and gives") {
  auto const session = loaded(rows_network());
  REQUIRE(session.inputs().size() == 1);
  CHECK(session.inputs()[0].name == "x");
  CHECK(session.inputs()[0].type.shape[0] < 0);
  CHECK(session.inputs()[0].type.shape[1] == 2);
  CHECK(session.outputs()[0].name == "y");
  CHECK(session.graph().nodes.size() == 2);
  shape const two_rows[] = {{2, 2}};
  auto const needs = session.needs(two_rows).value();
  CHECK(needs.steps == 1);
  CHECK(needs.multiply_adds == 12);
  CHECK(needs.arena_bytes == 0);
  CHECK(text_of(session.needs().failure()) == "extents of 0 inputs are given; the model has 1");
}

TEST_CASE("extents without a value are those of each run") {
  auto const session = loaded(rows_network());
  inlay::interpreter::context context;
  float const x[] = {1, 2, 3, 4, 5, 6};
  for (std::int64_t const rows : {1, 3, 2, 1}) {
    auto const outputs = session.run(context, {{"x", view<float const>(x, {rows, 2})}});
    REQUIRE(outputs);
    auto const& y = (*outputs)[0];
    CHECK(y.extents == shape{rows, 3});
    CHECK(y.elements<float>()[0] == 9.5f);
    CHECK(y.elements<float>()[1] == 0);
    CHECK(y.elements<float>()[3 * (rows - 1) + 2] ==
          3 * x[2 * (rows - 1)] + 6 * x[2 * (rows - 1) + 1]);
  }
}

TEST_CASE("what is wrong with a run is said in a sentence") {
  auto const session = loaded(rows_network());
  inlay::interpreter::context context;
  float const x[6]{};
  double const d[6]{};
  auto const fails = [&](span<named_view const> inputs) {
    return text_of(session.run(context, inputs).failure());
  };
  CHECK(fails({}) == "input 'x' is missing; the model takes float32 of shape ?x2");
  named_view const unknown[] = {{"z", view<float const, 1, 2>(x)}};
  CHECK(fails(unknown) == "the model has no input 'z'; it has 'x'");
  named_view const twice[] = {{"x", view<float const, 1, 2>(x)}, {"x", view<float const, 1, 2>(x)}};
  CHECK(fails(twice) == "input 'x' is given twice");
  named_view const wrong_type[] = {{"x", view<double const, 1, 2>(d)}};
  CHECK(fails(wrong_type) == "input 'x' is float64, the model takes float32");
  named_view const wrong_shape[] = {{"x", view<float const, 2, 3>(x)}};
  CHECK(fails(wrong_shape) == "input 'x' has shape 2x3, the model takes ?x2");
  named_view const empty[] = {{"x", view<float const, 0, 2>(x)}};
  CHECK(fails(empty) == "input 'x' has shape 0x2, the model takes ?x2");
  CHECK(text_of(inlay::interpreter::session().run(context, unknown).failure()) ==
        "no model is loaded");
}

TEST_CASE("what is wrong with a model is said when it is loaded") {
  CHECK(text_of(load("no/such/file.onnx").failure()) ==
        "cannot open 'no/such/file.onnx': No such file or directory");
  auto const bytes = write_onnx(rows_network()).value();
  string_view const file(bytes.data(), bytes.size());
  CHECK(load(file.substr(0, file.size() - 1)).failure());
  dimension_value const columns[] = {{"columns", 1}};
  CHECK(text_of(load(file, {.dimensions = columns}).failure()) ==
        "the model has no dimension 'columns'; it has 'rows'");

  builder b("two", 13);
  auto const x = b.input("x", {float32, {b.symbol("rows"), 3}});
  auto const w = b.constant<float>("w", {3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  auto const first = apply<op::matmul>(b, "first", {x, w});
  b.output(apply<op::matmul>(b, "second", {first, w}), "y");
  auto const two = write_onnx(b.finish()).value();
  dimension_value const many[] = {{"rows", 1000}};
  CHECK(text_of(
            load(string_view(two.data(), two.size()), {.dimensions = many, .most_arena_bytes = 64})
                .failure()) ==
        "the tensors between the layers need 12032 bytes; at most 64 are allowed. "
        "node 0 'first' (MatMul) has the most, 12032: 12000 of node 0 'first' (MatMul)");
}

TEST_CASE("an index that is outside ends a run in a sentence") {
  builder b("rows", 18);
  auto const n = b.input("n", {element_type::int32, {3}});
  auto const w = b.constant<float>("w", {3, 2}, {1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f});
  b.output(apply<op::gather>(b, "words", {w, n}), "y");
  auto const session = loaded(b.finish());
  inlay::interpreter::context context;
  std::int32_t indices[] = {2, -3, 1};
  auto const run = [&] {
    return session.run(context, {{"n", view<std::int32_t const>(indices, shape{3})}});
  };
  auto const y = run().value();
  auto const* const rows = y[0].elements<float>();
  CHECK(std::vector<float>(rows, rows + 6) == std::vector<float>{5, 6, 1, 2, 3, 4});
  indices[1] = -4;
  CHECK(text_of(run().failure()) == "node 1 'words' (Gather): index -4 is outside of an axis of 3");
  indices[1] = 0;
  CHECK(run());
}

TEST_CASE("an observer is told of each step of a run, in order") {
  struct : inlay::interpreter::step_observer {
    void begin() override { steps.assign(1, -1); }
    void end_of(std::size_t step) override { steps.push_back(static_cast<int>(step)); }
    std::vector<int> steps;
  } observer;
  builder b("three", 13);
  auto const x = b.input("x", {float32, {2, 3}});
  auto const first = apply<op::softmax>(b, "", {x}, {{"axis", 0}});
  auto const second = apply<op::softmax>(b, "", {first}, {{"axis", 1}});
  b.output(apply<op::softmax>(b, "", {second}, {{"axis", 0}}), "y");
  auto const session = loaded(b.finish());
  inlay::interpreter::context context;
  float const numbers[] = {1, 2, 3, 4, 5, 6};
  inlay::interpreter::named_view const given[] = {{"x", view<float const>(numbers, {2, 3})}};
  auto const told = session.run(context, given, &observer).value();
  CHECK(observer.steps == std::vector<int>{-1, 0, 1, 2});
  CHECK(session.needs().value().steps == 3);
  auto const y = told[0].elements<float>()[5];
  CHECK(session.run(context, given).value()[0].elements<float>()[5] == y);
}

TEST_CASE("an input with gaps is copied") {
  auto const session = loaded(rows_network());
  inlay::interpreter::context context;
  float const columns_first[] = {1, 3, 5, 2, 4, 6};
  auto const outputs =
      session.run(context, {{"x", view<float const>(columns_first, {3, 2}, {1, 3})}}).value();
  CHECK(outputs[0].elements<float>()[0] == 9.5f);
  CHECK(outputs[0].elements<float>()[8] == 51);
}

TEST_CASE("an output may be the input of the next run") {
  builder b("twice", 13);
  auto const x = b.input("x", {float32, {3}});
  b.output(apply<op::add>(b, "", {x, x}), "y");
  auto const session = loaded(b.finish());
  inlay::interpreter::context context;
  float const one[] = {1, 2, 3};
  auto const first = session.run(context, {{"x", view<float const, 3>(one)}}).value();
  any_view const y = first[0];
  auto const second = session.run(context, {{"x", y}}).value();
  CHECK(second[0].elements<float>()[2] == 12);
}

TEST_CASE("products of all kinds of extents have the scalar stage's bits") {
  for (std::int64_t const m : {1, 3, 7, 13}) {
    for (std::int64_t const n : {1, 8, 10, 16, 17, 32, 48, 64, 100}) {
      builder b("product", 13);
      auto const x = b.input("x", {float32, {m, 37}});
      auto const elements = numbers(37 * n);
      auto const w = b.constant<float>("w", {37, n}, span<float const>(elements));
      b.output(apply<op::matmul>(b, "", {x, w}), "y");
      check_against_scalar(b.finish());
    }
  }
}

/// x + other, clipped, + x: results that are used twice, and a tensor besides.
template <class Element> value_id add_chain(builder& b, value_id x, shape const& other) {
  auto const elements = numbers(elements_of(other));
  std::vector<Element> const converted(elements.begin(), elements.end());
  auto const c = b.constant<Element>("", other, span<Element const>(converted));
  auto const sum = apply<op::add>(b, "", {x, c});
  auto const clipped = apply<op::relu>(b, "", {sum});
  auto const twice = apply<op::add>(b, "", {clipped, x});
  return apply<op::add>(b, "", {c, twice});
}

TEST_CASE("chains behind products have the scalar stage's bits") {
  for (std::int64_t const m : {1, 7, 13}) {
    for (std::int64_t const n : {1, 8, 17, 32, 100}) {
      for (shape const& other : {shape{n}, shape{m, 1}, shape{m, n}}) {
        CAPTURE(m);
        CAPTURE(n);
        builder b("product", 13);
        auto const x = b.input("x", {float32, {m, 37}});
        auto const elements = numbers(37 * n);
        auto const w = b.constant<float>("w", {37, n}, span<float const>(elements));
        auto const y = apply<op::matmul>(b, "", {x, w});
        auto const chain = add_chain<float>(b, y, other);
        b.output(apply<op::softmax>(b, "", {chain}), "y");
        auto const g = b.finish();
        CHECK(loaded(g).needs()->steps == 1);
        check_against_scalar(g);
      }
    }
  }
}

TEST_CASE("chains of elements have the scalar stage's bits") {
  for (std::int64_t const n : {1, 15, 64, 511, 513, 1500}) {
    CAPTURE(n);
    builder b("elements", 13);
    auto const x = b.input("x", {float32, {3, n}});
    auto const y = apply<op::add>(b, "", {x, x});
    b.output(add_chain<float>(b, y, {n}), "y");
    auto const g = b.finish();
    CHECK(loaded(g).needs()->steps == 1);
    check_against_scalar(g);
  }
}

TEST_CASE("chains of elements of several types have the scalar stage's bits") {
  for (std::int64_t const n : {1, 15, 64, 511, 513, 1500}) {
    CAPTURE(n);
    builder b("types", 18);
    auto const x = b.input("x", {float32, {3, n}});
    auto const elements = numbers(n);
    auto const c = b.constant<float>("c", {n}, span<float const>(elements));
    auto const is_below = apply<op::less>(b, "", {x, c});
    auto const chosen = apply<op::where>(b, "", {is_below, x, c});
    auto const wide = apply<op::cast>(b, "", {chosen}, {{"to", 11}});
    auto const root = apply<op::exp>(b, "", {wide});
    auto const bytes = apply<op::cast>(b, "", {is_below}, {{"to", 3}});
    auto const added = apply<op::add>(b, "", {bytes, bytes});
    auto const numbers_again = apply<op::cast>(b, "", {added}, {{"to", 1}});
    auto const narrow = apply<op::cast>(b, "", {root}, {{"to", 1}});
    b.output(apply<op::where>(b, "", {is_below, numbers_again, narrow}), "y");
    auto const g = b.finish();
    CHECK(loaded(g).needs()->steps == 1);
    check_against_scalar(g);
  }
}

TEST_CASE(
    "a chain as long as can be, whose type changes at each link, has the scalar stage's bits") {
  builder b("long", 18);
  auto const x = b.input("x", {float32, {5, 700}});
  auto const limit = [&](float to) { return b.constant<float>("", {}, {to}); };
  auto y = apply<op::clip>(b, "", {x, limit(-0.25f), limit(0.25f)});
  for (int i = 0; i < 4; ++i) {
    y = apply<op::cast>(b, "", {y}, {{"to", 11}});
    auto const elements = numbers(700);
    std::vector<double> const wide(elements.begin(), elements.end());
    auto const c = b.constant<double>("", {700}, span<double const>(wide));
    auto const is_less = apply<op::less>(b, "", {y, c});
    y = apply<op::cast>(b, "", {is_less}, {{"to", 1}});
  }
  b.output(apply<op::transpose>(b, "", {y}), "y");
  check_against_scalar(b.finish());
}

TEST_CASE("chains behind normalizations have the scalar stage's bits") {
  for (std::int64_t const n : {1, 17, 64, 400}) {
    CAPTURE(n);
    auto const check = [&](shape const& x, shape const& other, auto const& normalize) {
      builder b("normalization", 17);
      auto const y = normalize(b, b.input("x", {float32, x}));
      b.output(add_chain<float>(b, y, other), "y");
      auto const g = b.finish();
      CHECK(loaded(g).needs()->steps == 1);
      check_against_scalar(g);
    };
    auto const list = [](builder& b, std::int64_t count) {
      return b.constant<float>("", {count}, span<float const>(numbers(count)));
    };
    check({3, n}, {3, 1}, [&](builder& b, value_id x) {
      return apply<op::layer_norm>(b, "", {x, list(b, n), list(b, n)});
    });
    // It sees its result as groups, along which a smaller one would have to be spread.
    check({2, 3, n}, {2, 3, n}, [&](builder& b, value_id x) {
      return apply<op::instance_norm>(b, "", {x, list(b, 3), list(b, 3)});
    });
    check({2, 3, n}, {n}, [&](builder& b, value_id x) {
      auto const ones = b.constant<float>("", {3}, {1, 2, 3});
      return apply<op::batch_normalization>(b, "", {x, list(b, 3), list(b, 3), list(b, 3), ones});
    });
  }
}

TEST_CASE("chains in front of rows have the scalar stage's bits") {
  for (std::int64_t const n : {1, 17, 64, 384, 400, 1000}) {
    CAPTURE(n);
    auto const check = [&](shape const& other, auto const& end) {
      builder b("rows", 17);
      auto const x = b.input("x", {float32, {2, 3, n}});
      b.output(end(b, add_chain<float>(b, apply<op::neg>(b, "", {x}), other)), "y");
      auto const g = b.finish();
      CHECK((loaded(g).needs()->steps == 1 || n < 512));  // shorter rows are stored first
      check_against_scalar(g);
    };
    for (auto const& other : {shape{}, shape{n}, shape{3, 1}, shape{2, 1, 1}, shape{2, 3, n}}) {
      check(other, [&](builder& b, value_id x) {
        return add_chain<float>(b, apply<op::softmax>(b, "", {x}), {n});
      });
      check(other, [&](builder& b, value_id x) {
        auto const scale = b.constant<float>("", {n}, span<float const>(numbers(n)));
        return apply<op::layer_norm>(b, "", {x, scale});
      });
      // A reduction sees the axes that it keeps as one.
      if (other == shape{3, 1} || other == shape{2, 1, 1}) continue;
      check(other, [&](builder& b, value_id x) {
        auto const last = b.constant<std::int64_t>("", {1}, {2});
        auto const sums = apply<op::reduce_sum>(b, "", {x, last});
        return add_chain<float>(b, sums, {2, 3, 1});
      });
    }
  }
}

TEST_CASE("a chain of float64 behind a product") {
  builder b("product", 13);
  auto const x = b.input("x", {element_type::float64, {2, 3}});
  auto const w = b.constant<double>("w", {3, 2}, {1, 2, 3, 4, 5, 6});
  b.output(add_chain<double>(b, apply<op::matmul>(b, "", {x, w}), {2, 1}), "y");
  auto const session = loaded(b.finish());
  CHECK(session.needs()->steps == 1);
  inlay::interpreter::context context;
  double const ones[] = {1, 1, 1, -9, -9, -9};
  auto const y = session.run(context, {{"x", view<double const, 2, 3>(ones)}}).value();
  auto const c = numbers(2);
  // What the products are: 9, 12, -81, -108.
  double const products[] = {9, 12, -81, -108};
  for (std::size_t i = 0; i < 4; ++i) {
    double const added = c[i / 2];
    double const sum = products[i] + added;
    CHECK(y[0].elements<double>()[i] == added + ((sum > 0 ? sum : 0) + products[i]));
  }
}

TEST_CASE("convolutions of all kinds of extents have the scalar stage's bits") {
  struct of {
    std::int64_t channels, outputs, groups, size, window, pad, stride;
  };
  constexpr of cases[] = {{1, 8, 1, 12, 5, 0, 1},   {8, 16, 1, 8, 3, 0, 1}, {3, 5, 1, 9, 3, 1, 2},
                          {16, 16, 1, 8, 3, 1, 1},  {4, 32, 1, 7, 1, 0, 1}, {8, 32, 1, 14, 3, 1, 1},
                          {24, 24, 24, 9, 3, 1, 1}, {6, 6, 6, 9, 3, 1, 2},  {4, 8, 4, 6, 3, 0, 1},
                          {4, 12, 2, 6, 3, 1, 1},   {1, 1, 1, 6, 3, 0, 1},  {4, 48, 1, 12, 3, 1, 1},
                          {3, 64, 1, 28, 1, 0, 1},  {2, 8, 1, 14, 3, 0, 1}};
  for (auto const& c : cases) {
    CAPTURE(c.channels);
    CAPTURE(c.outputs);
    CAPTURE(c.size);
    auto const of_group = c.channels / c.groups;
    auto const across = (c.size + 2 * c.pad - c.window) / c.stride + 1;
    auto const elements = numbers(c.outputs * of_group * c.window * c.window);
    auto const check = [&](auto const& add_tail) {
      builder b("convolution", 13);
      auto const x = b.input("x", {float32, {2, c.channels, c.size, c.size}});
      auto const w = b.constant<float>("w", {c.outputs, of_group, c.window, c.window},
                                       span<float const>(elements));
      auto const y = apply<op::conv>(b, "", {x, w},
                                     {{"group", c.groups},
                                      {"pads", {c.pad, c.pad, c.pad, c.pad}},
                                      {"strides", {c.stride, c.stride}}});
      b.output(add_tail(b, y), "y");
      check_against_scalar(b.finish());
    };
    check([&](builder& b, value_id y) { return apply<op::relu>(b, "", {y}); });
    check([&](builder& b, value_id y) { return add_chain<float>(b, y, {c.outputs, 1, across}); });
    auto const pool = [](builder& b, value_id y) {
      return apply<op::max_pool>(b, "", {y}, {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}});
    };
    check(pool);
    check([&](builder& b, value_id y) {
      auto const clipped = apply<op::relu>(b, "", {y});
      return pool(b, apply<op::add>(b, "", {clipped, y}));
    });
    // Between two kernels over images, one has its channels last.
    check([&](builder& b, value_id y) {
      auto const middle = add_chain<float>(b, y, {c.outputs, 1, 1});
      auto const v =
          b.constant<float>("v", {4, c.outputs, 1, 1}, span<float const>(numbers(4 * c.outputs)));
      auto const second = apply<op::conv>(b, "", {middle, v});
      return apply<op::relu>(b, "", {second});
    });
  }
}

inline constexpr auto lenet = inlay::onnx(lenet_onnx, {{"batch", 1}});

/// Runs the session on each image; how many differ from what is expected.
std::size_t count_different(inlay::interpreter::session const& session,
                            std::vector<std::vector<float>> const& images,
                            std::vector<std::vector<float>> const& expected) {
  inlay::interpreter::context context;
  std::size_t different = 0;
  for (std::size_t i = 0; i < images.size(); ++i) {
    auto const outputs = session.run(
        context, {{session.inputs()[0].name, view<float const, 1, 1, 28, 28>(images[i].data())}});
    auto const* const y = (*outputs)[0].elements<float>();
    for (std::size_t k = 0; k < 10; ++k) {
      if (!agrees(session, y[k], expected[i][k])) ++different;
    }
  }
  return different;
}

TEST_CASE("LeNet has the static model's bits, in two threads that share it") {
  std::string const folder = INLAY_SOURCE_DIR "/examples/lenet";
  std::ifstream file(folder + "/images.idx3-ubyte", std::ios::binary);
  std::string const bytes{std::istreambuf_iterator<char>(file), {}};
  model<lenet> const network;
  model<lenet>::context memory;
  std::vector<std::vector<float>> images;
  std::vector<std::vector<float>> expected;
  for (std::size_t at = 16; images.size() < 6; at += 28 * 28) {
    std::vector<float> pixels;
    for (std::size_t i = 0; i < 28 * 28; ++i) {
      pixels.push_back(static_cast<float>(static_cast<unsigned char>(bytes[at + i])) / 255.0f);
    }
    auto const y = network(memory, view<float const, 1, 1, 28, 28>(pixels.data()));
    expected.emplace_back(y.begin(), y.end());
    images.push_back(std::move(pixels));
  }
  // The first runs of both make the program for a batch of one.
  auto const session = load((folder + "/lenet.onnx").c_str()).value();
  std::size_t of_other = 1;
  std::thread other([&] { of_other = count_different(session, images, expected); });
  CHECK(count_different(session, images, expected) == 0);
  other.join();
  CHECK(of_other == 0);
}

}  // namespace
