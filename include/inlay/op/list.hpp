// The operators: the one list. Everything that goes through all of them starts here.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/graph/builder.hpp"
#include "inlay/op/activation.hpp"
#include "inlay/op/arithmetic.hpp"
#include "inlay/op/cast.hpp"
#include "inlay/op/check_operator.hpp"
#include "inlay/op/comparison.hpp"
#include "inlay/op/concat.hpp"
#include "inlay/op/convolution.hpp"
#include "inlay/op/expand.hpp"
#include "inlay/op/extreme.hpp"
#include "inlay/op/gather.hpp"
#include "inlay/op/group_normalization.hpp"
#include "inlay/op/logic.hpp"
#include "inlay/op/mathematics.hpp"
#include "inlay/op/matrix.hpp"
#include "inlay/op/normalization.hpp"
#include "inlay/op/operator.hpp"
#include "inlay/op/operator_kind.hpp"
#include "inlay/op/pad.hpp"
#include "inlay/op/pooling.hpp"
#include "inlay/op/reduction.hpp"
#include "inlay/op/reshape.hpp"
#include "inlay/op/row_normalization.hpp"
#include "inlay/op/shaped_activation.hpp"
#include "inlay/op/slice.hpp"
#include "inlay/op/softmax.hpp"
#include "inlay/op/squeeze.hpp"
#include "inlay/op/transpose.hpp"
#include "inlay/op/transposed_convolution.hpp"

#if defined(INLAY_USER_OPERATORS)
#include INLAY_HEADER(INLAY_USER_OPERATORS)
#endif

namespace inlay::inline INLAY_VERSION {

/// Those of the library.
using library_operators = operator_list<
    op::abs, op::add, op::average_pool, op::batch_normalization, op::bitwise_and, op::bitwise_not,
    op::bitwise_or, op::bitwise_xor, op::cast, op::cast_like, op::ceil, op::celu, op::clip,
    op::concat, op::conv, op::conv_transpose, op::cos, op::div, op::elu, op::equal, op::erf,
    op::exp, op::expand, op::flatten, op::floor, op::gather, op::gelu, op::gemm,
    op::global_average_pool, op::global_max_pool, op::greater, op::greater_or_equal, op::group_norm,
    op::hard_sigmoid, op::hard_swish, op::identity, op::instance_norm, op::is_inf, op::is_nan,
    op::layer_norm, op::leaky_relu, op::less, op::less_or_equal, op::log, op::log_softmax,
    op::logical_and, op::logical_not, op::logical_or, op::logical_xor, op::matmul, op::max,
    op::max_pool, op::mean, op::min, op::mish, op::mul, op::neg, op::pad, op::pow, op::prelu,
    op::reciprocal, op::reduce_l1, op::reduce_l2, op::reduce_log_sum, op::reduce_log_sum_exp,
    op::reduce_max, op::reduce_mean, op::reduce_min, op::reduce_prod, op::reduce_sum,
    op::reduce_sum_square, op::relu, op::reshape, op::rms_norm, op::round, op::selu, op::sigmoid,
    op::sign, op::sin, op::slice, op::softmax, op::softplus, op::softsign, op::split, op::sqrt,
    op::squeeze, op::sub, op::sum, op::swish, op::tanh, op::thresholded_relu, op::transpose,
    op::unsqueeze, op::where>;

#if !defined(INLAY_USER_OPERATORS)
using user_operators = operator_list<>;
#endif

static_assert(detail::are_operators(user_operators{}));
static_assert(detail::have_names_of_their_own(library_operators{}, user_operators{}),
              "two operators have the same domain and name");

/// All of them; those of a program come last.
using operators = decltype(detail::join(library_operators{}, user_operators{}));

/// An operator's struct as data, for passes.
struct operator_entry {
  string_view name;
  string_view domain;  // empty for ONNX's own operators
  int since;
  arity inputs;
  arity outputs;
  int alike;        // the first so many inputs have one element type
  int operands;     // of its element function
  int index_input;  // which holds indices of int64, in its kernel; -1 where none does
  int index_axis;   // the axis of its first input on which they are
  int conditions;   // inputs in front that are truths, of which the element types say nothing
  bool is_view;     // of its inputs and outputs some are within others, and nothing computes
  bool is_elementwise;
  bool slides_over_image;
  bool takes_tape;        // its kernel hands its results to element operators
  bool takes_ending;      // and whole rows to a normalization
  bool is_ending;         // which its kernel is, along the last axis
  bool takes_conditions;  // those element operators may choose by truths
  span<attribute_rule const> attributes;
  bool (*supports)(element_type);
  result<tensor_type> (*infer)(node_view const&, int output);
  void (*lower)(node_view const&, lowering&);
  /// Where an output is, from where the first input is; false where strides cannot express it.
  bool (*view_of_input)(node_view const&, int output, tensor_view&);
  /// Where an input is, from where the first output is, likewise.
  bool (*view_of_output)(node_view const&, int input, tensor_view&);
  /// Of an output that inputs are parts of: how much of an input it shows, null where that is all;
  /// and what else it is made of, null where there is nothing.
  void (*crop)(node_view const&, tensor_view&);
  vector<view_fill> (*fills)(node_view const&, tensor_view const& output);
  /// Whether the kernel reads an input, or writes the output, that lies so. It takes all that are
  /// contiguous.
  bool (*reads)(node_view const&, int input, layout const&);
  bool (*writes)(node_view const&, layout const&);
  /// Has the kernel see the tensors of which element operators make its first input, which have the
  /// extents of that, and its output; false where it cannot. Null where it reads nothing but
  /// tensors.
  bool (*see_through)(node_view const&, span<layout> tensors, layout& output);
  /// The parameters of its element function; null where it has none.
  element_words (*element)(node_view const&);
  /// What the second input is to a kernel of these words; null where it is no operand of a product.
  right_operand (*right)(std::int64_t const* words, layout const&);
  /// The border that a kernel of these words needs around its images, and its words where they have
  /// it; null where it takes them without.
  image_border (*border)(lowering const&);
  void (*remove_border)(lowering&);
  /// Joins axes of a product whose second input is in panels; null where there is nothing to join.
  void (*join)(lowering&);
  /// Whether its kernel, over images with or without their border, can compute the largest pooling
  /// of 2x2 behind it; null where it never can.
  bool (*can_pool)(lowering const&, bool has_border);
  /// Whether its kernel may write over its first input, of these extents: it reads no element of it
  /// after it has written there. Null where it never may; element operators always may.
  bool (*works_in_place)(shape const& first);
  /// Whether its kernel does not take a node, whose extents have values: `split_operators` makes
  /// others of it. Null where it takes all.
  bool (*is_split)(node_view const&);
};

namespace detail {

template <class Operator> constexpr bool slides_over_image() {
  return requires { requires std::is_same_v<decltype(Operator::kernel::columns), window_axis>; };
}
template <class Operator> constexpr int index_input() {
  if constexpr (requires { Operator::kernel::index_input; }) return Operator::kernel::index_input;
  else return -1;
}
template <class Operator> constexpr int index_axis() {
  if constexpr (requires { Operator::kernel::index_axis; }) return Operator::kernel::index_axis;
  else return -1;
}
template <class Operator> constexpr int alike_inputs() {
  if constexpr (requires { Operator::alike_inputs; }) return Operator::alike_inputs;
  else return Operator::inputs.most;
}
template <class Operator> constexpr span<attribute_rule const> attributes_of() {
  if constexpr (requires { Operator::attributes; }) return Operator::attributes;
  else return {};
}
template <class Operator> constexpr bool supports(element_type e) {
  return contains(typename Operator::types{}, e);
}
template <class Operator> constexpr result<tensor_type> infer(node_view const& n, int output) {
  if constexpr (requires { Operator::infer(n, output); }) return Operator::infer(n, output);
  else return Operator::infer(n);
}
template <class Operator>
constexpr bool (*find_view_of_input())(node_view const&, int, tensor_view&) {
  if constexpr (has_view_of_input<Operator>()) {
    return
        [](node_view const& n, int i, tensor_view& v) { return Operator::view_of_input(n, i, v); };
  } else {
    return nullptr;
  }
}
template <class Operator>
constexpr bool (*find_view_of_output())(node_view const&, int, tensor_view&) {
  if constexpr (has_view_of_output<Operator>()) {
    return
        [](node_view const& n, int i, tensor_view& v) { return Operator::view_of_output(n, i, v); };
  } else {
    return nullptr;
  }
}
template <class Operator> constexpr void (*find_crop())(node_view const&, tensor_view&) {
  if constexpr (requires(node_view const& n, tensor_view& v) { Operator::crop(n, v); }) {
    return [](node_view const& n, tensor_view& v) { Operator::crop(n, v); };
  } else {
    return nullptr;
  }
}
template <class Operator>
constexpr vector<view_fill> (*find_fills())(node_view const&, tensor_view const&) {
  if constexpr (requires(node_view const& n, tensor_view& v) { Operator::fills(n, v); }) {
    return [](node_view const& n, tensor_view const& y) { return Operator::fills(n, y); };
  } else {
    return nullptr;
  }
}
template <class Operator> constexpr bool takes_reader() {
  return requires { requires Operator::kernel::takes_reader; };
}
/// Windows and element operators take any strides.
template <class Operator> constexpr bool takes_strides(shape const& x) {
  return is_elementwise<Operator>() || (slides_over_image<Operator>() && is_image_or_sequence(x));
}
template <class Operator> constexpr bool reads(node_view const& n, int input, layout const& x) {
  if constexpr (requires { Operator::reads(n, input, x); }) return Operator::reads(n, input, x);
  else return takes_strides<Operator>(x.extents) && (input == 0 || is_elementwise<Operator>());
}
template <class Operator> constexpr bool writes(node_view const& n, layout const& y) {
  if constexpr (requires { Operator::writes(n, y); }) return Operator::writes(n, y);
  else return takes_strides<Operator>(y.extents);
}
template <class Operator>
constexpr bool (*find_see_through())(node_view const&, span<layout>, layout&) {
  if constexpr (takes_reader<Operator>()) {
    return [](node_view const& n, span<layout> tensors, layout& y) {
      return see_through(typename Operator::kernel{}, n, tensors, y);
    };
  } else {
    return nullptr;
  }
}
template <class Operator> constexpr void lower(node_view const& n, lowering& l) {
  if constexpr (requires { typename Operator::kernel; }) {
    // A kernel's optional tensors are there for it to find missing.
    while (l.inputs.size() < static_cast<std::size_t>(Operator::kernel::inputs)) {
      l.inputs.push_back({});
    }
  }
  if constexpr (requires { Operator::lower(n, l); }) Operator::lower(n, l);
  else if constexpr (!is_view<Operator>()) lower_elementwise(l);
  if constexpr (has_parameters<Operator>()) append_words(l.words, words_of_element<Operator>(n));
}
template <class Operator> constexpr element_words (*find_element())(node_view const&) {
  if constexpr (has_parameters<Operator>()) return &words_of_element<Operator>;
  else return nullptr;
}
template <class Operator>
constexpr right_operand right(std::int64_t const* words, layout const& second) {
  return from_words<typename Operator::kernel>(words).right(second.extents, second.strides);
}
template <class Operator>
constexpr right_operand (*find_right())(std::int64_t const*, layout const&) {
  if constexpr (requires(typename Operator::kernel const& k, shape const& s) { k.right(s, s); }) {
    return &right<Operator>;
  } else {
    return nullptr;
  }
}
template <class Operator> constexpr image_border border(lowering const& l) {
  auto const kernel = from_words<typename Operator::kernel>(l.words.data());
  return kernel.border(l.inputs[0].extents, l.outputs[0].extents);
}
template <class Operator> constexpr image_border (*find_border())(lowering const&) {
  if constexpr (requires { &Operator::kernel::border; }) return &border<Operator>;
  else return nullptr;
}
template <class Operator> constexpr void remove_border(lowering& l) {
  auto const kernel = from_words<typename Operator::kernel>(l.words.data());
  l.words.clear();
  append_words(l.words, kernel.without_border());
  l.widest = {};
  l.sized_words = 0;
}
template <class Operator> constexpr void (*find_remove_border())(lowering&) {
  if constexpr (requires { &Operator::kernel::border; }) return &remove_border<Operator>;
  else return nullptr;
}
template <class Operator> constexpr void join(lowering& l) {
  auto kernel = from_words<typename Operator::kernel>(l.words.data());
  join_axes(kernel, l.inputs[0], l.inputs[1], l.outputs[0]);
  l.words.clear();
  append_words(l.words, kernel);
}
template <class Operator> constexpr void (*find_join())(lowering&) {
  if constexpr (requires(typename Operator::kernel k, layout l) { join_axes(k, l, l, l); }) {
    return &join<Operator>;
  } else {
    return nullptr;
  }
}
template <class Operator> constexpr bool takes_tape() {
  return requires { requires Operator::kernel::takes_tape; };
}
template <class Operator> constexpr bool takes_ending() {
  return requires { requires Operator::kernel::takes_ending; };
}
template <class Operator> constexpr bool is_ending() {
  return requires { requires Operator::kernel::is_ending; };
}
template <class Operator> constexpr bool takes_conditions() {
  return requires { requires Operator::kernel::takes_conditions; };
}
template <class Operator> constexpr bool can_pool(lowering const& l, bool has_border) {
  auto const kernel = from_words<typename Operator::kernel>(l.words.data());
  return kernel.can_pool(l.inputs[0].extents, l.outputs[0].extents, has_border);
}
template <class Operator> constexpr bool (*find_can_pool())(lowering const&, bool) {
  if constexpr (requires { &Operator::kernel::can_pool; }) return &can_pool<Operator>;
  else return nullptr;
}
template <class Operator> constexpr bool (*find_works_in_place())(shape const&) {
  if constexpr (requires { &Operator::kernel::works_in_place; }) {
    return &Operator::kernel::works_in_place;
  } else {
    return nullptr;
  }
}
template <class Operator> constexpr bool (*find_is_split())(node_view const&) {
  if constexpr (requires(node_view const& n) { Operator::is_split(n); }) {
    return [](node_view const& n) { return Operator::is_split(n); };
  } else {
    return nullptr;
  }
}
template <class Operator>
inline constexpr operator_entry entry_for{Operator::name,
                                          domain_of<Operator>(),
                                          since_of<Operator>(),
                                          Operator::inputs,
                                          Operator::outputs,
                                          alike_inputs<Operator>(),
                                          operands<Operator>(),
                                          index_input<Operator>(),
                                          index_axis<Operator>(),
                                          conditions<Operator>(),
                                          is_view<Operator>(),
                                          is_elementwise<Operator>(),
                                          slides_over_image<Operator>(),
                                          takes_tape<Operator>(),
                                          takes_ending<Operator>(),
                                          is_ending<Operator>(),
                                          takes_conditions<Operator>(),
                                          attributes_of<Operator>(),
                                          &supports<Operator>,
                                          &infer<Operator>,
                                          &lower<Operator>,
                                          find_view_of_input<Operator>(),
                                          find_view_of_output<Operator>(),
                                          find_crop<Operator>(),
                                          find_fills<Operator>(),
                                          &reads<Operator>,
                                          &writes<Operator>,
                                          find_see_through<Operator>(),
                                          find_element<Operator>(),
                                          find_right<Operator>(),
                                          find_border<Operator>(),
                                          find_remove_border<Operator>(),
                                          find_join<Operator>(),
                                          find_can_pool<Operator>(),
                                          find_works_in_place<Operator>(),
                                          find_is_split<Operator>()};

template <class... Operator> struct operator_table {
  static constexpr operator_entry const* entries[] = {&entry_for<Operator>...};
  static constexpr string_view names[] = {Operator::name...};
  static constexpr string_view domains[] = {domain_of<Operator>()...};
  static constexpr int since[] = {since_of<Operator>()...};
  /// By where its name is, of which each operator has its own. Compilers would instantiate a
  /// comparison of types for each pair of them.
  template <class Wanted> static constexpr operator_id id() {
    for (std::uint16_t i = 0; i < sizeof...(Operator); ++i) {
      if (name_places[i] == &Wanted::name) return operator_id(i + 1);
    }
    return operator_id::unlisted;
  }

 private:
  static constexpr string_view const* name_places[] = {&Operator::name...};
};
template <class... Operator>
constexpr operator_table<Operator...> table_of(operator_list<Operator...>) {
  return {};
}
using table = decltype(table_of(operators{}));

template <class Operator> constexpr operator_id listed_id() {
  constexpr auto id = table::id<Operator>();
  static_assert(id != operator_id::unlisted,
                "the operator is not listed: inlay::user_operators names those of a program");
  return id;
}

}  // namespace detail

namespace detail {
template <std::size_t Index, class First, class... Rest> struct nth {
  using type = typename nth<Index - 1, Rest...>::type;
};
template <class First, class... Rest> struct nth<0, First, Rest...> {
  using type = First;
};
template <operator_id Id, class List> struct operator_by_id;
template <operator_id Id, class... Operator>
struct operator_by_id<Id, operator_list<Operator...>>
    : nth<static_cast<std::size_t>(Id) - 1, Operator...> {};
}  // namespace detail

/// The struct of a listed operator.
template <operator_id Id> using operator_of = typename detail::operator_by_id<Id, operators>::type;

/// The number by which graphs know an operator.
template <class Operator> inline constexpr operator_id id_of = detail::listed_id<Operator>();

/// Whether a node applies this operator: `is<op::conv>(n)`.
template <class Operator> constexpr bool is(node const& n) { return n.op == id_of<Operator>; }

/// The entry of a listed operator. Passes name the type of their graph: whoever includes them
/// compiles no rule of an operator before there is one.
template <class Graph, class Table = detail::table>
constexpr operator_entry const& entry_of(operator_id op) {
  return *Table::entries[static_cast<std::size_t>(op) - 1];
}

namespace detail {
/// The numbers of operators by a hash of their names: the last one of each, and the one before it.
struct operators_by_name {
  static constexpr std::size_t count = sizeof(table::names) / sizeof(table::names[0]);
  std::uint16_t last[256]{};
  std::uint16_t before[count + 1]{};

  static constexpr std::size_t hash(string_view name) {
    auto const size = name.size();
    auto const ends = static_cast<unsigned char>(name.data()[0]) * std::size_t{5} +
                      static_cast<unsigned char>(name.data()[size - 1]);
    return (size * 37 + ends) % 256;
  }
};
inline constexpr operators_by_name operator_names = [] {
  operators_by_name all;
  for (std::uint16_t i = 1; i <= operators_by_name::count; ++i) {
    auto& last = all.last[operators_by_name::hash(table::names[i - 1])];
    all.before[i] = last;
    last = i;
  }
  return all;
}();
}  // namespace detail

/// The operator of that name, or `operator_id::unlisted`. ONNX's own domain has two names.
constexpr operator_id find_operator(string_view domain, string_view type) {
  using detail::table;
  if (type.empty()) return operator_id::unlisted;
  if (domain == "ai.onnx") domain = {};
  auto i = detail::operator_names.last[detail::operators_by_name::hash(type)];
  while (i != 0 && !(table::names[i - 1] == type && table::domains[i - 1] == domain)) {
    i = detail::operator_names.before[i];
  }
  return operator_id{i};
}

/// The newest version of a domain that an operator of it has a form of; 1 where none is listed.
constexpr std::int64_t newest_form_in(string_view domain) {
  using detail::table;
  int newest = 1;
  for (std::size_t i = 0; i < detail::operators_by_name::count; ++i) {
    if (table::domains[i] == domain && table::since[i] > newest) newest = table::since[i];
  }
  return newest;
}

/// Adds a node of a listed operator.
template <class Operator>
constexpr value_id apply(builder& b, string_view name, std::initializer_list<value_id> inputs,
                         std::initializer_list<named_attribute> attributes = {}) {
  return b.add(id_of<Operator>, Operator::name, name,
               span<value_id const>(inputs.begin(), inputs.size()),
               span<named_attribute const>(attributes.begin(), attributes.size()), 1,
               detail::domain_of<Operator>());
}

}  // namespace inlay::inline INLAY_VERSION
