// Where two values differ: their types and elements.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/difference.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/print_attribute.hpp"
#include "inlay/graph/print_type.hpp"

namespace inlay::inline INLAY_VERSION::detail {

class value_comparison {
 public:
  constexpr value_comparison(graph const& a, graph const& b, difference& first)
      : a_(&a),
        b_(&b),
        in_b_(a.symbols.size(), 0),
        in_a_(b.symbols.size(), 0),
        types_of_a_(a),
        types_of_b_(b),
        first_(&first) {}

  constexpr void compare(value_id id) {
    auto const& a = a_->values[id];
    auto const& b = b_->values[id];
    sentence place;
    place << "value " << id;
    if (!a.name.empty()) place << " '" << a.name << "'";
    place << ": ";
    first_->set_place(place);
    first_->texts("the name", a.name, b.name);
    compare_types({a.type, a.container}, {b.type, b.container});
    if (a_->is_constant(id) != b_->is_constant(id)) first_->say("only one is a constant");
    if (first_->found() || !a_->is_constant(id)) return;
    compare_constants(a_->constants[a.constant], b_->constants[b.constant]);
  }

  constexpr void compare_types(contained_type const& a, contained_type const& b) {
    compare_containers(a.container, b.container);
    auto const& x = a.tensor;
    auto const& y = b.tensor;
    first_->texts("the element type", name_of(x.element), name_of(y.element));
    if (x.has_shape != y.has_shape) first_->say("only one has a shape");
    else if (x.has_shape) compare_shapes(x.shape, y.shape);
  }

  constexpr void compare_ids(string_view what, value_id a, value_id b) {
    if (a == b) return;
    text_buffer x;
    text_buffer y;
    print_operand(x, a);
    print_operand(y, b);
    first_->say(what, " is ", x.view(), " and ", y.view());
  }

 private:
  constexpr void compare_containers(std::uint32_t a, std::uint32_t b) {
    for (int layer = 0; layer < max_nesting && !first_->found(); ++layer) {
      bool const is_in_a = a < a_->containers.size();
      bool const is_in_b = b < b_->containers.size();
      if (!is_in_a || !is_in_b) {
        auto const* const more = is_in_a   ? &a_->containers[a]
                                 : is_in_b ? &b_->containers[b]
                                           : nullptr;
        if (more != nullptr) first_->say("only one is ", name_of(more->kind));
        return;
      }
      auto const& x = a_->containers[a];
      auto const& y = b_->containers[b];
      first_->texts("the container", name_of(x.kind), name_of(y.kind));
      first_->texts("the type of the keys", name_of(x.key), name_of(y.key));
      first_->texts("the domain of the type", x.domain, y.domain);
      first_->texts("the name of the type", x.name, y.name);
      a = x.inner;
      b = y.inner;
    }
  }
  static constexpr string_view name_of(element_type e) { return inlay::name_of(e); }
  static constexpr string_view name_of(container_kind kind) {
    return container_names[static_cast<std::uint8_t>(kind)];
  }

  constexpr void compare_shapes(shape const& a, shape const& b) {
    first_->numbers("the number of dimensions", a.size(), b.size());
    for (int i = 0; i < a.size() && !first_->found(); ++i) compare_extents(i, a[i], b[i]);
  }
  constexpr void compare_extents(int i, std::int64_t a, std::int64_t b) {
    sentence dimension;
    dimension << "dimension " << i;
    auto const x = static_cast<std::size_t>(-1 - a);
    auto const y = static_cast<std::size_t>(-1 - b);
    if ((a < 0) != (b < 0)) first_->say(dimension, " has a value in one graph only");
    if (x >= in_b_.size() || y >= in_a_.size()) return first_->numbers(dimension, a, b);
    // Alike expressions of alike symbols have one text.
    text_buffer text_of_a;
    text_buffer text_of_b;
    types_of_a_.print_extent(text_of_a, a);
    types_of_b_.print_extent(text_of_b, b);
    if (!is_free_symbol(*a_, x) || !is_free_symbol(*b_, y)) {
      return first_->texts(dimension, text_of_a.view(), text_of_b.view());
    }
    first_->texts(dimension, a_->symbols[x], b_->symbols[y]);
    // Symbols may be numbered otherwise, but always in the same way: 0 stands for not seen yet.
    if (in_b_[x] == 0 && in_a_[y] == 0) {
      in_b_[x] = y + 1;
      in_a_[y] = x + 1;
    } else if (in_b_[x] != y + 1) {
      first_->say(dimension, " equals an earlier one in one graph only");
    }
  }

  static constexpr bool is_free_symbol(graph const& g, std::size_t symbol) {
    return symbol >= g.dimensions.size() || g.dimensions[symbol].kind == dimension_kind::free;
  }

  constexpr void compare_constants(constant const& a, constant const& b) {
    compare_ids("the tensor of its values", a.sparse_values, b.sparse_values);
    compare_ids("the tensor of its indices", a.sparse_indices, b.sparse_indices);
    first_->numbers("the number of strings", a.texts.count, b.texts.count);
    for (std::uint32_t i = 0; i < a.texts.count && !first_->found(); ++i) {
      auto const& x = a_->texts[a.texts.first + i];
      auto const& y = b_->texts[b.texts.first + i];
      if (x == y) continue;
      sentence number;
      number << "string " << i;
      first_->texts(number, x, y);
    }
    bool const is_external = a.external < a_->externals.size();
    if (is_external != (b.external < b_->externals.size())) {
      first_->say("only one has its elements in another file");
    } else if (is_external) {
      compare_externals(a_->externals[a.external], b_->externals[b.external]);
    }
    first_->bytes(a_->bytes_of(a), b_->bytes_of(b));
  }
  constexpr void compare_externals(external_data const& a, external_data const& b) {
    first_->texts("the file of its elements", a.location, b.location);
    first_->numbers("the offset of its elements", a.offset, b.offset);
    first_->numbers("the length of its elements", a.length, b.length);
    first_->texts("the checksum of its elements", a.checksum, b.checksum);
  }

  graph const* a_;
  graph const* b_;
  vector<std::size_t> in_b_;  // of each symbol of a, the one of b, plus 1
  vector<std::size_t> in_a_;
  type_printer types_of_a_;
  type_printer types_of_b_;
  difference* first_;
};

}  // namespace inlay::inline INLAY_VERSION::detail
