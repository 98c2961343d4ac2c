// Links that are chosen at run time, each applied to a strip of results at a time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/core/least_value.hpp"
#include "inlay/core/pack.hpp"
#include "inlay/execute/interpreter/kernel_call.hpp"
#include "inlay/kernel/product-inl.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/program.hpp"

INLAY_BEGIN_TARGET

namespace interpreter_code {

using interpreter_kernels_v0_1::kernel_call;
using interpreter_kernels_v0_1::kernel_epilogue;
using interpreter_kernels_v0_1::kernel_function;
using interpreter_kernels_v0_1::strip_chain;
using interpreter_kernels_v0_1::tensor_form;

inline shape shape_of(std::int64_t const (&numbers)[8], std::uint8_t rank) {
  static_assert(max_rank == 8);
  shape s;
  for (int i = 0; i < max_rank; ++i) s.extents[i] = numbers[i];
  s.rank = rank;
  return s;
}

/// The code of an operator as a link.
template <class Operator, class Form, class S> struct strip_code {
  static void run(void* result, void const* const* operands, std::size_t count,
                  std::int64_t const* words) {
    constexpr auto operand_count = static_cast<std::size_t>(inlay::detail::operands<Operator>());
    run(result, operands, count, words, std::make_index_sequence<operand_count>{});
  }

 private:
  template <std::size_t... I>
  INLAY_INLINE static void run(void* result, void const* const* operands, std::size_t count,
                               std::int64_t const* words, std::index_sequence<I...>) {
    S s;
    using To = typename Form::to;
    using Lane = typename Form::widest;
    tensor<To> const y{static_cast<To*>(result), {}, {1}};
    pack const x{operand<inlay::detail::operand_type<Operator, Form, I>>(operands[I])...};
    s.template loop_lanes<Lane>(static_cast<std::int64_t>(count), [&](auto j) INLAY_INLINE_LAMBDA {
      pack const elements{s.load(inlay::get<I>(x), j)...};
      auto const compute = [&](auto const&... element) INLAY_INLINE_LAMBDA {
        return compute_element<Operator, Form>(s, words, element...);
      };
      auto const computed = apply_pack(compute, elements);
      s.store(y, j, computed);
    });
  }
  template <class T> INLAY_INLINE static tensor<T const> operand(void const* data) {
    return {static_cast<T const*>(data), {}, {1}};
  }
};

/// So many elements go through all links before the next ones do: as many as a tile may have; what
/// the links read and write stays in a cache of the first level.
inline constexpr std::int64_t most_strip_elements = most_tile_elements;
/// The kernel's own tensors and those of the links.
inline constexpr std::size_t most_chain_tensors = most_operands + most_others + 1;
/// A result for each link, the kernel's, and the other tensors; of each as much more as a vector
/// that is stored at its end.
template <class T, class S>
inline constexpr std::int64_t strip_elements = most_strip_elements + S::template width<T>;
template <class T, class S> struct strip_memory {
  static constexpr std::size_t strips = most_chain_tensors + most_links;
  static constexpr auto size = static_cast<std::size_t>(strip_elements<T, S>);
  alignas(tensor_alignment) T elements[strips * size];

  T* strip(std::size_t number) { return elements + number * size; }
};

/// The tape of one step.
template <class T, class S> class strip_tape {
 public:
  using index = typename S::index;

  strip_tape(kernel_epilogue const& how, strip_memory<T, S>& memory)
      : how_(&how), memory_(memory.elements) {}

  int others() const { return how_->others; }
  bool is_empty() const { return how_->count == 0; }
  /// Whether nothing but a Relu has to be done, if that.
  INLAY_INLINE bool is_short() const { return how_->count == 0 || how_->is_relu; }

  /// Where nothing but a Relu has to be done, if that: x, or what is larger than the least number.
  struct clipping {
    T least;
    template <class, stage Stage, class V, class Other>
    INLAY_INLINE V apply(Stage& s, V const& x, Other const&) const {
      auto const lowest = s.splat_like(x, least);
      return s.max(lowest, x);
    }
  };
  INLAY_INLINE clipping short_tape(S&) const { return {how_->is_relu ? T{0} : least_value<T>()}; }

  template <class, stage Stage, class V, class Other>
  INLAY_INLINE V apply(Stage& s, V const& x, Other const& other) const {
    if (is_short()) return short_tape(s).template apply<T>(s, x, other);
    return apply_links(x);
  }

  template <tile_shape Tile, class Results, class Columns, class Sums, class Places>
  INLAY_INLINE void write_tile(S& s, Results const& to, Columns const& columns, Sums const& sums,
                               Places const& places) const {
    constexpr int width = decltype(lanes_of(columns.in_all[0]))::value;
    constexpr int pitch = Tile.vectors * width;
    constexpr int runs = std::extent_v<decltype(places[0].rows.starts)>;
    static_assert(pitch > 0 && Tile.rows * pitch <= most_strip_elements);
    each_sum<Tile>(sums, [&](auto i, auto v, auto const& sum) INLAY_INLINE_LAMBDA {
      s.store(strip(0), full<width, index>{i * pitch + v * width}, sum);
    });
    strip_rows rows{Tile.rows, Tile.rows / runs, pitch, 0};
    for (int v = 0; v < Tile.vectors; ++v) rows.count += count_of(columns.in_all[v]);
    strip_tensor tensors[Results::tensors];
    for (int t = 0; t <= others(); ++t) {
      auto const& place = places[t];
      auto& tensor = tensors[t];
      tensor = tensor_behind(to, t, columns.in_all[0].at * place.column);
      tensor.starts = place.rows.starts;
      tensor.row = place.rows.distance;
      tensor.column = place.column;
    }
    finish(rows, tensors);
  }

  template <class Results, class At>
  INLAY_INLINE void write_row(S& s, Results const& row, At const& element_at) const {
    static constexpr index zero = 0;
    auto const all = row.y.extents[0];
    for (index first = 0; first < all; first += most_strip_elements) {
      auto const count = s.smaller(all - first, most_strip_elements);
      s.template loop_lanes<T>(count, [&](auto j) INLAY_INLINE_LAMBDA {
        auto const x = element_at(s.shift(j, first));
        s.store(strip(0), j, x);
      });
      strip_tensor tensors[Results::tensors];
      for (int t = 0; t <= others(); ++t) {
        auto const by = row.strides(t)[0];
        tensors[t] = tensor_behind(row, t, first * by);
        tensors[t].starts = &zero;
        tensors[t].column = by;
      }
      finish({1, 1, 0, count}, tensors);
    }
  }

 private:
  /// Rows of a strip: `pitch` elements from each other, `count` elements each. Runs of `run` rows
  /// are as far from each other in a tensor.
  struct strip_rows {
    int rows;
    int run;
    index pitch;
    index count;
  };
  /// The same rows in a tensor: where each run starts, and how far its rows and the columns are
  /// from each other, in elements.
  struct strip_tensor {
    void const* data = nullptr;  // elements, or truths
    bool is_condition = false;
    index const* starts = nullptr;
    index row = 0;
    index column = 0;

    template <class E> E const* at(strip_rows const& rows, int i) const {
      return static_cast<E const*>(data) + starts[i / rows.run] + i % rows.run * row;
    }
  };
  /// What is so many elements behind the beginning of a tensor.
  template <class Results>
  INLAY_INLINE static strip_tensor tensor_behind(Results const& to, int number, index elements) {
    if constexpr (Results::has_conditions) {
      if (number > 0 && to.is_condition(number - 1)) {
        return {to.conditions.at[number - 1].data + elements, true};
      }
    }
    auto const* const data = number == 0 ? to.y.data : to.others[number - 1].data;
    return {data + elements};
  }

  template <int Lanes> static std::integral_constant<int, Lanes> lanes_of(full<Lanes, index>);
  template <int Lanes> static std::integral_constant<int, Lanes> lanes_of(partial<Lanes, index>);
  template <int Lanes> static constexpr index count_of(full<Lanes, index>) { return Lanes; }
  template <int Lanes> static constexpr index count_of(partial<Lanes, index> j) { return j.count; }
  INLAY_INLINE tensor<T> strip(int number) const {
    return {memory_ + number * strip_elements<T, S>, {}, {1}};
  }

  template <class V> INLAY_KERNEL V apply_links(V const& x) const {
    S s;
    full<static_cast<int>(sizeof(V) / sizeof(T)), index> const at{0};
    s.store(strip(0), at, x);
    run_links(sizeof(V) / sizeof(T));
    return s.load(strip(how_->result), at);
  }
  /// Reads the other tensors, applies all links, and writes the first of `tensors`.
  INLAY_KERNEL void finish(strip_rows const& rows, strip_tensor const* tensors) const {
    S s;
    for (int k = 1; k <= others(); ++k) {
      auto const& t = tensors[k];
      auto* const to = strip(k).data;
      // The bytes of truths.
      if (t.is_condition) read_rows(rows, t, reinterpret_cast<std::uint8_t*>(to));
      else read_rows(rows, t, to);
    }
    run_links(rows.rows == 1 ? rows.count : rows.rows * rows.pitch);
    auto const from = strip(how_->result);
    for (int i = 0; i < rows.rows; ++i) {
      tensor<T const> const x{from.data + i * rows.pitch, {}, {1}};
      // What the kernel writes is the first one.
      auto const& to = tensors[0];
      tensor<T> const y{const_cast<T*>(to.template at<T>(rows, i)), {}, {to.column}};
      s.template loop_lanes<T>(rows.count, [&](auto j) INLAY_INLINE_LAMBDA {
        auto const element = s.load(x, j);
        s.store(y, j, element);
      });
    }
  }
  template <class E>
  INLAY_INLINE static void read_rows(strip_rows const& rows, strip_tensor const& from, E* to) {
    S s;
    for (int i = 0; i < rows.rows; ++i) {
      tensor<E const> const x{from.template at<E>(rows, i), {}, {from.column}};
      tensor<E> const y{to + i * rows.pitch, {}, {1}};
      // Whole vectors, so that every element has a value.
      s.template loop_lanes<T>(rows.count, [&](auto j) INLAY_INLINE_LAMBDA {
        auto const element = s.load(x, j);
        s.store(y, full<S::template width<T>, index>{j.at}, element);
      });
    }
  }
  INLAY_KERNEL void run_links(index count) const {
    for (int i = 0; i < how_->count; ++i) {
      auto const& l = how_->links[i];
      void const* operands[most_operands];
      for (std::size_t k = 0; k < most_operands; ++k) operands[k] = strip(l.operands[k]).data;
      l.run(strip(l.result).data, operands, static_cast<std::size_t>(count), l.words);
    }
  }

  kernel_epilogue const* how_;
  T* memory_;
};

/// A normalization of rows by a kernel that is chosen at run time.
struct called_ending {
  kernel_function run = nullptr;

  template <class T, stage S> void apply(S&, tensor<T> const& rows) const {
    if (run == nullptr) return;
    tensor_form form{};
    form.rank = 3;
    for (int i = 0; i < 2; ++i) {
      form.extents[i] = rows.extents[i];
      form.strides[i] = rows.strides[i];
    }
    form.extents[2] = form.strides[2] = 1;
    tensor_form const forms[] = {form, form};
    void const* const inputs[] = {rows.data};
    static constexpr kernel_epilogue none{};
    run({forms, inputs, rows.data, nullptr, &none});
  }
};

}  // namespace interpreter_code

INLAY_END_TARGET
