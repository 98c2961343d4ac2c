// The elements of constants out of a text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/graph/base64.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/parse_value.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// What `print_elements` prints.
class constant_parser {
 public:
  constexpr explicit constant_parser(value_parser& values)
      : values_(&values), in_(&values.in), graph_(&values.graph) {}

  /// Makes a constant of a value.
  constexpr void parse(value_id id) {
    constant c;
    if (in_->take('=')) parse_elements(c);
    if (in_->failure()) return;
    graph_->values[id].constant = static_cast<std::uint32_t>(graph_->constants.size());
    graph_->constants.push_back(c);
  }

 private:
  constexpr void parse_elements(constant& c) {
    if (in_->take('[')) return parse_texts(c);
    if (in_->take_call("sparse")) return parse_sparse(c);
    if (in_->take_call("external")) {
      parse_external(c);
      auto const next = in_->peek();
      if (next == '\n' || next == '#') return;
    }
    in_->peek();
    auto const* const from = in_->place();
    c.stored_at = graph_->storage.size();
    if (!read_base64(in_->token(), graph_->storage)) {
      in_->fail(from, rule::the_text_must_follow_the_grammar, "the elements are not base64");
    }
    c.stored_size = graph_->storage.size() - c.stored_at;
  }

  constexpr void parse_texts(constant& c) {
    c.texts.first = static_cast<std::uint32_t>(graph_->texts.size());
    do {
      graph_->texts.push_back(in_->quoted());
      ++c.texts.count;
    } while (in_->take(','));
    in_->expect(']', "after the elements of a tensor of strings");
  }

  constexpr void parse_sparse(constant& c) {
    c.sparse_values = values_->parse_any_operand();
    in_->expect(',', "after the values of a sparse tensor");
    c.sparse_indices = values_->parse_any_operand();
    in_->expect(')', "after the indices of a sparse tensor");
  }

  constexpr void parse_external(constant& c) {
    external_data e;
    e.location = in_->quoted();
    in_->expect(',', "after the location of external data");
    e.offset = in_->integer();
    if (in_->take(',')) e.length = in_->integer();
    if (in_->take(',')) e.checksum = in_->quoted();
    in_->expect(')', "after the place of external data");
    c.external = static_cast<std::uint32_t>(graph_->externals.size());
    graph_->externals.push_back(e);
  }

  value_parser* values_;
  text_cursor* in_;
  graph* graph_;
};

}  // namespace inlay::inline INLAY_VERSION::detail
