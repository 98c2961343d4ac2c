// Windows, against onnx.shape_inference and ONNX's formulas.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/window.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string_view>

#include "one_node.hpp"

namespace {
using namespace inlay_test;

struct window_case {
  std::int64_t input[2];
  std::int64_t size[2];
  std::int64_t strides[2];
  std::int64_t dilations[2];
  char const* auto_pad;
  std::int64_t pads[4];
  int ceil_mode;
  std::int64_t outputs[2];
};

// onnx 1.23.2: random MaxPools (random.seed(7)), the outputs from onnx.shape_inference in strict
// mode.
constexpr window_case cases[] = {
    {{2, 6}, {3, 2}, {4, 1}, {1, 3}, "SAME_LOWER", {0, 0, 0, 0}, 0, {1, 6}},
    {{7, 1}, {4, 4}, {1, 2}, {1, 3}, "SAME_LOWER", {0, 0, 0, 0}, 1, {7, 1}},
    {{5, 7}, {4, 1}, {2, 1}, {3, 1}, "NOTSET", {4, 0, 4, 1}, 1, {3, 7}},
    {{12, 2}, {2, 1}, {2, 3}, {1, 3}, "SAME_LOWER", {0, 0, 0, 0}, 0, {6, 1}},
    {{12, 13}, {4, 4}, {3, 3}, {1, 1}, "NOTSET", {0, 4, 2, 4}, 0, {4, 6}},
    {{10, 13}, {1, 3}, {3, 3}, {3, 2}, "SAME_UPPER", {0, 0, 0, 0}, 1, {4, 5}},
    {{7, 11}, {1, 1}, {3, 4}, {2, 3}, "NOTSET", {0, 1, 1, 0}, 1, {3, 3}},
    {{12, 4}, {1, 4}, {1, 2}, {2, 1}, "SAME_UPPER", {0, 0, 0, 0}, 0, {12, 2}},
    {{12, 7}, {4, 3}, {2, 4}, {3, 2}, "NOTSET", {3, 1, 1, 0}, 0, {4, 1}},
    {{3, 5}, {2, 2}, {2, 1}, {2, 3}, "NOTSET", {0, 0, 1, 2}, 0, {1, 4}},
    {{7, 7}, {3, 2}, {1, 4}, {3, 3}, "SAME_UPPER", {0, 0, 0, 0}, 0, {7, 2}},
    {{2, 6}, {1, 2}, {1, 2}, {2, 1}, "SAME_LOWER", {0, 0, 0, 0}, 0, {2, 3}},
    {{1, 13}, {1, 2}, {3, 2}, {3, 3}, "SAME_LOWER", {0, 0, 0, 0}, 0, {1, 7}},
    {{13, 9}, {3, 2}, {3, 2}, {3, 3}, "NOTSET", {1, 2, 1, 0}, 0, {3, 4}},
    {{2, 4}, {3, 4}, {3, 3}, {1, 1}, "SAME_UPPER", {0, 0, 0, 0}, 1, {1, 2}},
    {{7, 13}, {1, 4}, {3, 1}, {3, 1}, "VALID", {0, 0, 0, 0}, 1, {3, 10}},
    {{9, 3}, {4, 2}, {4, 3}, {1, 3}, "NOTSET", {0, 2, 0, 2}, 1, {3, 2}},
    {{4, 5}, {2, 4}, {2, 2}, {1, 2}, "SAME_LOWER", {0, 0, 0, 0}, 1, {2, 3}},
    {{10, 9}, {4, 2}, {1, 3}, {2, 3}, "SAME_UPPER", {0, 0, 0, 0}, 1, {10, 3}},
    {{3, 8}, {1, 4}, {2, 1}, {1, 1}, "SAME_LOWER", {0, 0, 0, 0}, 1, {2, 8}},
    {{1, 13}, {4, 1}, {1, 2}, {1, 2}, "NOTSET", {4, 1, 4, 0}, 0, {6, 7}},
    {{9, 13}, {4, 3}, {2, 3}, {2, 3}, "SAME_UPPER", {0, 0, 0, 0}, 1, {5, 5}},
    {{8, 6}, {2, 4}, {2, 4}, {1, 2}, "NOTSET", {2, 1, 1, 0}, 0, {5, 1}},
    {{3, 8}, {3, 1}, {2, 3}, {1, 2}, "NOTSET", {0, 1, 3, 0}, 1, {2, 3}},
    {{4, 6}, {2, 2}, {4, 4}, {2, 2}, "NOTSET", {0, 2, 1, 0}, 0, {1, 2}},
    {{10, 5}, {4, 4}, {1, 4}, {2, 3}, "SAME_LOWER", {0, 0, 0, 0}, 0, {10, 2}},
    {{7, 11}, {3, 3}, {1, 2}, {2, 1}, "NOTSET", {3, 1, 3, 2}, 0, {9, 6}},
    {{1, 11}, {3, 1}, {2, 4}, {1, 2}, "NOTSET", {2, 0, 1, 0}, 0, {1, 3}},
    {{5, 10}, {1, 4}, {1, 3}, {3, 2}, "NOTSET", {0, 4, 0, 0}, 0, {5, 3}},
    {{5, 9}, {3, 1}, {2, 2}, {2, 3}, "NOTSET", {2, 1, 1, 1}, 0, {2, 6}},
    {{9, 9}, {1, 3}, {1, 1}, {1, 3}, "NOTSET", {1, 1, 1, 0}, 1, {10, 4}},
    {{2, 11}, {1, 1}, {3, 4}, {1, 1}, "SAME_UPPER", {0, 0, 0, 0}, 0, {1, 3}},
    {{6, 6}, {2, 2}, {3, 4}, {1, 2}, "SAME_LOWER", {0, 0, 0, 0}, 0, {2, 2}},
    {{8, 5}, {3, 2}, {1, 3}, {2, 1}, "SAME_LOWER", {0, 0, 0, 0}, 0, {8, 2}},
    {{5, 5}, {1, 2}, {4, 1}, {2, 1}, "VALID", {0, 0, 0, 0}, 1, {2, 4}},
    {{10, 11}, {4, 3}, {4, 2}, {2, 3}, "NOTSET", {0, 3, 4, 1}, 1, {3, 5}},
    {{11, 6}, {1, 2}, {1, 1}, {1, 1}, "NOTSET", {1, 1, 0, 2}, 0, {12, 8}},
    {{12, 9}, {2, 4}, {3, 1}, {2, 1}, "SAME_LOWER", {0, 0, 0, 0}, 0, {4, 9}},
    {{11, 8}, {1, 3}, {2, 2}, {1, 3}, "SAME_UPPER", {0, 0, 0, 0}, 0, {6, 4}},
    {{12, 12}, {2, 1}, {2, 3}, {2, 3}, "NOTSET", {2, 0, 0, 1}, 0, {6, 5}},
    {{5, 12}, {4, 3}, {1, 2}, {3, 2}, "SAME_LOWER", {0, 0, 0, 0}, 0, {5, 6}},
    {{8, 2}, {2, 3}, {1, 4}, {1, 2}, "SAME_LOWER", {0, 0, 0, 0}, 0, {8, 1}},
    {{10, 11}, {1, 1}, {2, 3}, {2, 1}, "SAME_LOWER", {0, 0, 0, 0}, 0, {5, 4}},
    {{11, 8}, {4, 4}, {1, 2}, {1, 2}, "SAME_UPPER", {0, 0, 0, 0}, 0, {11, 4}},
    {{7, 2}, {3, 1}, {3, 1}, {2, 2}, "NOTSET", {0, 1, 2, 1}, 0, {2, 4}},
    {{13, 13}, {4, 3}, {2, 3}, {2, 1}, "VALID", {0, 0, 0, 0}, 1, {4, 5}},
    {{9, 3}, {4, 4}, {2, 3}, {2, 1}, "NOTSET", {3, 3, 2, 2}, 0, {4, 2}},
    {{9, 11}, {3, 3}, {4, 2}, {2, 2}, "SAME_UPPER", {0, 0, 0, 0}, 0, {3, 6}},
    {{3, 3}, {4, 4}, {4, 2}, {1, 1}, "SAME_LOWER", {0, 0, 0, 0}, 0, {1, 2}},
    {{4, 13}, {1, 1}, {3, 2}, {2, 2}, "SAME_LOWER", {0, 0, 0, 0}, 0, {2, 7}},
    {{6, 4}, {4, 1}, {3, 2}, {3, 2}, "SAME_UPPER", {0, 0, 0, 0}, 1, {2, 2}},
    {{2, 4}, {4, 2}, {1, 3}, {3, 3}, "SAME_UPPER", {0, 0, 0, 0}, 0, {2, 2}},
    {{10, 3}, {2, 3}, {3, 1}, {3, 2}, "NOTSET", {1, 3, 2, 0}, 1, {4, 2}},
    {{3, 7}, {2, 4}, {1, 2}, {1, 3}, "NOTSET", {2, 0, 0, 3}, 0, {4, 1}},
    {{3, 11}, {3, 1}, {1, 2}, {2, 1}, "SAME_LOWER", {0, 0, 0, 0}, 0, {3, 6}},
    {{5, 2}, {3, 4}, {2, 1}, {1, 1}, "NOTSET", {3, 0, 1, 3}, 0, {4, 2}},
    {{4, 6}, {3, 4}, {1, 1}, {3, 2}, "SAME_LOWER", {0, 0, 0, 0}, 1, {4, 6}},
    {{8, 13}, {1, 1}, {2, 1}, {2, 3}, "SAME_UPPER", {0, 0, 0, 0}, 0, {4, 13}},
    {{6, 6}, {2, 1}, {3, 2}, {3, 1}, "SAME_UPPER", {0, 0, 0, 0}, 0, {2, 3}},
    {{8, 9}, {2, 2}, {4, 1}, {3, 1}, "SAME_LOWER", {0, 0, 0, 0}, 0, {2, 9}},
};

constexpr result<image_window> window_in(window_case const& c) {
  bool const pads = std::string_view(c.auto_pad) == "NOTSET";
  builder b;
  auto const x = b.input({}, float32({1, 1, c.input[0], c.input[1]}));
  apply<op::max_pool>(b, "", {x},
                      {{"auto_pad", c.auto_pad},
                       {"ceil_mode", c.ceil_mode},
                       {"strides", {c.strides[0], c.strides[1]}},
                       {"dilations", {c.dilations[0], c.dilations[1]}},
                       {pads ? "pads" : "unused", {c.pads[0], c.pads[1], c.pads[2], c.pads[3]}}});
  auto const g = b.finish();
  return window_of(node_view{g, g.nodes[0]}, g.values[0].type.shape, {{c.size[0], c.size[1]}});
}

constexpr bool agrees(window_case const& c) {
  auto const w = window_in(c);
  return w && w->outputs[0] == c.outputs[0] && w->outputs[1] == c.outputs[1] &&
         w->axes[0].size == c.size[0] && w->axes[1].size == c.size[1] &&
         w->axes[0].stride == c.strides[0] && w->axes[1].dilation == c.dilations[1];
}
constexpr bool all_agree() {
  for (auto const& c : cases) {
    if (!agrees(c)) return false;
  }
  return true;
}
static_assert(all_agree());

/// A window over an input of 4 rows and 5 columns, 3 rows and 2 columns, with these attributes.
constexpr result<image_window> window_with(std::initializer_list<named_attribute> attributes,
                                           std::int64_t rows = 3, std::int64_t columns = 2,
                                           std::int64_t height = 4) {
  builder b;
  auto const x = b.input({}, float32({1, 1, height, 5}));
  apply<op::max_pool>(b, "", {x}, attributes);
  auto const g = b.finish();
  return window_of(node_view{g, g.nodes[0]}, g.values[0].type.shape, {{rows, columns}});
}

// Everything is 1 and 0 by default.
constexpr auto plain = *window_with({});
static_assert(plain.axes[0].size == 3 && plain.axes[0].stride == 1);
static_assert(plain.axes[0].dilation == 1 && plain.axes[0].pad == 0);
static_assert(plain.outputs[0] == 2 && plain.outputs[1] == 4);

// The pads in front: of an odd number, SAME_UPPER puts the larger half behind, SAME_LOWER before.
// pad_shape = (output - 1)·stride + (kernel - 1)·dilation + 1 - input, ONNX MaxPool.
// Rows of 4 by 3, stride 2: 2 outputs, 1 pad. Columns of 5 by 4, stride 1: 5 outputs, 3 pads.
constexpr auto upper = *window_with({{"auto_pad", "SAME_UPPER"}, {"strides", {2, 1}}}, 3, 4);
static_assert(upper.outputs[0] == 2 && upper.axes[0].pad == 0);
static_assert(upper.outputs[1] == 5 && upper.axes[1].pad == 1);
constexpr auto lower = *window_with({{"auto_pad", "SAME_LOWER"}, {"strides", {2, 1}}}, 3, 4);
static_assert(lower.outputs[0] == 2 && lower.axes[0].pad == 1);
static_assert(lower.outputs[1] == 5 && lower.axes[1].pad == 2);
// pads are in the order of ONNX: rows before, columns before, rows behind, columns behind.
constexpr auto padded = *window_with({{"pads", {1, 2, 3, 4}}});
static_assert(padded.axes[0].pad == 1 && padded.outputs[0] == 4 + 1 + 3 - 2);
static_assert(padded.axes[1].pad == 2 && padded.outputs[1] == 5 + 2 + 4 - 1);
constexpr auto valid = *window_with({{"auto_pad", "VALID"}});
static_assert(valid.axes[0].pad == 0 && valid.outputs[0] == 2 && valid.outputs[1] == 4);

constexpr bool refuses(rule broken, std::string_view text,
                       std::initializer_list<named_attribute> attributes, std::int64_t rows = 3,
                       std::int64_t columns = 2, std::int64_t height = 4) {
  auto const w = window_with(attributes, rows, columns, height);
  return !w && w.failure().broken == broken && w.failure().text.view() == text;
}
static_assert(refuses(rule::the_rank_must_match_the_operator,
                      "attribute 'strides' has 1 values, where 2 are expected",
                      {{"strides", {std::int64_t{2}}}}));
static_assert(refuses(rule::the_rank_must_match_the_operator,
                      "attribute 'dilations' has 3 values, where 2 are expected",
                      {{"dilations", {1, 1, 1}}}));
static_assert(refuses(rule::the_rank_must_match_the_operator,
                      "attribute 'pads' has 2 values, where 4 are expected", {{"pads", {1, 1}}}));
static_assert(refuses(rule::an_attribute_must_be_in_range,
                      "attribute 'strides' holds 0, where at least 1 is expected",
                      {{"strides", {1, 0}}}));
static_assert(refuses(rule::an_attribute_must_be_in_range,
                      "attribute 'dilations' holds -1, where at least 1 is expected",
                      {{"dilations", {-1, 1}}}));
static_assert(refuses(rule::an_attribute_must_be_in_range,
                      "attribute 'pads' holds -1, where at least 0 is expected",
                      {{"pads", {0, 0, 0, -1}}}));
static_assert(refuses(rule::an_attribute_must_be_in_range,
                      "attribute 'auto_pad' is 'SAME', which is not one of NOTSET, SAME_UPPER, "
                      "SAME_LOWER, VALID",
                      {{"auto_pad", "SAME"}}));
static_assert(refuses(rule::an_attribute_must_be_in_range, "the window has 0 rows", {}, 0, 1));
static_assert(refuses(rule::an_attribute_must_be_in_range, "the window has -2 columns", {}, 1, -2));
static_assert(refuses(rule::the_window_must_fit_into_the_padded_input,
                      "the window reaches over 5 rows, the padded input has 4", {}, 5, 1));
static_assert(refuses(rule::the_window_must_fit_into_the_padded_input,
                      "the window reaches over 7 columns, the padded input has 6",
                      {{"dilations", {1, 3}}, {"pads", {0, 1, 0, 0}}}, 3, 3));
static_assert(refuses(rule::the_window_must_fit_into_the_padded_input,
                      "the window reaches over 3 rows, the padded input has 0", {}, 3, 2, 0));

}  // namespace

TEST_CASE("the number of outputs is the one that onnx infers") {
  for (auto const& c : cases) {
    CAPTURE(&c - cases);
    CHECK(agrees(c));
  }
}

TEST_CASE("attributes as large as a file may hold overflow nothing") {
  auto const largest = std::numeric_limits<std::int64_t>::max();
  auto const edge = std::int64_t{1} << 31;
  for (auto const v : {largest, edge, edge - 1}) {
    for (auto const* const name : {"strides", "dilations"}) {
      for (auto const* const pad : {"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"}) {
        auto const w = window_with({{name, {v, v}}, {"auto_pad", pad}, {"ceil_mode", 1}}, v, v);
        if (w) CHECK(w->outputs[0] >= 0);
      }
    }
    auto const w = window_with({{"pads", {v, v, v, v}}}, v, v, std::int64_t{1} << 46);
    if (w) CHECK(w->outputs[0] >= 0);
  }
  CHECK_FALSE(window_with({{"strides", {largest, largest}}}));
  CHECK_FALSE(window_with({{"pads", {largest, 0, 0, 0}}}));
}
