// Which value a name stands for, in a graph and in the bodies inside it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/index_table.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/node.hpp"

namespace inlay::inline INLAY_VERSION {

/// The names of a graph, and above them those of each body that is open: a name is looked for from
/// the innermost body outwards, and may be defined again in an inner one. The body of a function
/// sees no names around it. Values are given as the array that the ids index.
class name_scopes {
 public:
  constexpr void reserve(std::size_t count) { outermost_.reserve(count); }

  constexpr void open(bool is_function) {
    // Tables that were open before keep their memory for those that come.
    if (depth_ == inner_.size()) inner_.push_back({});
    inner_[depth_++] = scope{{}, is_function};
  }
  constexpr void close() { --depth_; }

  /// The value of that name, or `no_value`.
  constexpr value_id find(vector<value> const& values, string_view name, std::uint64_t hash) const {
    if (depth_ == 0) {
      // One call less: constant evaluation counts statements.
      return outermost_.find(hash, [&](value_id id) { return values[id].name == name; });
    }
    for (auto i = depth_; i > 0; --i) {
      auto const found = find_in(inner_[i - 1].names, values, name, hash);
      if (found != no_value || inner_[i - 1].is_function) return found;
    }
    return find_in(outermost_, values, name, hash);
  }
  /// The same, but only in the body that is open, or in the graph where none is.
  constexpr value_id find_here(vector<value> const& values, string_view name,
                               std::uint64_t hash) const {
    auto const& names = depth_ == 0 ? outermost_ : inner_[depth_ - 1].names;
    return names.find(hash, [&](value_id id) { return values[id].name == name; });
  }

  /// A name that `find_here` does not find.
  constexpr void insert(std::uint64_t hash, value_id id) {
    if (depth_ == 0) outermost_.insert(hash, id);
    else inner_[depth_ - 1].names.insert(hash, id);
  }

 private:
  struct scope {
    index_table names;
    bool is_function = false;
  };

  static constexpr value_id find_in(index_table const& names, vector<value> const& values,
                                    string_view name, std::uint64_t hash) {
    static_assert(index_table::absent == no_value);
    return names.find(hash, [&](value_id id) { return values[id].name == name; });
  }

  index_table outermost_;
  vector<scope> inner_;
  std::size_t depth_ = 0;  // of `inner_`
};

}  // namespace inlay::inline INLAY_VERSION
