// From one element type to another.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <type_traits>

#include "inlay/op/elementwise.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

inline constexpr attribute_rule cast_attributes[] = {{"round_mode", attribute_kind::text},
                                                     {"saturate", attribute_kind::integer},
                                                     {"to", attribute_kind::integer}};
inline constexpr attribute_rule cast_like_attributes[] = {{"round_mode", attribute_kind::text},
                                                          {"saturate", attribute_kind::integer}};

template <class... List> struct joined_lists;
template <class... A> struct joined_lists<type_list<A...>> {
  using type = type_list<A...>;
};
template <class... A, class... B, class... Rest>
struct joined_lists<type_list<A...>, type_list<B...>, Rest...>
    : joined_lists<type_list<A..., B...>, Rest...> {};

template <class From, class... To> constexpr auto forms_from(type_list<To...>) {
  return type_list<element_form<From, To>...>{};
}
template <class... T> constexpr auto all_pairs(type_list<T...> all) {
  return typename joined_lists<decltype(forms_from<T>(all))...>::type{};
}

/// Truths are bytes, 0 or 1. Of integers only those that grow need their sign, and integers of one
/// size are a copy of each other.
template <class From, class To> constexpr auto coded_conversion() {
  using bytes = unsigned_of_size<From>;
  using given = std::conditional_t<std::is_same_v<From, bool>, std::uint8_t, From>;
  if constexpr (std::is_same_v<From, To> || (std::is_same_v<From, bool> && sizeof(To) == 1)) {
    return element_form<bits_of_size<From>>{};
  } else if constexpr (std::is_same_v<To, bool>) {
    return element_form<bytes, bool>{};
  } else if constexpr (std::is_integral_v<From> && std::is_integral_v<To>) {
    using grown = std::conditional_t<(sizeof(To) > sizeof(From)), given, bytes>;
    return element_form<grown, unsigned_of_size<To>>{};
  } else {
    return element_form<given, To>{};
  }
}

}  // namespace detail

namespace op {

/// y = x as an element of type `to`: integers wrap, reals round to the nearest, halves to even; a
/// real becomes an integer toward zero, the nearest one that there is, or 0 where it is not a
/// number; a truth is what is not 0.                                            ONNX: Cast, since 6
struct cast : unary {
  static constexpr string_view name = "Cast";
  static constexpr int since = 6;
  using types = stored_types;
  using forms = decltype(inlay::detail::all_pairs(stored_types{}));
  static constexpr bool converts = true;
  static constexpr span<attribute_rule const> attributes = inlay::detail::cast_attributes;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const number = n.integer("to", 0);
    auto const to = number > 0 && number < element_type_count ? static_cast<element_type>(number)
                                                              : element_type::undefined;
    if (!contains(stored_types{}, to)) {
      if (to == element_type::undefined) {
        return make_error(rule::an_attribute_must_be_in_range, "attribute 'to' is ", number,
                          "; that is no element type");
      }
      return make_error(rule::the_element_type_must_be_supported, "a conversion to ", to,
                        " is not supported");
    }
    return tensor_type{to, n.input(0).shape};
  }

  template <class From, class To> static constexpr auto coded_form(element_form<From, To>) {
    return inlay::detail::coded_conversion<From, To>();
  }
  template <class From, class To, stage S, class V>
  static constexpr auto convert(S& s, V const& x) {
    return s.template convert<To>(x);
  }
};

/// y = x as an element of the type of the second input. `split_operators` makes a Cast of it.
///                                                                         ONNX: CastLike, since 15
struct cast_like : cast {
  static constexpr string_view name = "CastLike";
  static constexpr int since = 15;
  static constexpr arity inputs{2, 2};
  static constexpr int alike_inputs = 1;
  static constexpr int operands = 1;
  using forms = type_list<>;
  static constexpr span<attribute_rule const> attributes = inlay::detail::cast_like_attributes;

  static constexpr result<tensor_type> infer(auto const& n) {
    auto const to = n.input(1).element;
    if (!contains(stored_types{}, to)) {
      return make_error(rule::the_element_type_must_be_supported, "a conversion to ", to,
                        " is not supported");
    }
    return tensor_type{to, n.input(0).shape};
  }
};

}  // namespace op
}  // namespace inlay::inline INLAY_VERSION
