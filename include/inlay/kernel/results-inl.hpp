// Where the results of a kernel go: through element operators, into a tensor.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <type_traits>

#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// No element operators: a result is stored as it is.
struct no_tape {
  template <class T, stage S, class V, class Other>
  INLAY_INLINE static constexpr V apply(S&, V const& x, Other const&) {
    return x;
  }
};

/// Nothing is made of whole rows.
struct no_ending {
  template <class T, class Memory, stage S>
  INLAY_INLINE static constexpr void apply(S&, tensor<T, Memory> const&) {}
};

/// Tensors of truths among those that an epilogue reads: which ones, a bit each, and where.
template <int Others, class Memory> struct result_conditions {
  std::uint32_t bits = 0;
  tensor<bool const, Memory> at[Others == 0 ? 1 : Others]{};
};
struct no_conditions {};

/// The tensor that a kernel writes, and at most `Others` that its epilogue reads: as many as
/// `tape.others()` says, if it does. `tape.apply<T>(s, x, other)` makes of a result x what is
/// stored, where `other(k)` is the element of tensor number k at the same indices. All have the
/// extents of y, and strides of their own. `ending.apply(s, rows)` changes rows [m, n] of y once
/// they are stored, and is for kernels that compute whole rows. Where it `has_conditions`, some of
/// the tensors hold truths: those are in `conditions`, at the same number, and `is_condition`.
/// A tape that is slow to start takes many results at a time, unless it `is_short()`: then its
/// `short_tape(s)` will do.
template <class T, class Tape = no_tape, int Others = 0, class Ending = no_ending,
          class Memory = host_memory, bool HasConditions = false>
struct results {
  tensor<T, Memory> y;
  Tape tape{};
  Ending ending{};
  tensor<T const, Memory> others[Others == 0 ? 1 : Others]{};
  std::conditional_t<HasConditions, result_conditions<Others, Memory>, no_conditions> conditions{};

  using element = T;
  static constexpr int tensors = 1 + Others;
  static constexpr bool has_conditions = HasConditions;

  INLAY_INLINE constexpr int count() const {
    if constexpr (requires { tape.others(); }) return tape.others();
    else return Others;
  }
  /// Of the others, whether number k holds truths.
  INLAY_INLINE constexpr bool is_condition(int k) const {
    if constexpr (HasConditions) return (conditions.bits >> k & 1) != 0;
    else return false;
  }
  INLAY_INLINE constexpr void set_condition(int k, tensor<bool const, Memory> const& t) {
    conditions.at[k] = t;
    conditions.bits |= 1u << k;
  }
  /// Of y (0), of the others (1, …).
  INLAY_INLINE constexpr auto const& strides(int tensor) const {
    if constexpr (HasConditions) {
      if (tensor > 0 && is_condition(tensor - 1)) return conditions.at[tensor - 1].strides;
    }
    return tensor == 0 ? y.strides : others[tensor - 1].strides;
  }
  /// All tensors seen in another way: f(y), f(others[k]).
  template <class F> INLAY_INLINE constexpr results seen(F const& f) const {
    results r{f(y), tape, ending};
    if constexpr (Others > 0) {
      for (int k = 0; k < count(); ++k) {
        if constexpr (HasConditions) {
          if (is_condition(k)) {
            r.set_condition(k, f(conditions.at[k]));
            continue;
          }
        }
        r.others[k] = f(others[k]);
      }
    }
    return r;
  }
};

/// Whether something may be made of results before they are stored.
template <class Results> INLAY_INLINE constexpr bool has_tape(Results const& to) {
  if constexpr (std::is_same_v<decltype(to.tape), no_tape>) return false;
  else if constexpr (requires { to.tape.is_empty(); }) return !to.tape.is_empty();
  else return true;
}
/// Whether results have to go to the tape many at a time.
template <class Results> INLAY_INLINE constexpr bool goes_by_strips(Results const& to) {
  if constexpr (requires { to.tape.is_short(); }) return !to.tape.is_short();
  else return false;
}

template <class T, class Memory>
INLAY_INLINE constexpr auto results_to(tensor<T, Memory> const& y) {
  return results<T, no_tape, 0, no_ending, Memory>{y};
}
template <class T, class Tape, int Others, class Ending, class Memory, bool HasConditions>
INLAY_INLINE constexpr auto const& results_to(
    results<T, Tape, Others, Ending, Memory, HasConditions> const& to) {
  return to;
}

/// What an epilogue reads beside a result, at the same indices.
template <class S, class Results, class At> struct other_elements {
  S& s;
  Results const& to;
  At const& at;

  static constexpr bool has_conditions = Results::has_conditions;
  INLAY_INLINE constexpr bool is_condition(int k) const { return to.is_condition(k); }
  template <class Number> INLAY_INLINE constexpr auto operator()(Number k) const {
    return at(to.others[k], k + 1, load());
  }
  /// Of tensor number k, if it holds truths.
  template <class Number> INLAY_INLINE constexpr auto condition(Number k) const {
    return at(to.conditions.at[k], k + 1, load());
  }

 private:
  INLAY_INLINE constexpr auto load() const {
    return [this](auto const& t, auto... i) INLAY_INLINE_LAMBDA { return s.load(t, i...); };
  }
};

template <class Other>
inline constexpr bool reads_conditions = requires { requires Other::has_conditions; };

/// Stores what a tape makes of x. `at(t, number, access)` calls `access(t, i…)` with the indices of
/// x in tensor t, whose number is 0 for the one that is written.
template <stage S, class Results, class Tape, class V, class At>
INLAY_INLINE constexpr void write(S& s, Results const& to, Tape const& tape, V const& x,
                                  At const& at) {
  using T = typename Results::element;
  other_elements<S, Results, At> const other{s, to, at};
  auto const result = tape.template apply<T>(s, x, other);
  at(to.y, 0, [&](auto const& t, auto... i) INLAY_INLINE_LAMBDA { s.store(t, i..., result); });
}
/// The tape of results that do not go by strips.
template <stage S, class Results> INLAY_INLINE constexpr auto tape_of(S& s, Results const& to) {
  if constexpr (requires { to.tape.is_short(); }) return to.tape.short_tape(s);
  else return to.tape;
}

/// Stores what the epilogue makes of a row: of `element_at(j)` at all positions along it, which is
/// the only axis of the tensors.
template <stage S, class Results, class At>
INLAY_INLINE constexpr void write_row(S& s, Results const& to, At const& element_at) {
  using T = typename Results::element;
  if constexpr (requires { to.tape.is_short(); }) {
    if (goes_by_strips(to)) return to.tape.write_row(s, to, element_at);
  }
  auto const tape = tape_of(s, to);
  s.template loop_lanes<T>(to.y.extents[0], [&](auto j) INLAY_INLINE_LAMBDA {
    auto const x = element_at(j);
    write(s, to, tape, x, [&](auto const& t, auto, auto const& access) INLAY_INLINE_LAMBDA {
      return access(t, j);
    });
  });
}

INLAY_END_TARGET
