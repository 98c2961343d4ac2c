// Parts of a tensor.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/op/squeeze.hpp"
#include "inlay/op/view.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// Elements of an axis: `count` of them, `step` apart.
struct axis_run {
  std::int64_t first = 0;
  std::int64_t step = 1;
  std::int64_t count = 0;
};

constexpr std::int64_t clip(std::int64_t x, std::int64_t least, std::int64_t greatest) {
  return x < least ? least : x > greatest ? greatest : x;
}

/// What [start:end:step] is of an axis of so many elements, as Python slices.
///   of 5, from -1 to INT64_MIN by -2 → 4, 2, 0
constexpr axis_run run_of(std::int64_t extent, std::int64_t start, std::int64_t end,
                          std::int64_t step) {
  // Compared with the extent first, so that nothing overflows.
  auto const stride = clip(step, -extent - 1, extent + 1);
  bool const ascends = step > 0;
  auto const place = [&](std::int64_t at) {
    if (at < 0 && at >= -extent) at += extent;
    return ascends ? clip(at, 0, extent) : clip(at, -1, extent - 1);
  };
  auto const first = place(start);
  auto const span = ascends ? place(end) - first : first - place(end);
  auto const size = ascends ? stride : -stride;
  return {first, stride, span <= 0 ? 0 : (span + size - 1) / size};
}

/// Checks that an input is a list of integers.
constexpr error check_integers(auto const& n, int input, string_view name) {
  auto const& t = n.input(input);
  if ((t.element == element_type::int64 || t.element == element_type::int32) &&
      t.shape.size() == 1) {
    return {};
  }
  return make_error(rule::an_attribute_must_be_in_range, "the ", name, " (input ", input, ") are ",
                    t.element, " of shape ", t.shape, ", where a list of integers is expected");
}

/// A place on an axis whose extent has no value: a number of elements from the front, which is on
/// the axis for sure; unknown where none is known.
constexpr dimension_sum place_on(auto const& n, dimension_sum const& extent,
                                 shape_element const& at, bool ascends) {
  constexpr std::int64_t far = INT32_MAX;  // what files say for as far as it goes
  auto const last = ascends ? extent : extent - dimension_sum(1);
  auto place = n.sum_of_element(at);
  if (at.is_number) {
    if (at.value >= far) return last;
    if (at.value <= -far) return dimension_sum(ascends ? 0 : -1);
    if (at.value < 0) place = extent + place;
  }
  std::int64_t least = 0;
  bool const is_on_axis = n.dimensions()->least_of(last - place, least) && least >= 0 &&
                          n.dimensions()->least_of(place, least) && least >= (ascends ? 0 : -1);
  return is_on_axis ? place : dimension_sum::unknown();
}

/// How many elements [start:end:step] is of such an axis.
constexpr std::int64_t count_of_run(auto const& n, std::int64_t extent, shape_element const& start,
                                    shape_element const& end, std::int64_t step) {
  auto const all = n.sum_of(extent);
  auto const first = place_on(n, all, start, step > 0);
  auto const last = place_on(n, all, end, step > 0);
  std::int64_t least = 0;
  auto const span = step > 0 ? last - first : first - last;
  if (first.is_unknown() || last.is_unknown() || step <= -INT32_MAX ||
      !n.dimensions()->least_of(span, least) || least < 0) {
    return n.extent_of(dimension_sum::unknown());
  }
  return n.divide_up(n.extent_of(span), step > 0 ? step : -step);
}

}  // namespace detail

namespace op {

/// The elements from `starts` (input 1) on to before `ends` (2) by `steps` (4, or 1) along `axes`
/// (3, or the first ones), as Python slices. `convert_opset` brings the form of opsets before 10 to
/// this one.   {10} from -1 to -9 by -3 → {3}                              ONNX: Slice, since 1
struct slice {
  static constexpr string_view name = "Slice";
  static constexpr int since = 1;
  static constexpr arity inputs{3, 5};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 1};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const& x = n.input(0);
    constexpr string_view names[] = {"", "starts", "ends", "axes", "steps"};
    auto const count = n.input_shape(1).size() == 1 ? n.input_shape(1)[0] : 0;
    for (int i = 1; i < 5; ++i) {
      if (!n.has_input(i)) continue;
      if (auto e = detail::check_integers(n, i, names[i])) return e;
      if (!n.can_equal(n.input_shape(i)[0], count)) {
        return make_error(rule::an_attribute_must_be_in_range, "there are ", shape{count},
                          " starts, but ", shape{n.input_shape(i)[0]}, " ", names[i]);
      }
    }
    if (count < 0 || (n.has_input(3) && !n.has_elements(3))) {
      return detail::without_shape(x.element);
    }
    if (!n.has_input(3) && count > x.shape.size()) {
      return make_error(rule::the_axis_must_be_within_the_rank, "there are ", count,
                        " starts, the input has ", x.shape.size(), " axes");
    }
    auto y = x.shape;
    bool is_named[max_rank]{};
    for (std::int64_t i = 0; i < count; ++i) {
      auto const named = element_of(n, 3, i, i);
      if (!named.is_number) return detail::without_shape(x.element);
      int const axis = axis_of(named.value, x.shape.size());
      if (axis < 0) {
        return make_error(rule::the_axis_must_be_within_the_rank, "axis ", named.value,
                          " is outside of the input's ", x.shape.size(), " axes");
      }
      if (is_named[axis]) {
        return make_error(rule::the_axis_must_be_within_the_rank, "axis ", named.value,
                          " is named twice");
      }
      is_named[axis] = true;
      auto const extent = count_along(n, i, x.shape[axis]);
      if (!extent) return extent.failure();
      y[axis] = *extent;
    }
    return tensor_type{x.element, y};
  }

  static constexpr bool view_of_input(auto const& n, int, tensor_view& v) {
    auto const count = n.input_shape(1)[0];
    for (std::int64_t i = 0; i < count; ++i) {
      int const axis = axis_of(element_of(n, 3, i, i).value, v.lies.extents.size());
      auto const run = detail::run_of(
          v.lies.extents[axis], n.element(1, static_cast<std::size_t>(i)).value,
          n.element(2, static_cast<std::size_t>(i)).value, element_of(n, 4, i, 1).value);
      take(v, axis, run.first, run.step, run.count);
    }
    return true;
  }

 private:
  static constexpr shape_element element_of(auto const& n, int input, std::int64_t i,
                                            std::int64_t otherwise) {
    if (!n.has_input(input)) return {otherwise, true};
    return n.element(input, static_cast<std::size_t>(i));
  }
  static constexpr result<std::int64_t> count_along(auto const& n, std::int64_t i,
                                                    std::int64_t extent) {
    auto const unknown = [&] { return n.extent_of(dimension_sum::unknown()); };
    if (n.has_input(4) && !n.has_elements(4)) return unknown();
    auto const step = element_of(n, 4, i, 1);
    if (step.is_number && step.value == 0) {
      return make_error(rule::an_attribute_must_be_in_range, "step ", i, " is 0");
    }
    if (!n.has_elements(1) || !n.has_elements(2) || !step.is_number) return unknown();
    auto const start = n.element(1, static_cast<std::size_t>(i));
    auto const end = n.element(2, static_cast<std::size_t>(i));
    if (extent >= 0 && start.is_number && end.is_number) {
      return detail::run_of(extent, start.value, end.value, step.value).count;
    }
    return detail::count_of_run(n, extent, start, end, step.value);
  }
};

/// Parts of the input one after the other along `axis`: of the sizes that the second input gives,
/// or as many of one size as there are outputs, of which the last may be smaller.
/// `convert_opset` brings the form of opsets before 13 to this one.
///   {2, 7} along 1 to 3 outputs → {2, 3}, {2, 3}, {2, 1}                    ONNX: Split, since 2
struct split {
  static constexpr string_view name = "Split";
  static constexpr int since = 2;
  static constexpr arity inputs{1, 2};
  static constexpr int alike_inputs = 1;
  static constexpr arity outputs{1, 4096};
  static constexpr attribute_rule attributes[] = {{"axis", attribute_kind::integer},
                                                  {"num_outputs", attribute_kind::integer}};
  using types = stored_types;

  static constexpr result<tensor_type> infer(auto const& n, int output) {
    auto const& x = n.input(0);
    auto const given = n.integer("axis", 0);
    int const axis = axis_of(given, x.shape.size());
    if (axis < 0) {
      return make_error(rule::the_axis_must_be_within_the_rank, "axis ", given,
                        " is outside of the input's ", x.shape.size(), " axes");
    }
    if (output == 0) {
      if (auto e = check(n, x.shape, axis)) return e;
    }
    auto y = x.shape;
    y[axis] = size_of(n, output, x.shape[axis]);
    return tensor_type{x.element, y};
  }

  static constexpr bool view_of_input(auto const& n, int output, tensor_view& v) {
    int const axis = axis_of(n.integer("axis", 0), v.lies.extents.size());
    auto const extent = v.lies.extents[axis];
    std::int64_t first = 0;
    if (!n.has_input(1)) first = output * size_of(n, 0, extent);
    else
      for (int i = 0; i < output; ++i) first += n.element(1, static_cast<std::size_t>(i)).value;
    take(v, axis, first, 1, size_of(n, output, extent));
    return true;
  }

 private:
  static constexpr std::int64_t size_of(auto const& n, int output, std::int64_t extent) {
    if (n.has_input(1)) {
      if (!n.has_elements(1)) return n.extent_of(dimension_sum::unknown());
      return n.element(1, static_cast<std::size_t>(output)).value;
    }
    auto const size = n.divide_up(extent, n.outputs());
    if (output + 1 < n.outputs()) return size;
    if (extent >= 0) return extent - (n.outputs() - 1) * size;
    return n.extent_of(n.sum_of(extent) - n.sum_of(size) * dimension_sum(n.outputs() - 1));
  }
  static constexpr error check(auto const& n, shape const& x, int axis) {
    auto const extent = x[axis];
    if (n.integer("num_outputs", n.outputs()) != n.outputs()) {
      return make_error(rule::the_number_of_outputs_must_match_the_operator,
                        "attribute 'num_outputs' is ", n.integer("num_outputs", 0),
                        ", where there are ", n.outputs(), " outputs");
    }
    if (!n.has_input(1)) {
      if (extent < 0) return {};
      bool const divides = extent % n.outputs() == 0;
      if (divides || (n.opset() >= 18 && size_of(n, n.outputs() - 1, extent) >= 0)) return {};
      return make_error(rule::an_attribute_must_be_in_range, "axis ", axis,
                        " of the input of shape ", x, " does not divide into ", n.outputs(),
                        " parts");
    }
    if (auto e = detail::check_integers(n, 1, "sizes")) return e;
    if (!n.can_equal(n.input_shape(1)[0], n.outputs())) {
      return make_error(rule::the_number_of_outputs_must_match_the_operator, "there are ",
                        shape{n.input_shape(1)[0]}, " sizes (input 1), but ", n.outputs(),
                        " outputs");
    }
    if (!n.has_elements(1) || n.input_shape(1)[0] < 0) return {};
    std::int64_t sum = 0;
    for (int i = 0; i < n.outputs(); ++i) {
      auto const size = n.element(1, static_cast<std::size_t>(i));
      if (!size.is_number) return {};
      if (size.value < 0 || !checked_add(sum, size.value, sum)) {
        return make_error(rule::an_extent_must_not_be_negative, "size ", i, " is ", size.value);
      }
    }
    if (!n.can_equal(sum, extent)) {
      return make_error(rule::the_number_of_elements_must_stay, "the sizes have the sum ", sum,
                        ", axis ", axis, " of the input has ", extent, " elements");
    }
    return {};
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
