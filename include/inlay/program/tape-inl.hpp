// Fused element operators, in the compiler's code or one after the other at run time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "inlay/core/pack.hpp"
#include "inlay/kernel/results-inl.hpp"
#include "inlay/kernel/softmax-inl.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/element_code-inl.hpp"
#include "inlay/program/program.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// Links that are constants: `Links::value` is a span of them.
template <class Links> struct static_tape {
  template <class T, stage S, class V, class Other>
  INLAY_INLINE static constexpr V apply(S& s, V const& x, Other const& other) {
    return apply<T, 0>(s, other, x);
  }

 private:
  /// What came before the last result stands behind it, the latest first.
  template <class T, std::size_t Link, class S, class Other, class V, class... Before>
  INLAY_INLINE static constexpr V apply(S& s, Other const& other, V const& last,
                                        Before const&... before) {
    if constexpr (Link == Links::value.size()) {
      return last;
    } else {
      V const results[] = {last, before...};
      V const y = compute<T, Link>(s, other, results,
                                   std::make_index_sequence<Links::value[Link].operands.count>{});
      return apply<T, Link + 1>(s, other, y, last, before...);
    }
  }
  template <class T, std::size_t Link, class S, class Other, class V, std::size_t... I>
  INLAY_INLINE static constexpr V compute(S& s, Other const& other, V const* results,
                                          std::index_sequence<I...>) {
    using element = operator_of<Links::value[Link].op>;
    constexpr auto conditions = static_cast<std::size_t>(inlay::detail::conditions<element>());
    if constexpr (conditions == 0) {
      V const operands[] = {operand<Link, I>(other, results)...};
      return compute_element<element, element_form<T>>(s, Links::value[Link].words.of,
                                                       operands[I]...);
    } else {
      // Braces evaluate from left to right.
      pack const operands{choose_operand<Link, I, (I < conditions)>(other, results)...};
      auto const compute = [&](auto const&... x) INLAY_INLINE_LAMBDA {
        return compute_element<element, element_form<T>>(s, Links::value[Link].words.of, x...);
      };
      return apply_pack(compute, operands);
    }
  }
  template <std::size_t Link, std::size_t I, bool IsCondition, class Other, class V>
  INLAY_INLINE static constexpr auto choose_operand(Other const& other, V const* results) {
    if constexpr (IsCondition) {
      constexpr auto from = Links::value[Link].operands.of[I];
      return other.condition(std::integral_constant<int, -1 - from>{});
    } else {
      return operand<Link, I>(other, results);
    }
  }
  template <std::size_t Link, std::size_t I, class Other, class V>
  INLAY_INLINE static constexpr V operand(Other const& other, V const* results) {
    constexpr auto from = Links::value[Link].operands.of[I];
    if constexpr (from < 0) {
      return other(std::integral_constant<int, -1 - from>{});
    } else {
      return results[Link - static_cast<std::size_t>(from)];
    }
  }
};

/// A normalization of rows, which are changed where they are.
template <class Operator> struct row_ending {
  template <class T, class Memory, stage S>
  INLAY_INLINE static constexpr void apply(S& s, tensor<T, Memory> const& rows) {
    auto const& by = rows.strides;
    typename Memory::numbers const extents{rows.extents[0], rows.extents[1], 1};
    typename Memory::numbers const strides{by[0], by[1], 1};
    typename Operator::kernel const kernel{};
    inlay::run(s, kernel, tensor<T const, Memory>{rows.data, extents, strides},
               tensor<T, Memory>{rows.data, extents, strides});
  }
};

/// The ending of that operator, as `results` has it.
template <operator_id Op> constexpr auto find_ending() {
  if constexpr (Op == operator_id::unlisted) {
    return no_ending{};
  } else if constexpr (inlay::detail::is_ending<operator_of<Op>>()) {
    return row_ending<operator_of<Op>>{};
  } else {
    return no_ending{};
  }
}
template <operator_id Op> using ending_of = decltype(find_ending<Op>());

/// An ending that is chosen while the program runs.
class dynamic_ending {
 public:
  constexpr dynamic_ending() = default;
  constexpr explicit dynamic_ending(operator_id op) : op_(op) {}

  template <class T, class Memory, stage S>
  constexpr void apply(S& s, tensor<T, Memory> const& rows) const {
    apply(s, rows, operators{});
  }

 private:
  template <class T, class Memory, class S, class... Operator>
  constexpr void apply(S& s, tensor<T, Memory> const& rows, operator_list<Operator...>) const {
    static_cast<void>(((op_ == id_of<Operator> && (apply_one<Operator>(s, rows), true)) || ...));
  }
  template <class Operator, class T, class Memory, class S>
  static constexpr void apply_one(S& s, tensor<T, Memory> const& rows) {
    if constexpr (inlay::detail::is_ending<Operator>() &&
                  contains(typename Operator::types{}, element_of<T>)) {
      row_ending<Operator>::apply(s, rows);
    }
  }

  operator_id op_ = operator_id::unlisted;
};

/// Links that are read while the program runs, an element at a time.
class dynamic_tape {
 public:
  constexpr dynamic_tape() = default;
  /// `find(op, types)` is the code of an element operator.
  template <class Find>
  constexpr dynamic_tape(span<link const> links, Find const& find) : links_(links) {
    for (std::size_t i = 0; i < links.size(); ++i) codes_[i] = find(links[i].op, links[i].types);
  }

  constexpr bool is_empty() const { return links_.empty(); }

  template <class T, stage S, class V, class Other>
  constexpr V apply(S&, V const& x, Other const& other) const {
    if (links_.empty()) return x;
    any_number results[most_links + 1]{any_number::of(x)};
    std::size_t count = 0;
    for (auto const& l : links_) {
      any_number operands[most_operands]{};
      for (std::uint32_t i = 0; i < l.operands.count; ++i) {
        auto const from = l.operands.of[i];
        operands[i] = from < 0 ? element_of(other, -1 - from) : results[from];
      }
      results[count + 1] = codes_[count](l.words.of, operands);
      ++count;
    }
    return results[count].template as<V>();
  }

 private:
  template <class Other> static constexpr any_number element_of(Other const& other, int k) {
    if constexpr (reads_conditions<Other>) {
      if (other.is_condition(k)) return any_number::of(other.condition(k));
    }
    return any_number::of(other(k));
  }

  span<link const> links_;
  element_code codes_[most_links]{};
};

/// What a chain makes of an element of each tensor of its step. The chain is a constant,
/// `Chain::value`.
template <class Chain> struct static_chain {
  template <stage S, class Elements>
  INLAY_INLINE static constexpr auto apply(S& s, Elements const& elements) {
    return apply_links<0>(s, elements);
  }

 private:
  /// What links made stands behind the elements, the latest first.
  template <std::size_t Link, class S, class Elements, class... Result>
  INLAY_INLINE static constexpr auto apply_links(S& s, Elements const& elements,
                                                 Result const&... results) {
    auto const y = compute<Link>(s, elements, pack<Result...>(results...),
                                 std::make_index_sequence<Chain::value.of[Link].operands.count>{});
    if constexpr (Link + 1 == Chain::value.count) return y;
    else return apply_links<Link + 1>(s, elements, y, results...);
  }
  template <std::size_t Link, class S, class Elements, class Results, std::size_t... I>
  INLAY_INLINE static constexpr auto compute(S& s, Elements const& elements, Results const& results,
                                             std::index_sequence<I...>) {
    constexpr auto types = Chain::value.of[Link].types;
    using form = element_form<stored_type<types.from>, stored_type<types.to>>;
    using element = operator_of<Chain::value.of[Link].op>;
    return compute_element<element, form>(s, Chain::value.of[Link].words.of,
                                          operand<Link, I>(elements, results)...);
  }
  template <std::size_t Link, std::size_t I, class Elements, class Results>
  INLAY_INLINE static constexpr auto const& operand(Elements const& elements,
                                                    Results const& results) {
    constexpr auto from = Chain::value.of[Link].operands.of[I];
    if constexpr (from < 0) return get<static_cast<std::size_t>(-1 - from)>(elements);
    else return get<Link - static_cast<std::size_t>(from)>(results);
  }
};

/// What a chain makes of the first tensors of a step, of these types, as a kernel reads it: see
/// kernel/reader-inl.hpp. Strides are constants, `Step::layout_at<I>`: compilers keep few numbers
/// in registers.
template <class Chain, class Step, class... Input> struct chain_reader {
  shape extents;
  pack<Input const*...> begins;
  int axis = 0;  // the first one that is left

  template <stage S>
  INLAY_INLINE constexpr chain_reader inner(S&, std::int64_t const* at, int axes) const {
    return inner<S>(at, axes, std::index_sequence_for<Input...>{});
  }
  template <stage S, class J> INLAY_INLINE constexpr auto read(S& s, J j) const {
    return read(s, j, std::index_sequence_for<Input...>{});
  }

 private:
  template <class S, std::size_t... I>
  INLAY_INLINE constexpr chain_reader inner(std::int64_t const* at, int axes,
                                            std::index_sequence<I...>) const {
    return {S::inner_axes(extents, axes), pack{(get<I>(begins) + elements_to<I>(at, axes))...},
            axis + axes};
  }
  template <std::size_t I>
  INLAY_INLINE constexpr std::int64_t elements_to(std::int64_t const* at, int axes) const {
    std::int64_t elements = 0;
    for (int i = 0; i < axes; ++i) elements += at[i] * stride<I>(axis + i);
    return elements;
  }
  template <std::size_t I> INLAY_INLINE static constexpr std::int64_t stride(int axis) {
    return Step::template layout_at<I>.strides[axis];
  }
  template <class S, class J, std::size_t... I>
  INLAY_INLINE constexpr auto read(S& s, J j, std::index_sequence<I...>) const {
    // Braces evaluate from left to right.
    pack const elements{
        s.load_or_broadcast(tensor<Input const>{get<I>(begins), {}, {stride<I>(axis)}}, j)...};
    return static_chain<Chain>::apply(s, elements);
  }
};

INLAY_END_TARGET
