// Fused element operators, in the compiler's code or one after the other at run time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "inlay/kernel/results-inl.hpp"
#include "inlay/kernel/softmax-inl.hpp"
#include "inlay/op/list.hpp"
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
    V const operands[] = {operand<Link, I>(other, results)...};
    using element = operator_of<Links::value[Link].op>;
    return compute_element<element, T>(s, Links::value[Link].words.of, operands[I]...);
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
    shape const extents{rows.extents[0], rows.extents[1], 1};
    shape const strides{by[0], by[1], 1};
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

/// Links that are read while the program runs.
class dynamic_tape {
 public:
  constexpr dynamic_tape() = default;
  constexpr explicit dynamic_tape(span<link const> links) : links_(links) {}

  constexpr bool is_empty() const { return links_.empty(); }

  template <class T, stage S, class V, class Other>
  constexpr V apply(S& s, V const& x, Other const& other) const {
    if (links_.empty()) return x;
    V results[most_links + 1]{x};
    std::size_t count = 0;
    for (auto const& l : links_) {
      V operands[most_operands]{};
      for (std::uint32_t i = 0; i < l.operands.count; ++i) {
        auto const from = l.operands.of[i];
        operands[i] = from < 0 ? other(-1 - from) : results[from];
      }
      results[++count] = compute<T>(s, l, operands, operators{});
    }
    return results[count];
  }

 private:
  template <class T, class S, class V, class... Operator>
  static constexpr V compute(S& s, link const& l, V const* operands, operator_list<Operator...>) {
    V y{};
    static_cast<void>(
        ((l.op == id_of<Operator> && (compute<T, Operator>(s, l, operands, y), true)) || ...));
    return y;
  }
  template <class T, class Operator, class S, class V>
  static constexpr void compute(S& s, link const& l, V const* operands, V& y) {
    if constexpr (inlay::detail::is_elementwise<Operator>() &&
                  contains(typename Operator::types{}, element_of<T>)) {
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        y = compute_element<Operator, T>(s, l.words.of, operands[I]...);
      }(std::make_index_sequence<static_cast<std::size_t>(inlay::detail::operands<Operator>())>{});
    }
  }

  span<link const> links_;
};

INLAY_END_TARGET
