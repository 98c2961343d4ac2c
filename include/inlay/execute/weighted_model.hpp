// A network with weights that the program has when it runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "inlay/core/any_pointer.hpp"
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
  struct pointers {
    input_pointer to[count == 0 ? 1 : count]{};
  };

 public:
  using context = typename code::context;
  static constexpr std::size_t arena_bytes = code::arena_bytes;
  static constexpr std::size_t weight_count = count;

  /// Of no weights: to be assigned to.
  constexpr weighted_model() = default;
  /// The weights in the order of the network's parameters: views, or arrays of as many elements.
  template <class... Weight>
    requires(sizeof...(Weight) == count && count > 0)
  INLAY_INLINE constexpr explicit weighted_model(Weight const&... weights)
      : weights_(point(indices{}, weights...)) {}
  /// Those of `inlay::parameters<net>`.
  template <class Parameters>
    requires requires(Parameters const& p) { p.apply([](auto const & ...) { return 0; }); }
  constexpr explicit weighted_model(Parameters const& parameters)
      : weights_(parameters.apply([](auto const&... weights) INLAY_INLINE_LAMBDA {
          return point(indices{}, weights...);
        })) {}

  /// Runs the network, as `model` does.
  template <class... Input> constexpr auto operator()(context& c, Input const&... inputs) const {
    static_assert(sizeof...(Input) == first, "one argument for each input of the network");
    return code::run(c, weights_.to, std::index_sequence_for<Input...>{}, inputs...);
  }

 private:
  template <std::size_t... I, class... Weight>
  INLAY_INLINE static constexpr pointers point(std::index_sequence<I...>,
                                               Weight const&... weights) {
    return {{pointer_to<weight_view<I>>(weights)...}};
  }
  template <class Wanted, class Weight> static constexpr auto pointer_to(Weight const& weight) {
    if constexpr (std::is_constructible_v<Wanted, Weight const&> && !std::is_array_v<Weight>) {
      return Wanted(weight).data();
    } else {
      static_assert(static_model::count_of_argument<Weight>() == Wanted::size(),
                    "a weight needs as many elements as the parameter of the network");
      return static_model::first_of<typename Wanted::element>(weight);
    }
  }

  pointers weights_;
};

INLAY_END_TARGET
