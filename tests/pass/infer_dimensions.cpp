// Types of graphs whose dimensions have no value, and what becomes of computed shapes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/graph/parse.hpp"
#include "inlay/graph/print.hpp"
#include "inlay/graph/verify.hpp"
#include "inlay/pass/bind_dimensions.hpp"
#include "inlay/pass/eliminate_dead.hpp"
#include "inlay/pass/fix_reshapes.hpp"
#include "inlay/pass/infer_types.hpp"
#include "inlay/program/lower.hpp"

namespace {
using namespace inlay;

/// Whether the last node's result is inferred to be of that type.
constexpr bool infers(std::string_view lines, std::string_view type, std::int64_t opset = 21) {
  text_buffer text;
  text << "graph \"g\" opset " << opset << "\n" << lines;
  auto g = parse(text.view(), find_operator);
  if (g.failure) return false;
  auto const last = g.operands[g.nodes.back().outputs.first];
  g = infer_types(verify(std::move(g)));
  return !g.failure && print(g, g.values[last].type).view() == type;
}
constexpr bool refuses(std::string_view lines, std::string_view sentence) {
  text_buffer text;
  text << "graph \"g\" opset 21\n" << lines;
  return infer_types(parse(text.view(), find_operator)).failure.text.view() == sentence;
}

#define TWO(a, b, operation)                                              \
  "input %0 : float32[" a "]\ninput %1 : float32[" b "]\n%2 = " operation \
  "\n"                                                                    \
  "return %2\n"
#define ONE(a, operation) "input %0 : float32[" a "]\n%1 = " operation "\nreturn %1\n"

// Element by element, and broadcast.
static_assert(infers(ONE("n, 3", "Relu(%0)"), "float32[n, 3]"));
static_assert(infers(TWO("n, 3", "n, 1", "Add(%0, %1)"), "float32[n, 3]"));
static_assert(infers(TWO("n", "4", "Add(%0, %1)"), "float32[4]"));
static_assert(infers(TWO("n", "1", "Add(%0, %1)"), "float32[n]"));
static_assert(infers(TWO("n, 2", "m, 1, 1", "Add(%0, %1)"), "float32[m, n, 2]"));
static_assert(infers(TWO("n", "m", "Add(%0, %1)"), "float32[broadcast(m, n)]"));
static_assert(refuses(TWO("n, 2", "n, 3", "Add(%0, %1)"),
                      "node 0 (Add): the shapes ?x2 and ?x3 do not broadcast: 2 and 3 stand on the "
                      "same axis"));
static_assert(
    refuses(TWO("n + 2", "n + 3", "Add(%0, %1)"),
            "node 0 (Add): the shapes ? and ? do not broadcast: ? and ? stand on the same "
            "axis"));

// Matrices.
static_assert(infers(TWO("n, 8", "8, m", "MatMul(%0, %1)"), "float32[n, m]"));
static_assert(infers(TWO("n, k", "j, 3", "MatMul(%0, %1)"), "float32[n, 3]"));
static_assert(infers(TWO("b, n, 8", "8, 4", "MatMul(%0, %1)"), "float32[b, n, 4]"));
static_assert(infers(TWO("n, 8", "4, 8", "Gemm(%0, %1) {transB = 1}"), "float32[n, 4]"));
static_assert(refuses(TWO("n, k", "k + 1, 3", "MatMul(%0, %1)"),
                      "node 0 (MatMul): the left operand has ? columns, the right operand has ? "
                      "rows"));

// Windows.
static_assert(infers(TWO("n, 3, h, w", "8, 3, 3, 3",
                         "Conv(%0, %1) {pads = [1, 1, 1, 1], kernel_shape = [3, 3]}"),
                     "float32[n, 8, h, w]"));
static_assert(infers(TWO("n, 3, h, 9", "8, 3, 3, 3", "Conv(%0, %1) {strides = [2, 2]}"),
                     "float32[n, 8, floor((h + 1) / 2) - 1, 4]"));
static_assert(infers(TWO("n, 3, h, 9", "8, 3, 3, 3",
                         "Conv(%0, %1) {strides = [2, 2], auto_pad = \"SAME_UPPER\"}"),
                     "float32[n, 8, floor((h + 1) / 2), 5]"));
static_assert(infers(TWO("n, c, h, 9", "8, c, 3, 3", "Conv(%0, %1)"), "float32[n, 8, h - 2, 7]"));
static_assert(infers(TWO("1, 1, h, 9", "8, 1, k, 3", "Conv(%0, %1)"), "float32[1, 8, ?0, ?1]"));
static_assert(infers(TWO("1, 1, h, 9", "8, 1, k, 3", "Conv(%0, %1) {kernel_shape = [2, 3]}"),
                     "float32[1, 8, h - 1, 7]"));
static_assert(infers(ONE("n, c, 2*h, w", "MaxPool(%0) {kernel_shape = [2, 2], strides = [2, 2]}"),
                     "float32[n, c, h, floor(w / 2)]"));
static_assert(infers(ONE("n, c, h, w",
                         "MaxPool(%0) {kernel_shape = [2, 2], strides = [2, 2], ceil_mode = 1}"),
                     "float32[n, c, floor((h + 1) / 2), floor((w + 1) / 2)]"));

// Other shapes of the same elements.
static_assert(infers(ONE("n, 3, h", "Flatten(%0)"), "float32[n, 3*h]"));
static_assert(infers(ONE("n, 3, h", "Flatten(%0) {axis = 2}"), "float32[3*n, h]"));
static_assert(infers(ONE("n, m", "Softmax(%0)"), "float32[n, m]"));
#define RESHAPE(from, count, base64)                                       \
  "input %0 : float32[" from "]\nconstant %1 : int64[" count "] = " base64 \
  "\n"                                                                     \
  "%2 = Reshape(%0, %1)\nreturn %2\n"
// {0, -1}, {-1, 4}, {2, 3}
static_assert(infers(RESHAPE("n, 3, h", "2", "AAAAAAAAAAD//////////w=="), "float32[n, 3*h]"));
static_assert(infers(RESHAPE("n, 2, 6", "2", "//////////8EAAAAAAAAAA=="), "float32[3*n, 4]"));
static_assert(infers(RESHAPE("n, 6", "2", "//////////8EAAAAAAAAAA=="),
                     "float32[floor(n / 2) + n, 4]"));
static_assert(infers(RESHAPE("n", "2", "AgAAAAAAAAADAAAAAAAAAA=="), "float32[2, 3]"));
static_assert(
    refuses(RESHAPE("n + 7", "2", "AgAAAAAAAAADAAAAAAAAAA=="),
            "node 0 (Reshape): the input of shape ? has never as many elements as the new "
            "shape 2x3"));

// Values of which nothing is known stay so, and nothing is wrong with that.
static_assert(infers(
    "input %0 : float32\n%1 = Relu(%0)\n%2 = Shape(%1)\n%3 = Relu(%1)\nreturn %3\n", "undefined"));

// view(x.size(0), -1) as PyTorch exports it.
constexpr std::string_view view_of_batch =
    "graph \"view\" opset 21\n"
    "input %0 : float32[n, 3, 4]\n"
    "constant %1 : int64[] = AAAAAAAAAAA=\n"
    "constant %2 : int64[1] = AAAAAAAAAAA=\n"
    "constant %3 : int64[1] = //////////8=\n"
    "%4 = Shape(%0)\n"
    "%5 = Gather(%4, %1) {axis = 0}\n"
    "%6 = Unsqueeze(%5, %2)\n"
    "%7 = Concat(%6, %3) {axis = 0}\n"
    "%8 = Reshape(%0, %7)\n"
    "return %8\n";
static_assert([] {
  auto const g = infer_types(parse(view_of_batch, find_operator));
  return print(g, g.values[8].type).view() == "float32[n, 12]";
}());
static_assert([] {
  auto g = parse(view_of_batch, find_operator);
  dimension_value const dimensions[] = {{"n", 5}};
  g = eliminate_dead(infer_types(bind_dimensions(std::move(g), dimensions)));
  return !g.failure && g.nodes.size() == 1 && is<op::reshape>(g.nodes[0]) && g.is_constant(7) &&
         g.values[8].type == tensor_type(element_type::float32, {5, 12});
}());

// x.view(n, c, h * 2, w // 2), by arithmetic on sizes.
static_assert(
    infers("input %0 : float32[n, 3, h, w]\n"
           "constant %1 : int64[1] = AgAAAAAAAAA=\n"
           "constant %2 : int64[1] = AAAAAAAAAAA=\n"
           "constant %3 : int64[1] = //////////8=\n"
           "%4 = Shape(%0) {start = 2, end = 3}\n"
           "%5 = Mul(%4, %1)\n"
           "%6 = Shape(%0) {end = 2}\n"
           "%7 = Cast(%5) {to = 7}\n"
           "%8 = Concat(%6, %7, %3) {axis = 0}\n"
           "%9 = Reshape(%0, %8)\n"
           "return %9\n",
           "float32[n, 3, 2*h, floor(w / 2)]"));
// Slices, sums, differences and quotients of sizes.
static_assert(
    infers("input %0 : float32[n, 3, h, w]\n"
           "constant %1 : int64[1] = AgAAAAAAAAA=\n"
           "constant %2 : int64[1] = AAAAAAAAAAA=\n"
           "constant %3 : int64[1] = //////////8=\n"
           "%4 = Shape(%0)\n"
           "%5 = Slice(%4, %1, %3)\n"          // h
           "%6 = Slice(%4, %2, %1)\n"          // n, 3
           "%7 = Slice(%4, %3, %2, %2, %3)\n"  // w, h, 3
           "%8 = Sub(%6, %6)\n"                // 0, 0
           "%9 = Add(%6, %8)\n"                // n, 3
           "%10 = Concat(%9, %5, %3) {axis = 0}\n"
           "%11 = Reshape(%0, %10)\n"
           "%12 = Div(%7, %1)\n"  // w/2, h/2, 1
           "%13 = Squeeze(%5)\n"
           "%14 = Add(%11, %11)\n"
           "return %14\n",
           "float32[n, 3, h, w]"));

}  // namespace

TEST_CASE("what remains of a shape's computation is not supported") {
  auto const g =
      infer_types(parse("graph \"g\" opset 21\n"
                        "input %0 : int64[]\ninput %1 : int64[]\n"
                        "%2 = Range(%0, %1, %1)\nreturn %2\n",
                        find_operator));
  CHECK(g.failure.text.view() == "node 0 (Range): the operator 'Range' is not supported");
  auto const symbolic = infer_types(parse(view_of_batch, find_operator));
  CHECK(!symbolic.failure);
  CHECK(lower(symbolic).failure.broken == rule::every_dimension_must_have_a_value);
}

TEST_CASE("slices of shapes are those of Python") {
  // onnx's Slice clips as Python does.
  std::vector<std::int64_t> const numbers{INT64_MIN, -9, -5, -4, -1, 0, 1, 3, 4, 9, INT64_MAX};
  std::vector<std::int64_t> const from{10, 11, 12, 13};
  for (auto const start : numbers) {
    for (auto const end : numbers) {
      for (auto const step : numbers) {
        if (step == 0) continue;
        std::vector<std::int64_t> expected;
        auto const at = [](std::int64_t i, std::int64_t least, std::int64_t greatest) {
          if (i < 0) i = i < -4 ? -5 : i + 4;
          return i < least ? least : i > greatest ? greatest : i;
        };
        if (step > 0) {
          for (auto i = at(start, 0, 4); i < at(end, 0, 4); i += step > 9 ? 9 : step) {
            expected.push_back(from[static_cast<std::size_t>(i)]);
          }
        } else {
          for (auto i = at(start, -1, 3); i > at(end, -1, 3); i += step < -9 ? -9 : step) {
            expected.push_back(from[static_cast<std::size_t>(i)]);
          }
        }
        builder b("", 21);
        auto const list = [&](std::vector<std::int64_t> const& e) {
          return b.constant({}, {static_cast<std::int64_t>(e.size())},
                            span<std::int64_t const>(e.data(), e.size()));
        };
        auto const x = list(from);
        auto const s = list({start});
        auto const e = list({end});
        auto const axis = list({0});
        auto const y = b.add(operator_id::unlisted, "Slice", "", {x, s, e, axis, list({step})});
        b.output(y);
        auto const g = infer_types(b.finish());
        REQUIRE(!g.failure);
        auto const& v = g.values[y];
        auto const bytes = g.bytes_of(g.constants[v.constant]);
        REQUIRE(v.type.shape == shape{static_cast<std::int64_t>(expected.size())});
        for (std::size_t i = 0; i < expected.size(); ++i) {
          REQUIRE(read_little_endian<std::int64_t>(bytes, i) == expected[i]);
        }
      }
    }
  }
}

namespace {

/// A random graph of images, with all the operators whose shapes depend on those of their inputs.
graph random_graph(unsigned seed) {
  std::mt19937 random(seed);
  auto const pick = [&](int least, int most) {
    return least + static_cast<int>(random() % static_cast<unsigned>(most - least + 1));
  };
  builder b("random", 21);
  auto const n = b.symbol("n");
  auto const h = b.symbol("h");
  auto const w = b.symbol("w");
  auto const c = pick(0, 1) != 0 ? std::int64_t{3} : b.symbol("c");
  std::vector<value_id> values{b.input("x", {element_type::float32, {n, c, h, w}})};
  values.push_back(b.input("y", {element_type::float32, {n, c, h, pick(0, 1) != 0 ? w : 1}}));
  auto const list = [&](std::vector<std::int64_t> const& e) {
    return b.constant({}, {static_cast<std::int64_t>(e.size())},
                      span<std::int64_t const>(e.data(), e.size()));
  };
  for (int i = 0; i < 8; ++i) {
    auto const x = values[static_cast<std::size_t>(pick(0, static_cast<int>(values.size()) - 1))];
    std::int64_t const size = pick(1, 3);
    std::int64_t const stride = pick(1, 3);
    std::int64_t const pad = pick(0, static_cast<int>(size) - 1);
    value_id y = no_value;
    switch (pick(0, 6)) {
      case 0: y = apply<op::relu>(b, "", {x}); break;
      case 1:
        y = apply<op::max_pool>(b, "", {x},
                                {{"kernel_shape", {size, size}},
                                 {"strides", {stride, stride}},
                                 {"pads", {pad, pad, pad, pad}},
                                 {"ceil_mode", pick(0, 1)}});
        break;
      case 2:
        y = apply<op::max_pool>(b, "", {x},
                                {{"kernel_shape", {size, size}},
                                 {"strides", {stride, stride}},
                                 {"auto_pad", pick(0, 1) != 0 ? "SAME_UPPER" : "VALID"}});
        break;
      case 3: y = apply<op::add>(b, "", {x, values[0]}); break;
      case 4: {
        // view(size(0), size(1), -1, 1)
        auto const s = b.add(operator_id::unlisted, "Shape", "", {x}, {{"end", 2}});
        auto const to =
            b.add(operator_id::unlisted, "Concat", "", {s, list({-1, 1})}, {{"axis", 0}});
        y = apply<op::reshape>(b, "", {x, to});
        break;
      }
      case 5: y = apply<op::reshape>(b, "", {x, list({0, -1, 1, 2})}); break;
      default: {
        auto const flat = apply<op::flatten>(b, "", {x}, {{"axis", pick(0, 3)}});
        y = apply<op::unsqueeze>(b, "", {flat, list({0, 3})});
        break;
      }
    }
    values.push_back(y);
  }
  for (auto const v : values) b.output(v);
  return b.finish();
}

}  // namespace

TEST_CASE("binding after inference gives what inference gives after binding") {
  int compared = 0;
  int open = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    auto const g = random_graph(seed);
    auto const inferred = infer_types(g);
    if (inferred.failure) INFO(std::string(inferred.failure.text.view()));
    for (std::int64_t scale = 1; scale < 4; ++scale) {
      vector<dimension_value> dimensions{{"n", 2 * scale}, {"h", 5 * scale + 3}, {"w", 12 * scale}};
      for (auto const symbol : g.symbols) {
        if (symbol == "c") dimensions.push_back({"c", scale});
      }
      auto const bound = infer_types(bind_dimensions(g, dimensions));
      // What is wrong with symbols is wrong with values.
      if (inferred.failure) REQUIRE(bound.failure);
      if (bound.failure) continue;
      auto const late = bind_dimensions(inferred, dimensions);
      REQUIRE(!late.failure);
      for (std::size_t i = 0; i < g.values.size(); ++i) {
        auto const& a = late.values[i].type;
        auto const& b = bound.values[i].type;
        REQUIRE(a.has_shape == b.has_shape);
        REQUIRE(a.shape.size() == b.shape.size());
        for (int k = 0; k < a.shape.size(); ++k) {
          CAPTURE(i);
          if (a.shape[k] >= 0) REQUIRE(a.shape[k] == b.shape[k]);
          compared += a.shape[k] >= 0 ? 1 : 0;
          open += a.shape[k] < 0 ? 1 : 0;
        }
      }
      // Inferring again settles what binding left open.
      auto const again = infer_types(late);
      REQUIRE(!again.failure);
      for (std::size_t i = 0; i < g.values.size(); ++i) {
        REQUIRE(again.values[i].type == bound.values[i].type);
      }
      // So does a list that says what the computed one did.
      auto const fixed = infer_types(bind_dimensions(fix_reshapes(inferred), dimensions));
      REQUIRE(!fixed.failure);
      for (std::size_t i = 0; i < g.values.size(); ++i) {
        REQUIRE(fixed.values[i].type == bound.values[i].type);
      }
    }
  }
  CHECK(compared > 10000);
  CHECK(open < compared / 20);
}

TEST_CASE("inferring twice changes nothing") {
  for (unsigned seed = 0; seed < 50; ++seed) {
    auto const once = infer_types(random_graph(seed));
    if (once.failure) continue;
    CHECK(print(infer_types(once)).view() == print(once).view());
  }
}
