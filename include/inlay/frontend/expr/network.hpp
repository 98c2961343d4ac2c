// A network as a function on tensors, which is recorded where its graph is asked for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <type_traits>
#include <utility>

#include "inlay/core/frozen.hpp"
#include "inlay/core/pack.hpp"
#include "inlay/core/span.hpp"
#include "inlay/frontend/expr/apply.hpp"
#include "inlay/frontend/expr/tensor.hpp"
#include "inlay/frontend/expr/weights.hpp"
#include "inlay/pass/bind_dimensions.hpp"
#include "inlay/pass/bind_parameters.hpp"

namespace inlay::inline INLAY_VERSION {

namespace expr {

template <class... Input> struct input_list {
  static constexpr std::size_t size = sizeof...(Input);
};

template <class T> std::false_type find_input(T const&);
template <class T, auto... Extents> std::true_type find_input(input<T, Extents...> const&);
template <class T>
concept an_input = decltype(find_input(std::declval<std::remove_cvref_t<T>>()))::value;

template <class R, class F, bool N, class... A>
input_list<std::remove_cvref_t<A>...> inputs_of(R (F::*)(A...) const noexcept(N));
template <class R, class F, bool N, class... A>
input_list<std::remove_cvref_t<A>...> inputs_of(R (F::*)(A...) noexcept(N));
template <class R, bool N, class... A>
input_list<std::remove_cvref_t<A>...> inputs_of(R (*)(A...) noexcept(N));

template <class F> constexpr auto find_inputs() {
  if constexpr (std::is_pointer_v<F>) return decltype(inputs_of(F{})){};
  else if constexpr (requires { &F::operator(); }) return decltype(inputs_of(&F::operator())){};
  else {
    static_assert(
        requires { &F::operator(); },
        "the parameters of a network have types: input<float, 1, 8>, not auto");
    return input_list<>{};
  }
}

/// "input", or "input0", "input1", … where there are several.
constexpr string_view port_name(bool is_input, std::size_t index, std::size_t count) {
  constexpr string_view inputs[] = {"input0", "input1", "input2", "input3",
                                    "input4", "input5", "input6", "input7"};
  constexpr string_view outputs[] = {"output0", "output1", "output2", "output3",
                                     "output4", "output5", "output6", "output7"};
  if (count == 1) return is_input ? "input" : "output";
  if (index >= 8) return {};
  return is_input ? inputs[index] : outputs[index];
}

constexpr void name_port(recorder& r, bool is_input, value_id id, std::size_t index,
                         std::size_t count) {
  if (r.unfinished().values[id].name.empty()) {
    r.name_port(id, port_name(is_input, index, count));
  }
}

/// Makes the outputs of the graph of what the function of a network returned.
template <class R> constexpr void record_outputs(recorder& r, R const& result) {
  if constexpr (a_tensor<R>) {
    name_port(r, false, result.id(), 0, 1);
    r.output(result.id());
  } else {
    constexpr bool is_several = requires { std::tuple_size<R>::value; };
    static_assert(is_several, "a network returns a tensor, or several of them: inlay::pack{a, b}");
    if constexpr (is_several) {
      constexpr auto count = std::tuple_size<R>::value;
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((name_port(r, false, get<I>(result).id(), I, count), r.output(get<I>(result).id())), ...);
      }(std::make_index_sequence<count>{});
    }
  }
}

template <class F, class... Input> constexpr recording record(F const& f, input_list<Input...>) {
  static_assert((an_input<Input> && ...),
                "the parameters of a network are inputs: input<float, 1, 28, 28>");
  static_assert(!std::is_void_v<std::invoke_result_t<F const&, Input...>>,
                "a network returns a tensor, or several of them: inlay::pack{a, b}");
  recorder r;
  pack<Input...> const inputs{Input(r)...};
  r.end_inputs();
  auto const result = apply_pack(f, inputs);
  std::size_t index = 0;
  apply_pack([&](auto const&... x) { (name_port(r, true, x.id(), index++, sizeof...(x)), ...); },
             inputs);
  record_outputs(r, result);
  return r.finish();
}

/// The names of a network that no literal holds, as one constant. The network is recorded once
/// where they are short, else once more.
template <class F, class Inputs> class static_names {
  static constexpr std::size_t short_size = 16 * 1024;
  struct short_text {
    char characters[short_size]{};
    std::size_t size = 0;
    member_sizes<graph_arrays> graph_sizes;
  };
  static constexpr short_text first = [] {
    short_text copy;
    auto r = inlay::detail::call_in_constant([] { return record(F{}, Inputs{}); });
    copy.size = r.text_size();
    copy.graph_sizes = inlay::detail::sizes_of<graph_arrays>(r.result, graph_arrays{});
    // Each parameter becomes a constant where there are weights.
    copy.graph_sizes.template get<&graph::constants>() += r.result.inputs.size();
    if (copy.size <= short_size) r.copy_text(copy.characters);
    return copy;
  }();

 public:
  static constexpr frozen_vector<char, first.size> text = [] {
    frozen_vector<char, first.size> copy;
    if constexpr (first.size <= short_size) {
      for (std::size_t i = 0; i < first.size; ++i) copy.elements[i] = first.characters[i];
    } else {
      inlay::detail::call_in_constant([] {
        return record(F{}, Inputs{});
      }).copy_text(copy.elements);
    }
    return copy;
  }();
  /// Of the graph, which is no larger but for the elements of weights that the program computes.
  static constexpr member_sizes<graph_arrays> graph_sizes = first.graph_sizes;
};

/// No weights: the parameters stay inputs.
struct no_weights {};

}  // namespace expr

/// A network that a function on tensors describes; see `network`.
template <class F, class Weights = expr::no_weights> class expression_network {
  using inputs = decltype(expr::find_inputs<F>());
  static constexpr bool has_no_captures = std::is_empty_v<F> && std::is_default_constructible_v<F>;

 public:
  static constexpr std::size_t max_dimensions = 8;
  /// How many inputs it has that are no parameters.
  static constexpr std::size_t input_count = inputs::size;
  /// How many elements the members of its graph have at most, as a rule.
  static constexpr member_sizes<graph_arrays> expected_sizes()
    requires has_no_captures
  {
    return expr::static_names<F, inputs>::graph_sizes;
  }

  constexpr explicit expression_network(F f, Weights w = {}) : function_(f), weights_(w) {}

  /// The graph. Parameters are its last inputs, or constants where there are weights.
  /// *Errors*: `failure` of the graph.
  template <class Graph = graph> constexpr Graph operator()() const {
    auto g = recorded();
    if constexpr (!std::is_same_v<Weights, expr::no_weights>) {
      g = bind_parameters(std::move(g), input_count, expr::graph_of_weights(weights_));
    }
    if (dimension_count_ > max_dimensions) {
      g.fail(make_error(rule::at_most_8_dimensions_can_be_given, dimension_count_,
                        " dimensions are given values; at most ", max_dimensions, " can be"));
    }
    auto const count = dimension_count_ < max_dimensions ? dimension_count_ : max_dimensions;
    return bind_dimensions(std::move(g), span<dimension_value const>(dimensions_, count));
  }

  /// The same network with weights for its parameters: an ONNX file, `array_weights`, or a graph
  /// whose constants have the parameters' names.
  template <class W> constexpr expression_network<F, W> with(W weights) const {
    expression_network<F, W> other(function_, std::move(weights));
    other.take_dimensions(dimensions_, dimension_count_);
    return other;
  }
  /// The same network with values for dimensions that have only names.
  constexpr expression_network with_dimensions(
      std::initializer_list<dimension_value> dimensions) const {
    auto other = *this;
    other.take_dimensions(dimensions.begin(), dimensions.size());
    return other;
  }

  constexpr void take_dimensions(dimension_value const* first, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, ++dimension_count_) {
      if (dimension_count_ < max_dimensions) dimensions_[dimension_count_] = first[i];
    }
  }

 private:
  constexpr graph recorded() const {
    auto r = expr::record(function_, inputs{});
    if constexpr (has_no_captures) {
      r.move_text(expr::static_names<F, inputs>::text.elements);
    } else {
      shared_text text(r.text_size());
      r.copy_text(text.data());
      r.move_text(text.data());
      r.result.names = text;
    }
    return std::move(r.result);
  }

  [[no_unique_address]] F function_;
  [[no_unique_address]] Weights weights_;
  dimension_value dimensions_[max_dimensions]{};
  std::size_t dimension_count_ = 0;  // as the caller gave them
};

/// The network that a function on tensors describes:
///
///     inline constexpr auto net = inlay::network([](inlay::input<float, 1, 28, 28> image) {
///       auto x = max_pool<2>(relu(conv<8, 5>(image, "conv1")));
///       return softmax(dense<10>(flatten(x), "fc"));
///     });
///
/// It is what `inlay::onnx` is: `net()` is its graph, `inlay::model<net>` runs it. As a constant it
/// takes a function without captures.
template <class F> constexpr expression_network<F> network(F f) { return expression_network<F>(f); }

}  // namespace inlay::inline INLAY_VERSION
