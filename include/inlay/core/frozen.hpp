// Constants out of values that hold heap memory, which constant evaluation cannot keep.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "inlay/core/config.hpp"
#include "inlay/core/pack.hpp"

namespace inlay::inline INLAY_VERSION {

/// The elements of a vector of `N`.
template <class T, std::size_t N> struct frozen_vector {
  T elements[N == 0 ? 1 : N]{};

  static constexpr std::size_t size() { return N; }
  constexpr T const* data() const { return elements; }
  constexpr T const* begin() const { return elements; }
  constexpr T const* end() const { return elements + N; }
  constexpr T const& operator[](std::size_t i) const { return elements[i]; }
};

/// The members of a class that are vectors.
template <auto... Member> struct member_list {};

namespace detail {

template <auto Member> struct member_constant {};

template <class T, class M> M type_of_member(M T::*);
template <auto Member>
using element_of_member = typename decltype(type_of_member(Member))::value_type;

template <std::size_t Count> struct array_sizes {
  std::size_t of[Count];
};

}  // namespace detail

/// What `Make()` returns, as constants: its facts (the base class `Facts`), and an array for each
/// of its vectors. One constant evaluation measures, a second one copies.
template <auto const& Make, class Facts, class Members> class frozen;

template <auto const& Make, class Facts, auto... Member>
class frozen<Make, Facts, member_list<Member...>> {
  static constexpr std::size_t count = sizeof...(Member);

  struct measured_value {
    Facts facts;
    detail::array_sizes<count> sizes;
  };
  static constexpr measured_value measured = [] {
    auto const x = Make();
    return measured_value{x, {{(x.*Member).size()...}}};
  }();

  template <std::size_t... I> static constexpr auto copy(std::index_sequence<I...>) {
    pack<frozen_vector<detail::element_of_member<Member>, measured.sizes.of[I]>...> copies;
    auto const x = Make();
    auto const take = [](auto const& from, auto& to) {
      for (std::size_t i = 0; i < from.size(); ++i) to.elements[i] = from[i];
    };
    (take(x.*Member, inlay::get<I>(copies)), ...);
    return copies;
  }
  static constexpr auto arrays = copy(std::make_index_sequence<count>{});

  template <auto Wanted> static constexpr std::size_t index_of() {
    std::size_t i = 0;
    static_cast<void>(
        ((std::is_same_v<detail::member_constant<Wanted>, detail::member_constant<Member>> ||
          (++i, false)) ||
         ...));
    return i;
  }

 public:
  static constexpr Facts const& facts = measured.facts;

  /// The array of a member: `get<&program::steps>()`.
  template <auto Wanted> static constexpr auto const& get() {
    return inlay::get<index_of<Wanted>()>(arrays);
  }
};

}  // namespace inlay::inline INLAY_VERSION
