// An operator of the list, applied to tensors of a network.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <type_traits>

#include "inlay/frontend/expr/tensor.hpp"
#include "inlay/graph/builder.hpp"
#include "inlay/op/list.hpp"

namespace inlay::inline INLAY_VERSION {
namespace expr {

/// A name for attributes: `axis = 1`, `strides = {2, 2}`, `approximate = "tanh"`, `alpha = 0.5f`.
struct attribute_name {
  string_view text;

  constexpr named_attribute operator=(int x) const { return {text, x}; }
  constexpr named_attribute operator=(std::int64_t x) const { return {text, x}; }
  constexpr named_attribute operator=(bool x) const { return {text, x ? 1 : 0}; }
  constexpr named_attribute operator=(float x) const { return {text, x}; }
  constexpr named_attribute operator=(double x) const { return {text, static_cast<float>(x)}; }
  constexpr named_attribute operator=(char const* x) const { return {text, x}; }
  /// The numbers must live as long as the attribute: within one expression they do.
  constexpr named_attribute operator=(std::initializer_list<std::int64_t> x) const {
    return {text, x};
  }
  constexpr named_attribute operator=(span<std::int64_t const> x) const { return {text, x}; }
};

/// The name of the node that is added.
struct node_name {
  string_view text;
};

/// An input that is left out: clip(x, nothing, 6).
struct left_out {};
inline constexpr left_out nothing;

template <class T> std::true_type find_tensor(tensor<T> const&);
std::false_type find_tensor(...);
/// Tensors, and what is derived from them.
template <class T>
concept a_tensor = decltype(find_tensor(std::declval<T const&>()))::value;

template <class T>
concept a_number = std::is_arithmetic_v<T>;

/// What operators take besides: numbers become constants of the element type of the tensors.
template <class T>
concept an_argument = a_tensor<T> || a_number<T> || std::is_same_v<T, named_attribute> ||
                      std::is_same_v<T, left_out> || std::is_same_v<T, node_name>;

/// A constant of one element.
template <class T> constexpr tensor<T> scalar_of(recorder& r, T x) {
  return {r, r.constant<T>({}, span<T const>(&x, 1))};
}
/// A constant list, as operators take axes, shapes and places.
constexpr tensor<std::int64_t> list_of(recorder& r, span<std::int64_t const> numbers) {
  return {r, r.constant<std::int64_t>({static_cast<std::int64_t>(numbers.size())}, numbers)};
}
constexpr tensor<std::int64_t> list_of(recorder& r, std::initializer_list<std::int64_t> numbers) {
  return list_of(r, span<std::int64_t const>(numbers.begin(), numbers.size()));
}

/// The arguments of one node, in order, at most `Most` of each kind.
template <std::size_t Most> struct arguments {
  recorder* where = nullptr;
  std::size_t input_count = 0;
  std::size_t attribute_count = 0;
  value_id inputs[Most]{};
  named_attribute attributes[Most]{};
  string_view name{};

  /// Numbers become constants of `T`.
  template <class T, class A> constexpr void append(A const& a) {
    if constexpr (a_tensor<A>) inputs[input_count++] = a.id();
    else if constexpr (a_number<A>) {
      inputs[input_count++] = scalar_of<T>(*where, static_cast<T>(a)).id();
    } else if constexpr (std::is_same_v<A, left_out>) {
      inputs[input_count++] = no_value;
    } else if constexpr (std::is_same_v<A, node_name>) {
      name = a.text;
    } else {
      static_assert(an_argument<A>, "an operator takes tensors, numbers and attributes: axis = 1");
      attributes[attribute_count++] = a;
    }
  }
  constexpr value_id add(operator_id op, std::uint32_t outputs = 1) const {
    return where->add(op, name, span<value_id const>(inputs, input_count),
                      span<named_attribute const>(attributes, attribute_count), outputs);
  }
};

/// Where a tensor is recorded; null for what is none.
template <class A> constexpr recorder* recorder_of(A const& a) {
  if constexpr (a_tensor<A>) return &a.where();
  else return nullptr;
}
template <class... A> constexpr recorder& first_recorder(A const&... a) {
  recorder* first = nullptr;
  ((first = first == nullptr ? recorder_of(a) : first), ...);
  return *first;
}

template <class A> struct element_of_argument {
  using type = void;
};
template <a_tensor A> struct element_of_argument<A> {
  using type = typename A::element;
};
/// The element type of the tensor behind so many others.
template <int Skipped, class First, class... Rest> constexpr auto find_element() {
  if constexpr (!a_tensor<First> || Skipped > 0) {
    static_assert(sizeof...(Rest) > 0, "an operator needs a tensor of the network");
    return find_element<a_tensor<First> ? Skipped - 1 : Skipped, Rest...>();
  } else {
    return std::type_identity<typename element_of_argument<First>::type>{};
  }
}

/// What an operator makes of tensors with these elements.
template <class Operator, class... A> constexpr auto find_result() {
  if constexpr (requires { typename Operator::result_type; }) {
    return std::type_identity<typename Operator::result_type>{};
  } else if constexpr (std::is_same_v<Operator, op::cast_like>) {
    return find_element<1, A...>();
  } else {
    return find_element<inlay::detail::conditions<Operator>(), A...>();
  }
}

/// Adds a node: tensors are its inputs, numbers are too, and what names an attribute is one.
///
///     apply<op::leaky_relu>(x, alpha = 0.1f)      apply<op::clip>(x, 0, 6)
///
/// The elements of its result are of type `Result`, which follows from the operator where it is
/// void.
/// *Errors*: of the operator's type rule and of its list of attributes, as the graph's error.
template <class Operator, class Result = void, class... A>
  requires(a_tensor<A> || ...)
constexpr auto apply(A const&... a) {
  using element =
      typename decltype(find_element<inlay::detail::conditions<Operator>(), A...>())::type;
  arguments<sizeof...(A)> all{&first_recorder(a...)};
  (all.template append<element>(a), ...);
  auto const id = all.add(id_of<Operator>);
  if constexpr (std::is_void_v<Result>) {
    return tensor<typename decltype(find_result<Operator, A...>())::type>(*all.where, id);
  } else {
    return tensor<Result>(*all.where, id);
  }
}

}  // namespace expr

using expr::nothing;

/// The names of the attributes that operators have, for `using namespace inlay::attributes`.
namespace attributes {
inline constexpr expr::attribute_name allowzero{"allowzero"};
inline constexpr expr::attribute_name alpha{"alpha"};
inline constexpr expr::attribute_name approximate{"approximate"};
inline constexpr expr::attribute_name auto_pad{"auto_pad"};
inline constexpr expr::attribute_name axis{"axis"};
inline constexpr expr::attribute_name beta{"beta"};
inline constexpr expr::attribute_name ceil_mode{"ceil_mode"};
inline constexpr expr::attribute_name count_include_pad{"count_include_pad"};
inline constexpr expr::attribute_name detect_negative{"detect_negative"};
inline constexpr expr::attribute_name detect_positive{"detect_positive"};
inline constexpr expr::attribute_name dilations{"dilations"};
inline constexpr expr::attribute_name epsilon{"epsilon"};
inline constexpr expr::attribute_name gamma{"gamma"};
inline constexpr expr::attribute_name group{"group"};
inline constexpr expr::attribute_name keepdims{"keepdims"};
inline constexpr expr::attribute_name kernel_shape{"kernel_shape"};
inline constexpr expr::attribute_name mode{"mode"};
inline constexpr expr::attribute_name momentum{"momentum"};
inline constexpr expr::attribute_name noop_with_empty_axes{"noop_with_empty_axes"};
inline constexpr expr::attribute_name num_groups{"num_groups"};
inline constexpr expr::attribute_name num_outputs{"num_outputs"};
inline constexpr expr::attribute_name output_padding{"output_padding"};
inline constexpr expr::attribute_name output_shape{"output_shape"};
inline constexpr expr::attribute_name pads{"pads"};
inline constexpr expr::attribute_name perm{"perm"};
inline constexpr expr::attribute_name round_mode{"round_mode"};
inline constexpr expr::attribute_name saturate{"saturate"};
inline constexpr expr::attribute_name stash_type{"stash_type"};
inline constexpr expr::attribute_name storage_order{"storage_order"};
inline constexpr expr::attribute_name strides{"strides"};
inline constexpr expr::attribute_name to{"to"};
inline constexpr expr::attribute_name training_mode{"training_mode"};
inline constexpr expr::attribute_name transA{"transA"};
inline constexpr expr::attribute_name transB{"transB"};
}  // namespace attributes

}  // namespace inlay::inline INLAY_VERSION
