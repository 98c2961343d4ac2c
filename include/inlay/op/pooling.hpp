// Pooling.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/string_view.hpp"
#include "inlay/kernel/pooling.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/op/lowering.hpp"
#include "inlay/op/window.hpp"

namespace inlay::inline INLAY_VERSION {
namespace detail {

/// The window that attribute `kernel_shape`, of one value or two, declares.
constexpr window_sizes declared_sizes(auto const& n) {
  auto const declared = n.integers("kernel_shape");
  if (declared.size() == 1) return {{1, declared[0]}};
  return {{declared[0], declared[1]}};
}

/// Where an image has no columns, windows need not go over its rows, of which there may be 2^62.
constexpr void leave_out_empty_rows(layout& x) {
  if (x.extents[3] == 0) x.extents[2] = 0;
}

/// The type of what a window makes of each channel of the first input.
constexpr result<tensor_type> infer_pooling(auto const& n) {
  auto const& x = n.input_shape(0);
  if (!is_image_or_sequence(x)) {
    return make_error(x.size() > 4 ? rule::the_form_of_the_operator_must_be_supported
                                   : rule::the_rank_must_match_the_operator,
                      "the input of shape ", x,
                      " needs 3 axes or 4; only sequences and images are supported");
  }
  auto const declared = n.integers("kernel_shape").size();
  if (declared + 2 != static_cast<std::size_t>(x.size())) {
    return make_error(rule::the_rank_must_match_the_operator, "attribute 'kernel_shape' has ",
                      declared, " values, where ", x.size() - 2, " are expected");
  }
  auto const w = window_of(n, x, declared_sizes(n));
  if (!w) return w.failure();
  return tensor_type{n.input(0).element, shape_under(x, x[1], w->outputs)};
}

/// The type of one element for each channel of the first input.
constexpr result<tensor_type> infer_global_pooling(auto const& n) {
  auto const& x = n.input_shape(0);
  if (x.size() < 3) {
    return make_error(rule::the_rank_must_match_the_operator, "the input of shape ", x,
                      " needs 3 axes or more: images, channels and what is in them");
  }
  shape y{x[0], x[1]};
  while (y.size() < x.size()) y.push_back(1);
  return tensor_type{n.input(0).element, y};
}

/// Looks at the input as at images [n, c, h, w], of which a window covers the whole, and at the
/// output likewise.   {2, 3, 4, 5, 6} → {2, 3, 1, 120}
constexpr image_window see_all_as_window(lowering& l) {
  auto& x = l.inputs[0];
  auto& y = l.outputs[0];
  see_as_image(x);
  see_as_image(y);
  if (x.extents.size() != 4) {
    std::int64_t columns = 1;
    for (int i = 2; i < x.extents.size(); ++i) columns *= x.extents[i];
    x = layout(x.element, {x.extents[0], x.extents[1], 1, columns});
    y = layout(y.element, {x.extents[0], x.extents[1], 1, 1});
  }
  leave_out_empty_rows(x);
  image_window w;
  w.axes[0].size = w.axes[1].size = whole_axis;
  return w;
}

}  // namespace detail

namespace op {

/// The largest element under a window over an image or a sequence; padding counts as nothing.
/// *Shapes*: x [n, c, h, w], y [n, c, h', w'], or without h and h'.         ONNX: MaxPool, since 1
struct max_pool {
  static constexpr string_view name = "MaxPool";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 2};
  static constexpr attribute_rule attributes[] = {
      {"auto_pad", attribute_kind::text},      {"ceil_mode", attribute_kind::integer},
      {"dilations", attribute_kind::integers}, {"kernel_shape", attribute_kind::integers},
      {"pads", attribute_kind::integers},      {"storage_order", attribute_kind::integer},
      {"strides", attribute_kind::integers}};
  using types = type_list<float, double, std::int8_t, std::uint8_t>;
  using kernel = max_pooling;

  static constexpr result<tensor_type> infer(auto const& n) {
    if (n.has_output(1)) {
      return make_error(rule::the_form_of_the_operator_must_be_supported,
                        "the second output (indices) is not supported");
    }
    return detail::infer_pooling(n);
  }

  static constexpr void lower(auto const& n, lowering& l) {
    auto const w = window_of(n, l.inputs[0].extents, detail::declared_sizes(n));
    see_as_image(l.inputs[0]);
    see_as_image(l.outputs[0]);
    detail::leave_out_empty_rows(l.inputs[0]);
    append_words(l.words, max_pooling{w->axes[0], w->axes[1]});
    note_sizes(*w, l);
  }
};

/// The average of the elements under a window over an image or a sequence. What lies on the padding
/// is zero, and counts where `count_include_pad` says so.
/// *Shapes*: x [n, c, h, w], y [n, c, h', w'], or without h and h'.     ONNX: AveragePool, since 7
struct average_pool {
  static constexpr string_view name = "AveragePool";
  static constexpr int since = 7;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};
  static constexpr attribute_rule attributes[] = {{"auto_pad", attribute_kind::text},
                                                  {"ceil_mode", attribute_kind::integer},
                                                  {"count_include_pad", attribute_kind::integer},
                                                  {"dilations", attribute_kind::integers},
                                                  {"kernel_shape", attribute_kind::integers},
                                                  {"pads", attribute_kind::integers},
                                                  {"strides", attribute_kind::integers}};
  using types = float_types;
  using kernel = average_pooling;

  static constexpr result<tensor_type> infer(auto const& n) { return detail::infer_pooling(n); }

  static constexpr void lower(auto const& n, lowering& l) {
    auto const w = window_of(n, l.inputs[0].extents, detail::declared_sizes(n));
    see_as_image(l.inputs[0]);
    see_as_image(l.outputs[0]);
    auto const& [rows, columns] = w->axes;
    bool const counts_padding = n.integer("count_include_pad", 0) != 0;
    append_words(l.words, average_pooling{rows, columns, counts_padding ? 1 : 0,
                                          counts_padding ? w->pad_end[0] : 0,
                                          counts_padding ? w->pad_end[1] : 0});
    note_sizes(*w, l);
    for (int i = 0; i < 2; ++i) {
      if (counts_padding && w->is_sized[i]) l.sized_words |= 1u << pad_words_behind[i];
    }
    detail::leave_out_empty_rows(l.inputs[0]);
  }
};

/// The average of all elements of a channel.
/// *Shapes*: x [n, c, …], y [n, c, 1, …].                          ONNX: GlobalAveragePool, since 1
struct global_average_pool {
  static constexpr string_view name = "GlobalAveragePool";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};
  using types = float_types;
  using kernel = average_pooling;

  static constexpr result<tensor_type> infer(auto const& n) {
    return detail::infer_global_pooling(n);
  }
  static constexpr void lower(auto const&, lowering& l) {
    auto const w = detail::see_all_as_window(l);
    append_words(l.words, average_pooling{w.axes[0], w.axes[1]});
  }
};

/// The largest element of a channel.
/// *Shapes*: x [n, c, …], y [n, c, 1, …].                              ONNX: GlobalMaxPool, since 1
struct global_max_pool {
  static constexpr string_view name = "GlobalMaxPool";
  static constexpr int since = 1;
  static constexpr arity inputs{1, 1};
  static constexpr arity outputs{1, 1};
  using types = float_types;
  using kernel = max_pooling;

  static constexpr result<tensor_type> infer(auto const& n) {
    return detail::infer_global_pooling(n);
  }
  static constexpr void lower(auto const&, lowering& l) {
    auto const w = detail::see_all_as_window(l);
    append_words(l.words, max_pooling{w.axes[0], w.axes[1]});
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
