// What a network's expressions are made of: tensors that are recorded, not computed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "inlay/core/element_type.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/frontend/expr/recorder.hpp"

namespace inlay::inline INLAY_VERSION {
namespace expr {

/// A tensor of `T`s in a network that is being recorded: a number in its graph, free to copy. Its
/// shape is known while the network is recorded, and no part of the type; so a variable may stand
/// for one tensor after the other.
template <class T> class tensor {
 public:
  using element = T;
  static_assert(element_of<T> != element_type::undefined,
                "a tensor's elements are of a type that "
                "tensors have: float, std::int64_t, bool");

  constexpr tensor() = default;
  constexpr tensor(recorder& r, value_id id) : recorder_(&r), id_(id) {}

  constexpr recorder& where() const { return *recorder_; }
  constexpr value_id id() const { return id_; }
  /// Without axes behind a mistake.
  constexpr inlay::shape const& shape() const { return recorder_->type_of(id_).shape; }
  constexpr int rank() const { return shape().size(); }
  /// Of an axis, which counts from the end where it is negative; 1 where there is none such.
  constexpr std::int64_t extent(std::int64_t axis) const {
    int const found = axis_of(axis, rank());
    return found < 0 ? 1 : shape()[found];
  }

  /// The same tensor, whose name in the graph this is from now on: that of an input or output.
  constexpr tensor named(name const& n) const {
    recorder_->name_value(id_, n.text);
    return *this;
  }

 private:
  recorder* recorder_ = nullptr;
  value_id id_ = no_value;
};

/// A dimension without a value, for the extents of an input.
struct dimension_name {
  static constexpr std::size_t capacity = 31;
  char characters[capacity + 1]{};

  constexpr dimension_name() = default;
  template <std::size_t N> constexpr dimension_name(char const (&literal)[N]) {
    static_assert(N <= capacity + 1, "the name of a dimension has at most 31 characters");
    for (std::size_t i = 0; i < N; ++i) characters[i] = literal[i];
  }
};
template <dimension_name Name> struct dimension {
  static constexpr dimension_name text = Name;
};

template <class T>
  requires std::is_integral_v<T>
constexpr std::int64_t extent_of(recorder&, T extent) {
  return static_cast<std::int64_t>(extent);
}
template <dimension_name Name> constexpr std::int64_t extent_of(recorder& r, dimension<Name>) {
  return r.symbol(dimension<Name>::text.characters);
}

}  // namespace expr

/// A dimension that has only a name: `input<float, dim<"batch">, 8>`. The same name is the same
/// dimension.
template <expr::dimension_name Name> inline constexpr expr::dimension<Name> dim{};
inline constexpr auto batch = dim<"batch">;

/// A parameter of the function that a network is: a tensor of `T`s of that shape.
template <class T, auto... Extents> class input : public expr::tensor<T> {
 public:
  static_assert(sizeof...(Extents) <= max_rank, "a tensor has at most 8 axes");

  constexpr explicit input(expr::recorder& r)
      : expr::tensor<T>(r, r.input({element_of<T>, {expr::extent_of(r, Extents)...}})) {}
  constexpr input() = default;  // of no network

  /// A variable that was made from an input may stand for another tensor.
  using expr::tensor<T>::operator=;
};

}  // namespace inlay::inline INLAY_VERSION
