// Reductions: which axes, and how the kernel sees what is left.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/reduction.hpp"

#include <doctest/doctest.h>

#include "one_node.hpp"

namespace {
using namespace inlay_test;

using axes_list = std::initializer_list<std::int64_t>;

/// `Operator` applied to float32 of shape x, with these axes as a constant.
template <class Operator>
constexpr graph reduce(shape const& x, axes_list axes,
                       std::initializer_list<named_attribute> attributes = {}) {
  builder b("", 21);
  auto const input = b.input("x", float32(x));
  auto const list = b.constant("", {static_cast<std::int64_t>(axes.size())},
                               span<std::int64_t const>(axes.begin(), axes.size()));
  b.output(apply<Operator>(b, "", {input, list}, attributes));
  return b.finish();
}

constexpr bool reduces(shape const& x, axes_list axes, shape const& y,
                       std::initializer_list<named_attribute> attributes = {}) {
  auto const type = type_of(reduce<op::reduce_sum>(x, axes, attributes));
  return type && type->shape == y && type->element == element_type::float32;
}
static_assert(reduces({2, 3, 4}, {1}, {2, 1, 4}));
static_assert(reduces({2, 3, 4}, {-1, 0}, {1, 3, 1}));
static_assert(reduces({2, 3, 4}, {1}, {2, 4}, {{"keepdims", 0}}));
static_assert(reduces({2, 3}, {}, {1, 1}));
static_assert(reduces({2, 3}, {}, {}, {{"keepdims", 0}}));
static_assert(reduces({2, 3}, {}, {2, 3}, {{"noop_with_empty_axes", 1}}));
static_assert(infers<op::reduce_max>({1, 1}, {float32({2, 3})}));
static_assert(infers<op::reduce_max>({2, 3}, {float32({2, 3})}, {{"noop_with_empty_axes", 1}}));
static_assert(infers<op::reduce_mean>({}, {float32({})}));

constexpr bool fails(axes_list axes, std::string_view text) {
  auto const type = type_of(reduce<op::reduce_l2>({2, 3}, axes));
  return !type && type.failure().broken == rule::the_axis_must_be_within_the_rank &&
         type.failure().text.view() == text;
}
static_assert(fails({2}, "axis 2 is outside of 2 axes"));
static_assert(fails({1, -1}, "axis -1 is named twice"));
static_assert(refuses<op::reduce_prod>(
    rule::an_attribute_must_be_in_range,
    "the axes (input 1) are float32 of shape 1, where a list of int64 is expected",
    {float32({2}), float32({1})}));

template <class Operator>
constexpr lowering lowered_along(shape const& x, axes_list axes,
                                 std::initializer_list<named_attribute> attributes = {}) {
  auto const g = reduce<Operator>(x, axes, attributes);
  lowering l;
  l.inputs = {layout(float32(x)), layout(element_type::int64, {0})};
  l.outputs.push_back(layout(*type_of(g)));
  entry_of<graph>(g.nodes[0].op).lower({g, g.nodes[0]}, l);
  return l;
}
struct seen_tensor {
  shape extents;
  shape strides;
};
constexpr bool sees(lowering const& l, seen_tensor const& x, shape const& y) {
  return l.inputs.size() == 1 && looks(l.inputs[0], x.extents, x.strides) &&
         looks(l.outputs[0], y, contiguous_strides(y));
}
// The kernel does not see the axes, but [kept…, a, b, c, n, columns].
static_assert(sees(lowered_along<op::reduce_sum>({2, 3, 4, 5}, {1, 2}),
                   {{2, 1, 1, 1, 12, 5}, {60, 0, 0, 0, 5, 1}}, {2, 5}));
static_assert(sees(lowered_along<op::reduce_sum>({2, 3, 4, 5}, {0, 3}),
                   {{12, 1, 1, 2, 5}, {5, 0, 0, 60, 1}}, {12, 1}));
// Axes of one element are no axes.
static_assert(sees(lowered_along<op::reduce_sum>({2, 1, 4, 1}, {1, 2, 3}, {{"keepdims", 0}}),
                   {{2, 1, 1, 1, 4}, {4, 0, 0, 0, 1}}, {2, 1}));
static_assert(sees(lowered_along<op::reduce_sum>({3, 4}, {}, {{"noop_with_empty_axes", 1}}),
                   {{1, 1, 1, 1, 12}, {0, 0, 0, 1, 1}}, {12}));
static_assert(sees(lowered_along<op::reduce_sum>({}, {}), {{1, 1, 1, 1}, {0, 0, 0, 1}}, {1}));
// As many axes as there can be.
static_assert(sees(lowered_along<op::reduce_sum>({2, 2, 2, 2, 2, 2, 2, 2}, {1, 3, 5, 7}),
                   {{2, 2, 2, 2, 2, 2, 2, 2}, {128, 32, 8, 2, 64, 16, 4, 1}}, {2, 2, 2, 2, 1}));
static_assert(sees(lowered_along<op::reduce_sum>({2, 2, 2, 2, 2, 2, 2, 2}, {0, 2, 4, 6}),
                   {{2, 2, 2, 2, 2, 2, 2, 2}, {64, 16, 4, 128, 32, 8, 2, 1}}, {2, 2, 2, 2}));
// Of no elements: columns of none.
static_assert(sees(lowered_along<op::reduce_max>({2, 0, 3}, {0, 1}),
                   {{1, 1, 1, 0, 3}, {0, 0, 0, 0, 1}}, {3}));
static_assert(from_words<reduction>(lowered_along<op::reduce_l2>({2}, {0}).words.data()).to ==
              reduced_to::root_of_squares);

}  // namespace

TEST_CASE("axes that are computed leave the shape open") {
  builder b("", 21);
  auto const x = b.input({}, float32({2, 1}));
  b.output(apply<op::reduce_min>(b, "", {x, b.input({}, {element_type::int64, {1}})}));
  auto const type = type_of(b.finish());
  REQUIRE(type);
  CHECK_FALSE(type->has_shape);
}
