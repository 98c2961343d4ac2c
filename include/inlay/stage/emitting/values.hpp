// What kernels hold while their code is written: vectors, masks, indices, pointers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <type_traits>

#include "inlay/core/config.hpp"
#include "inlay/stage/emitter.hpp"
#include "inlay/stage/stage.hpp"

namespace inlay::inline INLAY_VERSION {

template <class T> struct emitted_vector {
  emitted value = nullptr;
  int lanes = 0;

  vector_type type() const { return {element_of<T>, lanes}; }
};

/// A truth a lane.
struct emitted_mask {
  emitted value = nullptr;
  int lanes = 0;
};

/// An integer: `variable`, which may be null, plus a constant. What is known while the code is
/// written is computed then: the number itself, or that it is between `least` and `most`.
struct emitted_index {
  emitter* to = nullptr;
  emitted variable = nullptr;
  std::int64_t constant = 0;
  std::int64_t least = 0;
  std::int64_t most = 0;

  emitted_index() = default;
  template <std::integral Integer>
  emitted_index(Integer i) : emitted_index(static_cast<std::int64_t>(i), true) {}
  template <std::integral Integer, Integer I>
  emitted_index(std::integral_constant<Integer, I>) : emitted_index(I) {}
  emitted_index(emitter& e, emitted v, std::int64_t from = INT64_MIN,
                std::int64_t up_to = INT64_MAX)
      : to(&e), variable(v), least(from), most(up_to) {}

  bool is_known() const { return variable == nullptr; }
  /// As one value.
  emitted in(emitter& e) const {
    if (variable == nullptr) return e.index(constant);
    if (constant == 0) return variable;
    return e.index(index_operation::add, variable, e.index(constant));
  }

  friend emitted_index operator+(emitted_index a, emitted_index b) {
    emitted sum = a.is_known() ? b.variable : a.variable;
    if (!a.is_known() && !b.is_known()) {
      sum = a.to->index(index_operation::add, a.variable, b.variable);
    }
    return made_of(a, b, sum, a.constant + b.constant, sum_of(a.least, b.least),
                   sum_of(a.most, b.most));
  }
  friend emitted_index operator-(emitted_index a, emitted_index b) { return a + b * -1; }
  friend emitted_index operator-(emitted_index a) { return a * -1; }
  friend emitted_index operator*(emitted_index a, emitted_index b) {
    if (a.is_known()) return times(b, a.constant);
    if (b.is_known()) return times(a, b.constant);
    auto& e = *a.to;
    auto const product = e.index(index_operation::multiply, a.in(e), b.in(e));
    if (a.least < 0 || b.least < 0) return {e, product};
    return {e, product, a.least > 0 && b.least > 0 ? 1 : 0};
  }
  /// Toward zero.
  friend emitted_index operator/(emitted_index a, emitted_index b) {
    if (a.is_known() && b.is_known()) return a.constant / b.constant;
    auto& e = a.is_known() ? *b.to : *a.to;
    auto const quotient = e.index(index_operation::divide, a.in(e), b.in(e));
    if (!b.is_known()) return {e, quotient, a.least >= 0 && b.least > 0 ? 0 : INT64_MIN};
    if (b.constant <= 0) return {e, quotient};
    return {e, quotient, a.least == INT64_MIN ? INT64_MIN : a.least / b.constant,
            a.most == INT64_MAX ? INT64_MAX : a.most / b.constant};
  }
  /// Whether that is known.
  friend bool operator==(emitted_index const& a, std::int64_t b) {
    return a.is_known() && a.constant == b;
  }
  friend bool operator<(emitted_index const& a, std::int64_t b) { return a.most < b; }
  emitted_index& operator+=(emitted_index other) { return *this = *this + other; }
  emitted_index& operator*=(emitted_index other) { return *this = *this * other; }

  static emitted_index larger(emitted_index a, emitted_index b) {
    if (a.least >= b.most) return a;
    if (b.least >= a.most) return b;
    auto& e = a.is_known() ? *b.to : *a.to;
    return {e, e.index(index_operation::larger, a.in(e), b.in(e)),
            a.least > b.least ? a.least : b.least, a.most > b.most ? a.most : b.most};
  }
  static emitted_index smaller(emitted_index a, emitted_index b) {
    if (a.most <= b.least) return a;
    if (b.most <= a.least) return b;
    auto& e = a.is_known() ? *b.to : *a.to;
    return {e, e.index(index_operation::smaller, a.in(e), b.in(e)),
            a.least < b.least ? a.least : b.least, a.most < b.most ? a.most : b.most};
  }

 private:
  emitted_index(std::int64_t i, bool) : constant(i), least(i), most(i) {}

  static std::int64_t sum_of(std::int64_t a, std::int64_t b) {
    bool const is_open = a == INT64_MIN || b == INT64_MIN || a == INT64_MAX || b == INT64_MAX;
    if (!is_open) return a + b;
    return a == INT64_MIN || b == INT64_MIN ? INT64_MIN : INT64_MAX;
  }
  static std::int64_t product_of(std::int64_t a, std::int64_t factor) {
    if (a != INT64_MIN && a != INT64_MAX) return a * factor;
    return (a == INT64_MIN) == (factor > 0) ? INT64_MIN : INT64_MAX;
  }
  static emitted_index made_of(emitted_index const& a, emitted_index const& b, emitted variable,
                               std::int64_t constant, std::int64_t least, std::int64_t most) {
    emitted_index i = a.is_known() ? b : a;
    i.variable = variable;
    i.constant = constant;
    i.least = least;
    i.most = most;
    return i;
  }
  static emitted_index times(emitted_index const& a, std::int64_t factor) {
    if (a.is_known() || factor == 0) return a.constant * factor;
    if (factor == 1) return a;
    auto const product = a.to->index(index_operation::multiply, a.variable, a.to->index(factor));
    auto const one = product_of(a.least, factor);
    auto const other = product_of(a.most, factor);
    return made_of(a, a, product, a.constant * factor, one < other ? one : other,
                   one < other ? other : one);
  }
};

/// The element number `offset` behind `base`, which is null where an operand is left out.
template <class T> struct emitted_pointer {
  emitted base = nullptr;
  emitted_index offset;

  emitted_pointer() = default;
  emitted_pointer(std::nullptr_t) {}
  explicit emitted_pointer(emitted from) : base(from) {}

  emitted_pointer& operator+=(emitted_index by) {
    offset += by;
    return *this;
  }
  friend bool operator==(emitted_pointer const& p, std::nullptr_t) { return p.base == nullptr; }
};

/// A number an axis, as `shape` has them, some of which only the code knows.
struct emitted_numbers {
  emitted_index extents[max_rank];
  int rank = 0;

  emitted_numbers() = default;
  emitted_numbers(std::initializer_list<emitted_index> list) {
    for (auto const& i : list) push_back(i);
  }
  emitted_numbers(shape const& s) {
    for (auto const i : s) push_back(i);
  }

  int size() const { return rank; }
  emitted_index& operator[](int axis) { return extents[axis]; }
  emitted_index const& operator[](int axis) const { return extents[axis]; }
  emitted_index const& back() const { return extents[rank - 1]; }
  void push_back(emitted_index const& i) { extents[rank++] = i; }
  /// Without the first `axes` axes.
  emitted_numbers inner_axes(int axes) const {
    emitted_numbers inner;
    for (int i = axes; i < rank; ++i) inner.push_back(extents[i]);
    return inner;
  }
};

/// How many elements a tensor of these extents has.
inline emitted_index elements_of(emitted_numbers const& extents) {
  emitted_index count = 1;
  for (int i = 0; i < extents.size(); ++i) count *= extents[i];
  return count;
}

/// The memory of the machine that will run the code.
struct emitted_memory {
  template <class T> using pointer = emitted_pointer<std::remove_const_t<T>>;
  using numbers = emitted_numbers;
};

}  // namespace inlay::inline INLAY_VERSION
