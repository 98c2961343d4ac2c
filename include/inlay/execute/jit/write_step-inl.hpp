// Writes the code of steps: their kernels, run on the stage that emits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "inlay/execute/jit/guarded_tiles.hpp"
#include "inlay/execute/jit/step_writer.hpp"
#include "inlay/execute/jit/tiles.hpp"
#include "inlay/execute/jit/written_kernel.hpp"
#include "inlay/execute/jit/written_links-inl.hpp"
#include "inlay/program/run_step-inl.hpp"
#include "inlay/program/tape-inl.hpp"

INLAY_BEGIN_TARGET

namespace jit_code {

using namespace jit;

template <class T>
tensor<T const, emitted_memory> input_at(step_tensors const& tensors, std::size_t i) {
  auto const& l = tensors.layouts[i];
  return {emitted_pointer<T>(tensors.places[i]), l.extents, l.strides};
}
template <class T> tensor<T, emitted_memory> output_at(step_tensors const& tensors) {
  auto const& l = tensors.layouts.back();
  return {emitted_pointer<T>(tensors.places.back()), l.extents, l.strides};
}
/// The output through the links, which read the tensors behind the kernel's own.
template <class T, bool HasConditions, class Ending>
auto results_at(step_form const& form, step_tensors const& tensors, std::size_t kernel_inputs,
                Ending const& ending) {
  written_tape const tape(form, kernel_inputs);
  results<T, written_tape, most_tensors, Ending, emitted_memory, HasConditions> to{
      output_at<T>(tensors), tape, ending};
  for (int k = 0; k < tape.others(); ++k) {
    auto const i = kernel_inputs + static_cast<std::size_t>(k);
    if constexpr (HasConditions) {
      if (form.layouts[i].element == element_type::boolean) {
        to.set_condition(k, input_at<bool>(tensors, i));
        continue;
      }
    }
    to.others[k] = input_at<T>(tensors, i);
  }
  return to;
}

/// The code of an operator's kernel, a tile at a time.
template <class Operator, class T, tile_shape Tile> struct kernel_writer {
  static void write(emitting& s, step_form const& form, step_tensors const& tensors) {
    if constexpr (inlay::detail::takes_reader<Operator>()) {
      if (!form.readers.empty()) {
        return write(s, form, tensors, written_reader<T>(form, tensors), rest{});
      }
    }
    write(s, form, tensors, input_at<step_input<Operator, 0, T>>(tensors, 0), rest{});
  }

 private:
  static constexpr auto inputs = static_cast<std::size_t>(step_inputs<Operator>());
  using rest = std::make_index_sequence<inputs - 1>;

  template <class First, std::size_t... Input>
  static void write(emitting& s, step_form const& form, step_tensors const& tensors,
                    First const& first, std::index_sequence<Input...>) {
    auto const kernel = kernel_in_code(kernel_of<Operator>(form.words.data()), tensors.words);
    auto const next = form.first_tensors();
    if constexpr (inlay::detail::takes_tape<Operator>()) {
      constexpr bool has_conditions = inlay::detail::takes_conditions<Operator>();
      auto const to =
          results_at<T, has_conditions>(form, tensors, next + inputs - 1, ending_of(form));
      run_step<Operator, T, Tile>(
          s, kernel, to, first,
          input_at<step_input<Operator, Input + 1, T>>(tensors, next + Input)...);
    } else {
      run_step<Operator, T, Tile>(
          s, kernel, output_at<T>(tensors), first,
          input_at<step_input<Operator, Input + 1, T>>(tensors, next + Input)...);
    }
  }
  static auto ending_of(step_form const& form) {
    if constexpr (inlay::detail::takes_ending<Operator>()) return dynamic_ending(form.ending);
    else return no_ending{};
  }
};

/// Element operators, all of which are links, of elements of any types. As many are computed at a
/// time as a vector holds of `Lane`, which is as large as the largest of them.
/// *Shapes*: all of the same rank, at least 1; an input that repeats along an axis has a stride of
/// 0 there.
template <class Lane> class chain_writer {
 public:
  static void write(emitting& s, step_form const& form, step_tensors const& tensors) {
    auto const& extents = tensors.layouts.back().extents;
    if (s.known(elements_of(extents), 1) == 0) return;
    int const outer = extents.size() - 1;
    s.loop_nest(extents, outer, [&](auto at) {
      s.template loop_lanes<Lane>(
          extents.back(), [&](auto j) { chain_writer(s, form, tensors, at).write_elements(j); });
    });
  }

 private:
  chain_writer(emitting& s, step_form const& form, step_tensors const& tensors,
               emitted_index const* at)
      : s_(&s), form_(&form), tensors_(&tensors), at_(at) {}

  template <class J> void write_elements(J j) const {
    int const lanes = count_lanes(j);
    auto const load = [&](int k) {
      emitted loaded = nullptr;
      with_row(static_cast<std::size_t>(k),
               [&](auto const& row) { loaded = s_->load(row, j).value; });
      return loaded;
    };
    auto const made = write_links(*s_, form_->links, nullptr, lanes, load);
    with_row(form_->layouts.size() - 1, [&]<class T>(tensor<T, emitted_memory> const& row) {
      emitted_vector<T> const y{made, lanes};
      s_->store(row, j, y);
    });
  }
  /// Calls `use` with the row of a tensor.
  template <class Use> void with_row(std::size_t tensor_number, Use const& use) const {
    auto const& extents = tensors_->layouts[tensor_number].extents;
    int const outer = extents.size() - 1;
    written_tensor_at(*form_, *tensors_, tensor_number)
        .inner(at_, outer)
        .use(extents.inner_axes(outer), use);
  }

  emitting* s_;
  step_form const* form_;
  step_tensors const* tensors_;
  emitted_index const* at_;
};

/// Writes a step of element operators.
inline void write_chain(emitting& s, step_form const& form, step_tensors const& tensors) {
  int bits = 8;
  for (auto const& l : form.layouts) bits = bits_of(l.element) > bits ? bits_of(l.element) : bits;
  for (auto const& l : form.links) {
    for (auto const e : {l.what.types.from, l.what.types.to}) {
      bits = bits_of(e) > bits ? bits_of(e) : bits;
    }
  }
  switch (bits) {
    case 8: return chain_writer<std::uint8_t>::write(s, form, tensors);
    case 16: return chain_writer<std::uint16_t>::write(s, form, tensors);
    case 32: return chain_writer<std::uint32_t>::write(s, form, tensors);
    default: return chain_writer<std::uint64_t>::write(s, form, tensors);
  }
}

/// The code of an element operator as a link.
template <class Operator, class Form> struct operator_writer {
  static emitted write(emitting& s, std::int64_t const* words, emitted const* operands, int lanes) {
    return write(
        s, words, operands, lanes,
        std::make_index_sequence<static_cast<std::size_t>(inlay::detail::operands<Operator>())>{});
  }

 private:
  template <std::size_t... I>
  static emitted write(emitting& s, std::int64_t const* words, emitted const* operands, int lanes,
                       std::index_sequence<I...>) {
    return compute_element<Operator, Form>(
               s, words,
               emitted_vector<inlay::detail::operand_type<Operator, Form, I>>{operands[I],
                                                                              lanes}...)
        .value;
  }
};

/// Writes a kernel with the tile that suits the step; where the code decides, with several.
template <class Operator, class T> struct step_choice {
  static void write(emitting& s, step_form const& form, step_tensors const& tensors) {
    if constexpr (inlay::detail::is_elementwise<Operator>()) {
      write_chain(s, form, tensors);
    } else if constexpr (has_product) {
      auto const kernel = kernel_of<Operator>(form.words.data());
      auto const product = product_of_step(kernel, form.layouts[0].extents, form.output().extents,
                                           form.ending == id_of<op::max_pool>);
      guarded_product const all(s, kernel, form, tensors, product);
      all.each_kind(tiles, form, int{sizeof(T)}, [&](std::vector<std::size_t> const& order) {
        write_fitting(s, form, tensors, all, order.data(), order.size());
      });
    } else {
      kernel_writer<Operator, T, tile_shape{}>::write(s, form, tensors);
    }
  }

 private:
  static constexpr bool has_product = [] {
    if constexpr (requires { typename Operator::kernel; }) {
      return requires { &Operator::kernel::product; };
    } else {
      return false;
    }
  }();
  static constexpr auto tiles = [] {
    if constexpr (has_product) {
      return tiles_to_write<T>(kind_of_products<typename Operator::kernel>(), emitting::width<T>);
    } else {
      return tile_list{};
    }
  }();
  /// Writes the first of these tiles that fits.
  template <class Product>
  static void write_fitting(emitting& s, step_form const& form, step_tensors const& tensors,
                            Product const& product, std::size_t const* order, std::size_t count) {
    auto const write = writers(std::make_index_sequence<tiles.count>{})[*order];
    if (count == 1) return write(s, form, tensors);
    s.if_at_most(0, product.margin(tiles.at[*order]), [&](auto fits) {
      if constexpr (fits.value) write(s, form, tensors);
      else write_fitting(s, form, tensors, product, order + 1, count - 1);
    });
  }
  template <std::size_t... Tile> static step_writer const* writers(std::index_sequence<Tile...>) {
    static constexpr step_writer all[] = {&kernel_writer<Operator, T, tiles.at[Tile]>::write...};
    return all;
  }
};

/// The writers of the operators of a list.
template <class List> struct family;
template <class... Operator> struct family<operator_list<Operator...>> {
  static writer_family const& writers() {
    static auto const steps = [] {
      std::vector<step_entry> all;
      (add_steps<Operator>(all, typename Operator::types{}), ...);
      return all;
    }();
    static auto const links = [] {
      std::vector<link_entry> all;
      (add_links<Operator>(all), ...);
      return all;
    }();
    static writer_family const family{{steps.data(), steps.size()}, {links.data(), links.size()}};
    return family;
  }

 private:
  template <class Op, class... T>
  static void add_steps(std::vector<step_entry>& to, type_list<T...>) {
    (to.push_back({id_of<Op>, element_of<T>, &step_choice<Op, T>::write}), ...);
  }
  template <class Op> static void add_links(std::vector<link_entry>& to) {
    if constexpr (inlay::detail::is_elementwise<Op>()) {
      add_forms<Op>(to, inlay::detail::forms_of<Op>{});
    }
  }
  template <class Op, class... Form>
  static void add_forms(std::vector<link_entry>& to, type_list<Form...>) {
    (to.push_back({id_of<Op>, Form::types, &operator_writer<Op, Form>::write}), ...);
  }
};

}  // namespace jit_code

INLAY_END_TARGET
