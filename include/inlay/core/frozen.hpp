// Constants out of values that hold heap memory, which constant evaluation cannot keep.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "inlay/core/config.hpp"
#include "inlay/core/pack.hpp"
#include "inlay/core/span.hpp"

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

namespace detail {
template <auto Member> struct member_constant {};
}  // namespace detail

/// The members of a class that are vectors. A struct that derives from it has a short name.
template <auto... Member> struct member_list {
  static constexpr std::size_t size = sizeof...(Member);

  template <auto Wanted> static constexpr std::size_t index_of() {
    std::size_t i = 0;
    static_cast<void>(
        ((std::is_same_v<detail::member_constant<Wanted>, detail::member_constant<Member>> ||
          (++i, false)) ||
         ...));
    return i;
  }
};

/// How many elements each of the vectors has.
template <class Members> struct member_sizes {
  std::size_t of[Members::size]{};

  template <auto Wanted> constexpr std::size_t& get() {
    return of[Members::template index_of<Wanted>()];
  }
};

/// Expects empty vectors.
template <class Members> struct nothing_expected {
  static constexpr member_sizes<Members> sizes{};
};

namespace detail {

template <class T, class M> M type_of_member(M T::*);
template <auto Member>
using element_of_member = typename decltype(type_of_member(Member))::value_type;

template <class Sized, auto... Member, std::size_t... I>
auto make_arrays(member_list<Member...>, std::index_sequence<I...>)
    -> pack<frozen_vector<element_of_member<Member>, Sized::sizes.of[I]>...>;

/// Arrays of as many elements as `Sized::sizes` says, one for each vector.
template <class Members, class Sized>
using arrays_of =
    decltype(make_arrays<Sized>(Members{}, std::make_index_sequence<Members::size>{}));

constexpr void copy_elements(auto const& from, auto& to) {
  for (std::size_t i = 0; i < from.size(); ++i) to.elements[i] = from[i];
}
template <auto... Member, std::size_t... I>
constexpr void copy_members(auto const& from, auto& to, member_list<Member...>,
                            std::index_sequence<I...>) {
  (copy_elements(from.*Member, inlay::get<I>(to)), ...);
}

template <class Members, auto... Member>
constexpr member_sizes<Members> sizes_of(auto const& x, member_list<Member...>) {
  return {{(x.*Member).size()...}};
}

/// What `make()` returns, in a constant expression only. Compilers try whether the initializer of a
/// variable, or an argument, happens to be a constant: of a whole network in vain, and at length.
template <class Make> constexpr auto call_in_constant(Make const& make) {
  if (!__builtin_is_constant_evaluated()) __builtin_unreachable();
  return make();
}

}  // namespace detail

/// What `Make()` returns, as constants: its facts (the base class `Facts`), and an array for each
/// of its vectors. One constant evaluation measures, a second one copies; but if every vector has
/// at most as many elements as `Expected::sizes` says, the first one copies as well.
template <auto const& Make, class Facts, class Members, class Expected = nothing_expected<Members>>
class frozen {
  using indices = std::make_index_sequence<Members::size>;

  struct made_value {
    Facts facts;
    member_sizes<Members> sizes;
    bool fits = true;
    detail::arrays_of<Members, Expected> arrays;
  };
  static constexpr made_value made = [] {
    auto const x = detail::call_in_constant(Make);
    made_value m{x, detail::sizes_of<Members>(x, Members{}), true, {}};
    for (std::size_t i = 0; i < Members::size; ++i) {
      m.fits = m.fits && m.sizes.of[i] <= Expected::sizes.of[i];
    }
    if (m.fits) detail::copy_members(x, m.arrays, Members{}, indices{});
    return m;
  }();

 public:
  static constexpr Facts facts = made.facts;
  static constexpr member_sizes<Members> sizes = made.sizes;

  /// The elements of a member: `get<&program::steps>()`.
  template <auto Wanted> static constexpr auto get() {
    constexpr auto index = Members::template index_of<Wanted>();
    return span(inlay::get<index>(arrays()).elements, sizes.of[index]);
  }

 private:
  // A class, so that it is made only where it is asked for.
  struct exact {
    static constexpr auto arrays = [] {
      detail::arrays_of<Members, frozen> copies;
      detail::copy_members(detail::call_in_constant(Make), copies, Members{}, indices{});
      return copies;
    }();
  };
  static constexpr auto const& arrays() {
    if constexpr (made.fits) return made.arrays;
    else return exact::arrays;
  }
};

}  // namespace inlay::inline INLAY_VERSION
