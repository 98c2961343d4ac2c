// Einstein's sums, as products of matrices.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/frontend/expr/elementwise.hpp"
#include "inlay/frontend/expr/operators.hpp"

namespace inlay::inline INLAY_VERSION::expr {

/// The letters of a tensor's axes.
class axis_labels {
 public:
  constexpr int size() const { return size_; }
  constexpr char operator[](int i) const { return letters_[i]; }
  constexpr int find(char letter) const {
    for (int i = 0; i < size_; ++i) {
      if (letters_[i] == letter) return i;
    }
    return -1;
  }
  constexpr bool has(char letter) const { return find(letter) >= 0; }
  constexpr bool push_back(char letter) {
    if (size_ == most) return false;
    letters_[size_++] = letter;
    return true;
  }
  constexpr void append(axis_labels const& other) {
    for (int i = 0; i < other.size(); ++i) push_back(other[i]);
  }
  friend constexpr bool operator==(axis_labels const& a, axis_labels const& b) {
    bool is_same = a.size_ == b.size_;
    for (int i = 0; is_same && i < a.size_; ++i) is_same = a[i] == b[i];
    return is_same;
  }

 private:
  static constexpr int most = 2 * max_rank;
  char letters_[most]{};
  int size_ = 0;
};

/// The letters of each operand, and of the result.
struct einsum_equation {
  static constexpr int most = 8;
  axis_labels operands[most]{};
  int count = 0;
  axis_labels result{};
  error mistake{};
};

constexpr error einsum_error(string_view text, string_view what) {
  return make_error(rule::an_attribute_must_be_in_range, "einsum '", text, "': ", what);
}

/// Without an arrow the result has the letters that stand once, in their order.
constexpr einsum_equation parse_einsum(string_view text) {
  einsum_equation e;
  bool is_result = false;
  bool has_arrow = false;
  e.count = 1;
  for (std::size_t i = 0; i < text.size() && !e.mistake; ++i) {
    auto const c = text[i];
    auto& labels = is_result ? e.result : e.operands[e.count - 1];
    if (c == ' ') continue;
    if (c == ',' && !is_result && e.count < einsum_equation::most) ++e.count;
    else if (c == '-' && i + 1 < text.size() && text[i + 1] == '>' && !is_result) {
      is_result = has_arrow = true;
      ++i;
    } else if (inlay::detail::is_letter(c) && c != '_') {
      if (labels.has(c)) e.mistake = einsum_error(text, "a letter stands twice in one tensor");
      labels.push_back(c);
    } else {
      e.mistake = einsum_error(text, "letters, commas and one arrow are expected");
    }
  }
  for (int letter = 'A'; letter <= 'z'; ++letter) {
    auto const c = static_cast<char>(letter);
    int times = 0;
    for (int i = 0; i < e.count; ++i) times += e.operands[i].has(c) ? 1 : 0;
    if (!has_arrow && times == 1) e.result.push_back(c);
    if (times == 0 && e.result.has(c)) {
      e.mistake = einsum_error(text, "the result has a letter that no operand has");
    }
  }
  return e;
}

/// A tensor whose axes have letters.
template <class T> struct labelled {
  tensor<T> x;
  axis_labels labels;

  /// Axes in this order, of the same letters.
  constexpr void arrange(axis_labels const& to) {
    if (labels == to) return;
    std::int64_t order[max_rank]{};
    for (int i = 0; i < to.size() && i < max_rank; ++i) order[i] = labels.find(to[i]);
    x = apply<op::transpose>(
        x, named_attribute("perm",
                           span<std::int64_t const>(order, static_cast<std::size_t>(to.size()))));
    labels = to;
  }
  /// Without the axes whose letters are not needed.
  template <class Needed> constexpr void sum_others(Needed const& is_needed) {
    std::int64_t axes[max_rank]{};
    std::size_t count = 0;
    axis_labels kept;
    for (int i = 0; i < labels.size() && i < max_rank; ++i) {
      if (is_needed(labels[i])) kept.push_back(labels[i]);
      else axes[count++] = i;
    }
    if (count == 0) return;
    x = apply<op::reduce_sum>(x, list_of(x.where(), span<std::int64_t const>(axes, count)),
                              named_attribute("keepdims", 0));
    labels = kept;
  }
  constexpr std::int64_t extent(char letter) const {
    auto const& s = x.shape();
    int const axis = labels.find(letter);
    return axis < 0 || axis >= s.size() ? 1 : s[axis];
  }
};

/// A shape out of runs of axes: each stays as it is, or is as many axes as the run has.
template <class T> class reshaping {
 public:
  constexpr explicit reshaping(recorder& r) : recorder_(&r) {}
  /// The first so many axes stay.
  constexpr void keep(int count) {
    for (int i = 0; i < count; ++i) to_.push_back(0);
  }
  constexpr void join(labelled<T> const& x, axis_labels const& run) {
    std::int64_t product = 1;
    for (int i = 0; i < run.size(); ++i) product = times(product, x.extent(run[i]));
    to_.push_back(product);
  }
  constexpr void separate(labelled<T> const& x, axis_labels const& run) {
    for (int i = 0; i < run.size(); ++i) to_.push_back(times(1, x.extent(run[i])));
  }
  constexpr tensor<T> of(tensor<T> x) const {
    int open = 0;
    for (auto const extent : to_) open += extent == -1 ? 1 : 0;
    if (open > 1) {
      recorder_->fail(make_error(rule::every_dimension_must_have_a_value,
                                 "an einsum joins several axes of ", x.shape(),
                                 " without a value"));
    }
    return apply<op::reshape>(x, list_of(*recorder_, to_));
  }

 private:
  /// -1 where one has no value.
  static constexpr std::int64_t times(std::int64_t a, std::int64_t b) {
    return a < 0 || b < 0 ? -1 : a * b;
  }
  recorder* recorder_;
  vector<std::int64_t> to_;
};

/// The sum of products over the letters that are not needed any more.
template <class T, class Needed>
constexpr labelled<T> contract(labelled<T> a, labelled<T> b, Needed const& is_needed) {
  a.sum_others([&](char c) { return b.labels.has(c) || is_needed(c); });
  b.sum_others([&](char c) { return a.labels.has(c) || is_needed(c); });
  axis_labels batch;
  axis_labels left;
  axis_labels summed;
  axis_labels right;
  for (int i = 0; i < a.labels.size(); ++i) {
    auto const c = a.labels[i];
    if (!b.labels.has(c)) left.push_back(c);
    else if (is_needed(c)) batch.push_back(c);
    else summed.push_back(c);
  }
  for (int i = 0; i < b.labels.size(); ++i) {
    if (!a.labels.has(b.labels[i])) right.push_back(b.labels[i]);
  }
  auto rows = batch;
  rows.append(left);
  rows.append(summed);
  auto columns = batch;
  columns.append(summed);
  columns.append(right);
  a.arrange(rows);
  b.arrange(columns);
  auto& r = a.x.where();
  auto x = a.x;
  auto y = b.x;
  if (left.size() != 1 || summed.size() != 1) {
    reshaping<T> to(r);
    to.keep(batch.size());
    to.join(a, left);
    to.join(a, summed);
    x = to.of(x);
  }
  if (right.size() != 1 || summed.size() != 1) {
    reshaping<T> to(r);
    to.keep(batch.size());
    to.join(b, summed);
    to.join(b, right);
    y = to.of(y);
  }
  labelled<T> product{matmul(x, y), batch};
  product.labels.append(left);
  product.labels.append(right);
  if (left.size() != 1 || right.size() != 1) {
    reshaping<T> to(r);
    to.keep(batch.size());
    to.separate(a, left);
    to.separate(b, right);
    product.x = to.of(product.x);
  }
  return product;
}

/// Whether each tensor has the axes that the equation says, of one extent for each letter.
template <class T, std::size_t N>
constexpr error check_einsum(string_view text, einsum_equation const& e,
                             labelled<T> const (&operands)[N]) {
  for (auto const& a : operands) {
    if (a.x.rank() != a.labels.size()) {
      return make_error(rule::the_rank_must_match_the_operator, "einsum '", text,
                        "': a tensor of shape ", a.x.shape(), " has ", a.labels.size(), " letters");
    }
    for (auto const& b : operands) {
      for (int i = 0; i < b.labels.size(); ++i) {
        auto const c = b.labels[i];
        auto const one = a.extent(c);
        auto const other = b.extent(c);
        if (!a.labels.has(c) || one == other || one < 0 || other < 0) continue;
        char const letter[] = {c, '\0'};
        return make_error(rule::shapes_must_broadcast, "einsum '", text, "': '",
                          string_view(letter, 1), "' is ", one, " and ", other);
      }
    }
  }
  return e.mistake;
}

/// Einstein's sum: einsum("bij,bjk->bik", x, y) is a product of matrices. A letter names an axis;
/// letters that the result does not have are summed over.
/// *Errors*: letters that do not fit the tensors; one twice in a tensor; an ellipsis.
/// *Costs*: a product of matrices for each operand but the first.
template <class T, class... Rest>
constexpr tensor<T> einsum(string_view equation, tensor<T> x, Rest... rest) {
  constexpr auto count = static_cast<int>(sizeof...(Rest)) + 1;
  static_assert((std::is_same_v<typename Rest::element, T> && ...),
                "the tensors of an einsum have elements of one type");
  auto& r = x.where();
  auto const e = parse_einsum(equation);
  labelled<T> operands[] = {{x, {}}, {rest, {}}...};
  error mistake = e.mistake;
  if (!mistake && e.count != count) {
    mistake = make_error(rule::the_number_of_inputs_must_match_the_operator, "einsum '", equation,
                         "' is of ", e.count, " tensors, and has ", count);
  }
  if (!mistake) {
    for (int i = 0; i < count; ++i) operands[i].labels = e.operands[i];
    mistake = check_einsum(equation, e, operands);
  }
  if (mistake) {
    r.fail(mistake);
    return x;
  }
  auto all = operands[0];
  for (int i = 1; i < count; ++i) {
    all = contract(all, operands[i], [&](char c) {
      bool is_needed = e.result.has(c);
      for (int k = i + 1; k < count; ++k) is_needed = is_needed || e.operands[k].has(c);
      return is_needed;
    });
  }
  all.sum_others([&](char c) { return e.result.has(c); });
  all.arrange(e.result);
  return all.x;
}

}  // namespace inlay::inline INLAY_VERSION::expr
