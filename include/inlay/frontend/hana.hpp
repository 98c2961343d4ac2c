// Names of layers and parameters as types, with Boost.Hana: the only file that includes it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <boost/hana/accessors.hpp>
#include <boost/hana/at_key.hpp>
#include <boost/hana/concept/struct.hpp>
#include <boost/hana/contains.hpp>
#include <boost/hana/core/tag_of.hpp>
#include <boost/hana/find.hpp>
#include <boost/hana/first.hpp>
#include <boost/hana/keys.hpp>
#include <boost/hana/map.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/second.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/unpack.hpp>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/core/string_view.hpp"
#include "inlay/core/view.hpp"
#include "inlay/graph/freeze.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/model_error.hpp"
#include "inlay/pass/bind_parameters.hpp"

namespace inlay::inline INLAY_VERSION {

namespace hana_names {

/// A literal as a template argument.
template <std::size_t Size> struct literal {
  char characters[Size]{};
  constexpr literal(char const (&text)[Size]) {
    for (std::size_t i = 0; i < Size; ++i) characters[i] = text[i];
  }
};

template <literal Text, std::size_t... I> constexpr auto string_of(std::index_sequence<I...>) {
  return boost::hana::string<Text.characters[I]...>{};
}
template <class Name> constexpr string_view text_of() {
  return {Name::c_str(), static_cast<std::size_t>(decltype(boost::hana::length(Name{}))::value)};
}

}  // namespace hana_names

namespace literals {

/// A name as a Hana string: conv<8, 5>(image, "conv1"_name).
template <hana_names::literal Text> constexpr auto operator""_name() {
  return hana_names::string_of<Text>(std::make_index_sequence<sizeof(Text.characters) - 1>{});
}

}  // namespace literals

namespace hana_names {

/// The parameters of a network: the inputs of its graph behind its own.
template <auto const& Network> class parameters_of {
  using frozen_network = frozen_graph<Network>;
  static constexpr auto first = std::remove_cvref_t<decltype(Network)>::input_count;

 public:
  static constexpr error const& failure = frozen_network::facts.failure;
  static constexpr std::size_t count =
      frozen_network::template get<&graph::inputs>().size() - first;
  template <std::size_t I>
  static constexpr value at = frozen_network::template get<
      &graph::values>()[frozen_network::template get<&graph::inputs>()[first + I]];

 private:
  template <std::size_t I, std::size_t... C>
  static auto name_of(std::index_sequence<C...>) -> boost::hana::string<at<I>.name[C]...>;
  template <std::size_t I, std::size_t... Axis>
  static auto view_of(std::index_sequence<Axis...>)
      -> view<stored_type<at<I>.type.element> const, at<I>.type.shape.extents[Axis]...>;

 public:
  template <std::size_t I>
  using name = decltype(name_of<I>(std::make_index_sequence<at<I>.name.size()>{}));
  template <std::size_t I>
  using view_type = decltype(view_of<I>(std::make_index_sequence<at<I>.type.shape.rank>{}));
};

template <auto const& Network, std::size_t... I>
auto make_map_type(std::index_sequence<I...>) -> boost::hana::map<
    boost::hana::pair<typename parameters_of<Network>::template name<I>,
                      typename parameters_of<Network>::template view_type<I>>...>;

/// The name up to its first dot, and what is behind it; the whole name where there is none.
constexpr std::size_t end_of_part(string_view name) {
  auto const dot = name.find('.');
  return dot == string_view::npos ? name.size() : dot;
}

template <class T>
concept a_struct = boost::hana::Struct<T>::value;
template <class T>
concept a_map = std::is_same_v<boost::hana::tag_of_t<T>, boost::hana::map_tag>;

/// Nothing of that name.
struct absent {};
inline constexpr absent nothing_there;

template <class Accessors, std::size_t I> constexpr string_view accessor_name() {
  using pair = std::remove_cvref_t<decltype(boost::hana::at_c<I>(std::declval<Accessors>()))>;
  return text_of<std::remove_cvref_t<decltype(boost::hana::first(std::declval<pair>()))>>();
}

/// The member of a struct, or of a struct in it, whose path the characters of Name from Begin on
/// are: "conv1.weight" is member `weight` of member `conv1`.
template <class Name, std::size_t Begin, std::size_t I = 0, class S>
constexpr auto const& find_member(S const& s) {
  using accessors = std::remove_cvref_t<decltype(boost::hana::accessors<S>())>;
  constexpr auto rest = text_of<Name>().substr(Begin);
  constexpr auto end = end_of_part(rest);
  if constexpr (I == decltype(boost::hana::length(std::declval<accessors>()))::value) {
    return nothing_there;
  } else if constexpr (accessor_name<accessors, I>() == rest.substr(0, end)) {
    auto const& member = boost::hana::second(boost::hana::at_c<I>(boost::hana::accessors<S>()))(s);
    if constexpr (end == rest.size()) return member;
    else return find_member<Name, Begin + end + 1>(member);
  } else {
    return find_member<Name, Begin, I + 1>(s);
  }
}
template <class Name, class Source> constexpr decltype(auto) find_weight(Source const& source) {
  if constexpr (a_struct<Source>) {
    return (find_member<Name, 0>(source));
  } else {
    static_assert(a_map<Source>, "parameters are made of a Hana map or of a struct of Hana's");
    if constexpr (decltype(boost::hana::contains(source, Name{}))::value) {
      return (boost::hana::at_key(source, Name{}));
    } else {
      return absent{};
    }
  }
}

/// How many elements an array, a std::array or a view has, whose elements are `T`s; -1 for others.
template <class T, class A> constexpr std::int64_t elements_in() {
  if constexpr (std::is_array_v<A>) {
    using flat = inlay::detail::flatten_array<A>;
    return std::is_same_v<std::remove_const_t<typename flat::element>, T>
               ? static_cast<std::int64_t>(flat::count)
               : -1;
  } else if constexpr (requires {
                         std::tuple_size<A>::value;
                         A{}.data();
                       }) {
    using element = std::remove_cvref_t<decltype(*A{}.data())>;
    return std::is_same_v<element, T> ? static_cast<std::int64_t>(std::tuple_size_v<A>) : -1;
  } else {
    return -1;
  }
}
template <class T, class A> constexpr T const* first_element(A const& array) {
  if constexpr (std::is_array_v<A>) {
    if constexpr (std::is_array_v<std::remove_extent_t<A>>) return first_element<T>(array[0]);
    else return array;
  } else {
    return array.data();
  }
}

/// What is wrong with the weight of a parameter, if anything is.
template <auto const& Network, std::size_t I, class Weight> struct weight_check {
  using parameters = parameters_of<Network>;
  using view_type = typename parameters::template view_type<I>;
  using element = std::remove_const_t<typename view_type::element>;
  static constexpr bool fits = std::is_constructible_v<view_type, Weight const&> ||
                               elements_in<element, Weight>() == view_type::size();
  static constexpr error mistake = [] {
    auto const& p = parameters::template at<I>;
    if (std::is_same_v<Weight, absent>) {
      return make_error(rule::a_parameter_must_be_among_the_weights, "the parameter '", p.name,
                        "' of shape ", p.type.shape, " is not among the weights");
    }
    if (fits) return error{};
    return make_error(rule::a_weight_must_have_the_type_of_its_parameter, "the parameter '", p.name,
                      "' is ", p.type.element, " of shape ", p.type.shape,
                      ", the weight has other elements");
  }();
};

template <auto const& Network, std::size_t I, class Source>
constexpr auto view_of_weight(Source const& source) {
  using parameters = parameters_of<Network>;
  using view_type = typename parameters::template view_type<I>;
  decltype(auto) weight = find_weight<typename parameters::template name<I>>(source);
  using weight_type = std::remove_cvref_t<decltype(weight)>;
  using checked = weight_check<Network, I, weight_type>;
  static_assert(check<checked::mistake>());
  if constexpr (std::is_constructible_v<view_type, weight_type const&>) return view_type(weight);
  else if constexpr (checked::fits) {
    return view_type(first_element<typename checked::element>(weight));
  } else {
    return view_type();
  }
}

}  // namespace hana_names

/// The parameters of a network that has no weights: a Hana map from their names to views of their
/// shapes.
///
///     inlay::parameters<net> const parameters(weights);
///     parameters["conv1.weight"_name](0, 0, 2, 2)
///
/// It is made of a Hana map from names to arrays, std::arrays or views, or of a struct of Hana's,
/// whose member `weight` of its member `conv1` is "conv1.weight". Both must outlive it.
/// *Errors*: a weight that is missing or has other elements does not compile.
template <auto const& Network> class parameters {
  using all = hana_names::parameters_of<Network>;
  static_assert(check<all::failure>());
  using indices = std::make_index_sequence<all::count>;

 public:
  static constexpr std::size_t size = all::count;
  using map_type = decltype(hana_names::make_map_type<Network>(indices{}));

 private:
  template <std::size_t... I> static constexpr vector<value> all_values(std::index_sequence<I...>) {
    return {all::template at<I>...};
  }
  template <class Name> struct name_check {
    static constexpr error mistake = [] {
      if (decltype(boost::hana::contains(std::declval<map_type>(), Name{}))::value) return error{};
      auto const wanted = hana_names::text_of<Name>();
      auto e = make_error(rule::a_parameter_must_be_in_the_network,
                          "the network has no parameter '", wanted, "'");
      inlay::detail::add_nearest(e, all_values(indices{}), wanted,
                                 [](value const&) { return true; });
      return e;
    }();
  };

 public:
  template <class Source>
    requires(hana_names::a_struct<Source> || hana_names::a_map<Source>)
  constexpr explicit parameters(Source const& weights) : map_(make(weights, indices{})) {}

  constexpr map_type const& map() const { return map_; }

  /// *Errors*: a name that no parameter has does not compile.
  template <class Name> constexpr auto operator[](Name) const {
    static_assert(check<name_check<Name>::mistake>());
    if constexpr (!name_check<Name>::mistake) return boost::hana::at_key(map_, Name{});
  }

  /// `f` of all views, in the order of the network's inputs.
  template <class F> constexpr decltype(auto) apply(F&& f) const {
    return [&]<std::size_t... I>(std::index_sequence<I...>) -> decltype(auto) {
      return f(boost::hana::at_key(map_, typename all::template name<I>{})...);
    }(indices{});
  }

 private:
  template <class Source, std::size_t... I>
  static constexpr map_type make(Source const& weights, std::index_sequence<I...>) {
    return boost::hana::make_map(boost::hana::make_pair(
        typename all::template name<I>{}, hana_names::view_of_weight<Network, I>(weights))...);
  }

  map_type map_;
};

}  // namespace inlay::inline INLAY_VERSION
