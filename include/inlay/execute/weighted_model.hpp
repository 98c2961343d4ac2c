// A network with weights that the program has when it runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "inlay/core/pack.hpp"
#include "inlay/core/view.hpp"
#include "inlay/execute/model.hpp"

INLAY_BEGIN_TARGET

/// A network without weights as code, and views of its weights, which outlive it:
///
///     inlay::weighted_model<net> const model(conv1_weight, conv1_bias, fc_weight, fc_bias);
///     inlay::weighted_model<net>::context context;
///     auto const y = model(context, image);
///
/// It is `inlay::model`, of which each run takes the weights as its last inputs: so nothing of them
/// is packed or folded before.
template <auto const& Network, class Stage = scalar> class weighted_model {
  using code = model<Network, Stage>;
  using network_type = std::remove_cvref_t<decltype(Network)>;
  static constexpr std::size_t first = network_type::input_count;
  static constexpr std::size_t count =
      network_program<Network>::template get<&program::inputs>().size() - first;
  using indices = std::make_index_sequence<count>;

  template <std::size_t I> using weight_view = typename code::template input<first + I>;
  template <std::size_t... I>
  static auto make_pack(std::index_sequence<I...>) -> pack<weight_view<I>...>;
  using views = decltype(make_pack(indices{}));

 public:
  using context = typename code::context;
  static constexpr std::size_t arena_bytes = code::arena_bytes;
  static constexpr std::size_t weight_count = count;

  /// Of no weights: to be assigned to.
  constexpr weighted_model() = default;
  /// The weights in the order of the network's parameters: views, or arrays of as many elements.
  template <class... Weight>
    requires(sizeof...(Weight) == count && count > 0)
  constexpr explicit weighted_model(Weight const&... weights)
      : weights_(make(indices{}, weights...)) {}
  /// Those of `inlay::parameters<net>`.
  template <class Parameters>
    requires requires(Parameters const& p) { p.apply([](auto const & ...) { return 0; }); }
  constexpr explicit weighted_model(Parameters const& parameters)
      : weights_(
            parameters.apply([](auto const&... weights) { return make(indices{}, weights...); })) {}

  /// Runs the network, as `model` does.
  template <class... Input> constexpr auto operator()(context& c, Input const&... inputs) const {
    static_assert(sizeof...(Input) == first, "one argument for each input of the network");
    return apply_pack([&](auto const&... weights) { return code{}(c, inputs..., weights...); },
                      weights_);
  }

 private:
  template <std::size_t... I, class... Weight>
  static constexpr views make(std::index_sequence<I...>, Weight const&... weights) {
    return views(view_of<I>(weights)...);
  }
  template <std::size_t I, class Weight> static constexpr auto view_of(Weight const& weight) {
    using wanted = weight_view<I>;
    if constexpr (std::is_constructible_v<wanted, Weight const&> && !std::is_array_v<Weight>) {
      return wanted(weight);
    } else {
      static_assert(static_model::count_of_argument<Weight>() == wanted::size(),
                    "a weight needs as many elements as the parameter of the network");
      return wanted(static_model::first_of<typename wanted::element>(weight));
    }
  }

  views weights_;
};

INLAY_END_TARGET
