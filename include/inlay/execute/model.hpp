// A network that is a constant, ready to run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/core/any_pointer.hpp"
#include "inlay/core/pack.hpp"
#include "inlay/core/result.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/core/view.hpp"
#include "inlay/execute/static-inl.hpp"
#include "inlay/graph/model_error.hpp"

INLAY_BEGIN_TARGET

namespace static_model {

template <class T, std::size_t N> struct output_array {
  alignas(tensor_alignment) T elements[N == 0 ? 1 : N]{};
};

/// The view of a tensor whose type is a constant; a scalar's is that of one element.
template <class Program, auto Ports, std::size_t I> struct port_view {
  static constexpr port what = Program::template get<Ports>()[I];
  static constexpr std::int64_t size = elements_of(what.type.shape);
  using element = stored_type<what.type.element>;

  template <std::size_t... Axis>
  static view<element const, what.type.shape.extents[Axis]...> make(std::index_sequence<Axis...>);
  static view<element const, 1> make(std::index_sequence<>);
  using type = decltype(make(std::make_index_sequence<what.type.shape.rank>{}));
};

/// Appends the elements of an array of arrays.
template <class T, class A> constexpr void append_elements(vector<T>& to, A const& array) {
  for (auto const& part : array) {
    if constexpr (std::is_array_v<std::remove_cvref_t<decltype(part)>>) append_elements(to, part);
    else to.push_back(part);
  }
}

/// A copy of the elements of an array of arrays; of another argument, nothing.
template <class T, class A> constexpr vector<T> flatten(A const& argument) {
  vector<T> elements;
  if constexpr (std::rank_v<A> > 1) append_elements(elements, argument);
  return elements;
}

/// How many elements an argument has by its type: arrays, std::array, std::span of fixed size; -1
/// where the type does not say.
template <class A> constexpr std::int64_t count_of_argument() {
  using array = std::remove_cvref_t<A>;
  if constexpr (std::is_array_v<array>)
    return static_cast<std::int64_t>(inlay::detail::flatten_array<array>::count);
  else if constexpr (requires(array a) { array::extent, a.size_bytes(); })
    return static_cast<std::int64_t>(array::extent);
  else if constexpr (requires { std::tuple_size<array>::value; })
    return static_cast<std::int64_t>(std::tuple_size_v<array>);
  else return -1;
}

/// The first element of an argument.
template <class T, class A> constexpr T const* first_of(A const& argument) {
  if constexpr (std::is_array_v<A>) {
    if constexpr (std::is_array_v<std::remove_extent_t<A>>) return first_of<T>(argument[0]);
    else return static_cast<T const*>(argument);
  } else {
    return static_cast<T const*>(argument.data());
  }
}

}  // namespace static_model

/// A network as code. `Network()` builds its graph and is a constant with static storage:
///
///     inline constexpr auto net = inlay::onnx(lenet_onnx, {{"batch", 1}});
///     inlay::model<net> model;
///     inlay::model<net>::context context;
///     auto const y = model(context, image);
///
/// The model itself is empty: its weights are constants of the program. It uses no heap, no
/// exceptions and no run-time type information, and it runs in constant expressions, with the same
/// bits.
/// `Stage` is what a running program computes with: `inlay::model<net, inlay::highway>`, after
/// inlay/stage/highway.hpp, with the machine's vectors.
/// *Errors*: a network that is wrong does not compile; the message is a sentence that names the
/// layer.
template <auto const& Network, class Stage = scalar> class model {
  template <auto const&, class> friend class weighted_model;
  using code = network_program<Network>;
  static constexpr error failure = code::facts.failure;
  static_assert(check<failure>());

  static constexpr std::size_t input_count = code::template get<&program::inputs>().size();
  static constexpr std::size_t output_count = code::template get<&program::outputs>().size();
  template <std::size_t I> using input_port = static_model::port_view<code, &program::inputs, I>;
  template <std::size_t I> using output_port = static_model::port_view<code, &program::outputs, I>;

  template <std::size_t... I>
  static auto make_outputs(std::index_sequence<I...>)
      -> pack<static_model::output_array<typename output_port<I>::element,
                                         static_cast<std::size_t>(output_port<I>::size)>...>;
  using output_arrays = decltype(make_outputs(std::make_index_sequence<output_count>{}));

 public:
  /// Bytes that the tensors between the layers need.
  static constexpr std::size_t arena_bytes = static_cast<std::size_t>(code::facts.arena_bytes);
  /// Bytes of the weights that the program holds.
  static constexpr std::size_t weight_bytes = [] {
    std::int64_t sum = 0;
    for (auto const bytes : code::facts.pools.bytes) sum += bytes;
    return static_cast<std::size_t>(sum);
  }();
  /// Multiply-adds of one run.
  static constexpr std::int64_t macs = code::facts.multiply_adds;
  /// Kernels of one run.
  static constexpr std::size_t steps = code::template get<&program::steps>().size();

  /// The view that input `I` is, and the one that output `I` is.
  template <std::size_t I> using input = typename input_port<I>::type;
  template <std::size_t I> using output = typename output_port<I>::type;

  /// The memory of one run at a time: the arena and the outputs. Contexts are independent: one a
  /// thread.
  class context {
   public:
    // The arena stays uninitialised; every tensor in it is written before it is read.
    constexpr context() {}  // NOLINT(modernize-use-equals-default)

   private:
    friend model;
    alignas(tensor_alignment) std::byte arena_[arena_bytes == 0 ? 1 : arena_bytes];
    output_arrays outputs_;
  };

  /// Runs the network. An argument an input, each with the input's element type and number of
  /// elements: an array, a std::array, a std::span of fixed size, or a view of the input's shape;
  /// row-major. Returns a view of the output in the context, valid until the next run; a pack of
  /// views where there are several.
  template <class... Input> constexpr auto operator()(context& c, Input const&... inputs) const {
    static_assert(sizeof...(Input) == input_count, "one argument for each input of the network");
    return run(c, nullptr, std::index_sequence_for<Input...>{}, inputs...);
  }

  /// The same for views whose shape is only known when the program runs.
  /// *Errors*: a view that does not have the shape of its input, or has gaps.
  template <class... T>
    requires(sizeof...(T) == input_count)
  constexpr auto try_run(context& c, view<T>... inputs) const {
    return try_run(c, std::index_sequence_for<T...>{}, inputs...);
  }

 private:
  /// Where all inputs are: those of the caller, then what `others` has of them.
  class input_pointers {
   public:
    template <class... T>
    constexpr explicit input_pointers(input_pointer const* others, T const*... inputs)
        : pointers_{inputs...} {
      for (auto i = sizeof...(T); i < input_count; ++i) pointers_[i] = others[i - sizeof...(T)];
    }
    constexpr input_pointer const* data() const { return pointers_; }

   private:
    input_pointer pointers_[input_count == 0 ? 1 : input_count];
  };

  template <std::size_t... I, class... Input>
  INLAY_INLINE static constexpr auto run(context& c, input_pointer const* others,
                                         std::index_sequence<I...>, Input const&... inputs) {
    // In a constant expression no pointer leads from one row of an array to the next.
    if constexpr (((std::rank_v<Input> > 1) || ...)) {
      if (std::is_constant_evaluated()) {
        pack<vector<typename input_port<I>::element>...> const copies{
            static_model::flatten<typename input_port<I>::element>(inputs)...};
        return run_pointers(
            c, input_pointers(others, std::rank_v<Input> > 1 ? inlay::get<I>(copies).data()
                                                             : pointer_to<I>(inputs)...));
      }
    }
    return run_pointers(c, input_pointers(others, pointer_to<I>(inputs)...));
  }

  static constexpr auto run_pointers(context& c, input_pointers const& pointers) {
    constexpr std::make_index_sequence<output_count> outputs;
    if (std::is_constant_evaluated()) {
      typed_arena<stored_types> arena(code::facts.arena_bytes);
      execute(arena, pointers, c.outputs_, outputs);
    } else {
      byte_arena arena{c.arena_};
      execute(arena, pointers, c.outputs_, outputs);
    }
    return outputs_of(c, outputs);
  }

  template <class Arena, std::size_t... I>
  static constexpr void execute(Arena& arena, input_pointers const& inputs, output_arrays& outputs,
                                std::index_sequence<I...>) {
    output_pointer const pointers[output_count == 0 ? 1 : output_count]{
        inlay::get<I>(outputs).elements...};
    program_memory<code, Arena> memory{arena, inputs.data(), pointers};
    static_executor<code, program_memory<code, Arena>, Stage>::run(memory);
  }

  template <std::size_t... I>
  static constexpr auto outputs_of(context& c, std::index_sequence<I...>) {
    if constexpr (sizeof...(I) == 1) return (output<I>(inlay::get<I>(c.outputs_).elements), ...);
    else return pack{output<I>(inlay::get<I>(c.outputs_).elements)...};
  }

  template <std::size_t I, class A> static constexpr auto pointer_to(A const& argument) {
    using element = typename input_port<I>::element;
    if constexpr (requires { input<I>(argument); } && !std::is_array_v<A>) {
      return static_cast<element const*>(argument.data());
    } else {
      static_assert(static_model::count_of_argument<A>() == input_port<I>::size,
                    "an argument needs as many elements as the input of the network");
      return static_model::first_of<element>(argument);
    }
  }

  template <std::size_t... I, class... T>
  static constexpr auto try_run(context& c, std::index_sequence<I...>, view<T>... inputs) {
    input_pointers const pointers(nullptr, inputs.data()...);
    using views = decltype(run_pointers(c, pointers));
    error wrong;
    (check_view<I>(inputs, wrong), ...);
    if (wrong) return result<views>(wrong);
    return result<views>(run_pointers(c, pointers));
  }
  template <std::size_t I, class T>
  static constexpr void check_view(view<T> const& x, error& wrong) {
    static_assert(std::is_same_v<std::remove_const_t<T>, typename input_port<I>::element>,
                  "a view needs the element type of the input of the network");
    auto const& expected = input_port<I>::what;
    if (wrong || (x.shape() == expected.type.shape && x.is_contiguous())) return;
    wrong = make_error(rule::the_input_must_have_the_shape_of_the_model, "input '", expected.name,
                       "' has shape ", x.shape(), x.is_contiguous() ? "" : " with gaps",
                       ", the network takes ", expected.type.shape);
  }
};

INLAY_END_TARGET
