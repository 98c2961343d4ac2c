// What an operator hands to its kernel: how each tensor lies in memory, and the kernel's
// parameters.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "inlay/core/span.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/kernel/window.hpp"
#include "inlay/op/node_view.hpp"

namespace inlay::inline INLAY_VERSION {

/// How a kernel sees one tensor. `undefined` stands for an optional tensor that is left out.
struct layout {
  element_type element = element_type::undefined;
  shape extents;
  shape strides;  // in elements; 0 along an axis that repeats

  constexpr layout() = default;
  constexpr explicit layout(tensor_type const& t)
      : element(t.element), extents(t.shape), strides(contiguous_strides(t.shape)) {}
  constexpr layout(element_type e, shape const& s)
      : element(e), extents(s), strides(contiguous_strides(s)) {}

  friend constexpr bool operator==(layout const& a, layout const& b) {
    return a.element == b.element && a.extents == b.extents && a.strides == b.strides;
  }
};

namespace detail {
template <class Parameters> struct words_of {
  std::int64_t words[sizeof(Parameters) / 8];
};
}  // namespace detail

/// A kernel's parameters as words, so that programs of all operators look the same. `Parameters`
/// consists of members of 8 bytes.
template <class Parameters>
constexpr void append_words(vector<std::int64_t>& words, Parameters const& parameters) {
  if constexpr (!std::is_empty_v<Parameters>) {
    static_assert(sizeof(Parameters) % 8 == 0);
    auto const copy = std::bit_cast<detail::words_of<Parameters>>(parameters);
    for (auto const word : copy.words) words.push_back(word);
  }
}

/// The parameters back from their words.
template <class Parameters> constexpr Parameters from_words(std::int64_t const* words) {
  if constexpr (std::is_empty_v<Parameters>) {
    return {};
  } else {
    detail::words_of<Parameters> copy{};
    for (auto& word : copy.words) word = *words++;
    return std::bit_cast<Parameters>(copy);
  }
}

/// The parameters of an element function.
struct element_words {
  std::int64_t of[2]{};
  friend constexpr bool operator==(element_words const&, element_words const&) = default;
};

/// The element types of a step's operator: of the inputs, behind the conditions, and of the output.
struct element_types {
  element_type from = element_type::undefined;
  element_type to = element_type::undefined;
  friend constexpr bool operator==(element_types const&, element_types const&) = default;
};

/// One node on its way into the program. Inputs come first, then outputs, each as many as the
/// operator can have. An operator finds them as its type rule left them, and may look at them in
/// another way, or drop the last ones, which the kernel does not see then. They are contiguous, but
/// where the operator takes images with their channels last.
struct lowering {
  vector<layout> inputs;
  vector<layout> outputs;
  vector<std::int64_t> words;
  element_types types;
  std::int64_t multiply_adds = 0;
  image_border widest;  // what windows over first inputs of any extents may need around them
  std::uint32_t sized_words = 0;  // a bit each: other extents of the first input may change it

  constexpr void clear() {
    inputs.clear();
    outputs.clear();
    words.clear();
    types = {};
    multiply_adds = 0;
    widest = {};
    sized_words = 0;
  }
};

/// An input as if it had the shape of the output, which it broadcasts to: missing axes in front,
/// and a stride of 0 where it repeats.   {3, 1} to {2, 3, 4} → strides {0, 1, 0}
constexpr layout broadcast_to(layout const& x, shape const& to) {
  layout y = x;
  y.extents = to;
  y.strides = to;
  int const missing = to.size() - x.extents.size();
  for (int i = 0; i < to.size(); ++i) {
    bool const repeats = i < missing || (x.extents[i - missing] == 1 && to[i] != 1);
    y.strides[i] = repeats ? 0 : x.strides[i - missing];
  }
  return y;
}

/// Joins neighbouring axes of tensors of the same extents wherever one stride can step through
/// both, so that kernels loop over few axes; at least one is left.   {2, 3, 4} contiguous, all of
/// them → {24}
constexpr void join_axes(span<layout> tensors) {
  auto const extents = tensors[0].extents;
  vector<layout> joined;
  for (auto const& t : tensors) {
    joined.push_back(t);
    joined.back().extents = joined.back().strides = shape{};
  }
  for (int axis = 0; axis < extents.size(); ++axis) {
    if (extents[axis] == 1) continue;
    bool together = joined[0].extents.size() > 0;
    for (std::size_t i = 0; i < tensors.size() && together; ++i) {
      together = joined[i].strides.back() == tensors[i].strides[axis] * extents[axis];
    }
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      auto& t = joined[i];
      if (together) {
        t.extents[t.extents.size() - 1] *= extents[axis];
        t.strides[t.strides.size() - 1] = tensors[i].strides[axis];
      } else {
        t.extents.push_back(extents[axis]);
        t.strides.push_back(tensors[i].strides[axis]);
      }
    }
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (joined[i].extents.size() == 0) {
      joined[i].extents.push_back(1);
      joined[i].strides.push_back(1);
    }
    tensors[i] = joined[i];
  }
}

/// Orders the axes of tensors of the same extents as the first one has them in memory, outermost
/// first.   strides {60, 1, 15, 3} → {60, 15, 3, 1}
constexpr void sort_axes(span<layout> tensors) {
  auto const& first = tensors[0].strides;
  for (int end = first.size(); end > 1; --end) {
    for (int axis = 1; axis < end; ++axis) {
      if (first[axis - 1] >= first[axis]) continue;
      for (auto& t : tensors) {
        auto const extent = t.extents[axis];
        t.extents[axis] = t.extents[axis - 1];
        t.extents[axis - 1] = extent;
        auto const stride = t.strides[axis];
        t.strides[axis] = t.strides[axis - 1];
        t.strides[axis - 1] = stride;
      }
    }
  }
}

/// Whether the elements of a tensor lie next to each other, in any order of its axes.
constexpr bool has_no_gaps(layout const& x) {
  std::int64_t last = 0;
  for (int i = 0; i < x.extents.size(); ++i) last += (x.extents[i] - 1) * x.strides[i];
  return last + 1 == elements_of(x.extents);
}

/// The lowering of every operator that computes element by element: inputs broadcast to the output.
constexpr void lower_elementwise(lowering& l) {
  auto& y = l.outputs[0];
  bool alike = has_no_gaps(y);
  for (auto const& x : l.inputs) {
    alike = alike && x.extents == y.extents && x.strides == y.strides;
  }
  if (alike) {
    // All of one shape and one order, without gaps: one axis.
    y = layout(y.element, {elements_of(y.extents)});
    for (auto& x : l.inputs) x = layout(x.element, y.extents);
    return;
  }
  vector<layout> tensors{y};
  for (auto const& x : l.inputs) tensors.push_back(broadcast_to(x, y.extents));
  sort_axes(tensors);
  join_axes(tensors);
  y = tensors[0];
  for (std::size_t i = 0; i < l.inputs.size(); ++i) l.inputs[i] = tensors[i + 1];
}

}  // namespace inlay::inline INLAY_VERSION
