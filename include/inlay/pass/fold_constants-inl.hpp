// Computes what no input changes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/core/bytes.hpp"
#include "inlay/core/vector.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/store_constant.hpp"
#include "inlay/op/list.hpp"
#include "inlay/pass/folding_budget.hpp"
#include "inlay/pass/remove_parts.hpp"
#include "inlay/program/arena-inl.hpp"
#include "inlay/program/copy_weight.hpp"
#include "inlay/program/interpreter-inl.hpp"
#include "inlay/program/lower_node.hpp"
#include "inlay/program/program.hpp"

INLAY_BEGIN_TARGET

/// The memory of a program of one node, in constant expressions too: all its tensors are in the
/// arena.
class folding_memory {
 public:
  static constexpr bool has_epilogues = false;  // programs of one node have none

  constexpr explicit folding_memory(std::int64_t bytes) : arena_(bytes) {}

  template <class T> constexpr T const* read(location const& l) { return write<T>(l); }
  template <class T> constexpr T* write(location const& l) {
    return l.where == place::nowhere ? nullptr : arena_.template at<T>(l.offset);
  }

 private:
  typed_arena<stored_types> arena_;
};

/// Computes nodes of a graph by the interpreter, each as a program of its own.
template <class Graph> class constant_folder {
 public:
  constexpr explicit constant_folder(Graph& g) : graph_(&g), budget_(g) {}

  /// Makes the outputs of `n` constants, if its inputs are constants and the budget suffices. No
  /// operand and no value is added.
  constexpr bool fold(node const& n) {
    auto& g = *graph_;
    if (!is_foldable(n)) return false;
    if (entry_of<Graph>(n.op).is_view) return fold_view(n);
    auto& y = g.values[g.outputs_of(n)[0]];
    detail::lower_node(g, n, lowering_);
    auto const bytes = size_of(y.type);
    if (!budget_.take(bytes, work_of(n))) return false;
    place(n);
    memory_of_one memory(program_.arena_bytes);
    load(memory, g.inputs_of(n));
    scalar_interpreter<memory_of_one>::run(program_, memory);
    store(memory, y);
    return true;
  }

 private:
  // It depends on `Graph`, because Clang compiles at once what depends on no argument.
  using memory_of_one = std::conditional_t<sizeof(Graph) != 0, folding_memory, void>;

  constexpr bool is_foldable(node const& n) const {
    auto const& g = *graph_;
    for (auto const id : g.inputs_of(n)) {
      if (id != no_value && !inlay::is_foldable(g, id)) return false;
    }
    bool const is_view = entry_of<Graph>(n.op).is_view;
    auto const outputs = g.outputs_of(n);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (i > 0 && outputs[i] == no_value) continue;
      auto const& y = g.values[outputs[i]].type;
      if ((i > 0 && !is_view) || !y.has_shape || !is_in_memory(y.shape) ||
          !contains(stored_types{}, y.element)) {
        return false;
      }
    }
    return true;
  }

  /// Of a view, what is another part or another order of the elements is copied.
  constexpr bool fold_view(node const& n) {
    auto& g = *graph_;
    auto const& entry = entry_of<Graph>(n.op);
    if (entry.view_of_input == nullptr) return fold_parts(n);
    auto const& x = g.values[g.operands[n.inputs.first]];
    vector<tensor_view> views;
    std::int64_t copied = 0;
    for (std::uint32_t i = 0; i < n.outputs.count; ++i) {
      views.push_back({layout(x.type), 0});
      entry.view_of_input({g, n}, static_cast<int>(i), views.back());
      if (!is_whole(views.back(), x)) {
        copied = saturating_add(copied, elements_of(views.back().lies.extents));
      }
    }
    if (copied != 0 && !budget_.take(bytes_of(x.type.element, copied), copied)) return false;
    for (std::uint32_t i = 0; i < n.outputs.count; ++i) {
      auto const id = g.operands[n.outputs.first + i];
      if (id == no_value) continue;
      auto const constant = is_whole(views[i], x) ? add_constant(g.constants[x.constant])
                                                  : copy_elements(views[i], x.constant);
      g.values[id].constant = constant;
    }
    return true;
  }
  static constexpr bool is_whole(tensor_view const& v, value const& x) {
    return is_contiguous(v.lies) && elements_of(v.lies.extents) == elements_of(x.type.shape);
  }
  constexpr std::uint32_t add_constant(constant const same) {
    graph_->constants.push_back(same);
    return static_cast<std::uint32_t>(graph_->constants.size() - 1);
  }
  /// Calls `visit(i, j)` with the places of the same element in two views of the same extents.
  template <class Visit>
  static constexpr void each_place(tensor_view const& a, tensor_view const& b, Visit const& visit) {
    auto const& extents = a.lies.extents;
    shape at = extents;
    for (int i = 0; i < at.size(); ++i) at[i] = 0;
    auto x = a.offset;
    auto y = b.offset;
    for (auto left = elements_of(extents); left > 0; --left) {
      visit(static_cast<std::size_t>(x), static_cast<std::size_t>(y));
      for (int i = at.size() - 1; i >= 0; --i) {
        x += a.lies.strides[i];
        y += b.lies.strides[i];
        if (++at[i] < extents[i]) break;
        x -= at[i] * a.lies.strides[i];
        y -= at[i] * b.lies.strides[i];
        at[i] = 0;
      }
    }
  }
  /// The elements of a view of a constant, in order.
  constexpr std::uint32_t copy_elements(tensor_view const& v, std::uint32_t from) {
    auto& g = *graph_;
    return store_constant(g, [&](auto put) {
      with_type(v.lies.element, stored_types{}, [&]<class T>(T) {
        each_place(v, v, [&](std::size_t i, std::size_t) {
          put(read_little_endian<T>(g.bytes_of(g.constants[from]), i));
        });
      });
    });
  }
  /// An output of which the inputs are parts.
  constexpr bool fold_parts(node const& n) {
    auto& g = *graph_;
    auto const& entry = entry_of<Graph>(n.op);
    auto& y = g.values[g.outputs_of(n)[0]];
    auto const count = elements_of(y.type.shape);
    if (!budget_.take(size_of(y.type), count)) return false;
    tensor_view const whole{layout(y.type), 0};
    auto const inputs = g.inputs_of(n);
    auto const first_of = [&]<class T>(value_id id, T) {
      return read_little_endian<T>(g.bytes_of(g.constants[g.values[id].constant]), 0);
    };
    y.constant = store_constant(g, [&](auto put) {
      with_type(y.type.element, stored_types{}, [&]<class T>(T zero) {
        vector<T> elements(static_cast<std::size_t>(count), zero);
        for (std::size_t i = 0; i < inputs.size(); ++i) {
          auto to = whole;
          if (inputs[i] == no_value || !entry.view_of_output({g, n}, static_cast<int>(i), to)) {
            continue;
          }
          auto const& x = g.values[inputs[i]];
          tensor_view from{layout(x.type), 0};
          if (entry.crop != nullptr) entry.crop({g, n}, from);
          auto const bytes = g.bytes_of(g.constants[x.constant]);
          each_place(from, to, [&](std::size_t k, std::size_t place) {
            elements[place] = read_little_endian<T>(bytes, k);
          });
        }
        if (entry.fills != nullptr) {
          bool const is_given = inputs.size() > 2 && inputs[2] != no_value;
          auto const constant = is_given ? first_of(inputs[2], zero) : zero;
          for (auto const& f : entry.fills({g, n}, whole)) {
            each_place(f.is_constant ? f.to : f.from, f.to, [&](std::size_t k, std::size_t place) {
              elements[place] = f.is_constant ? constant : elements[k];
            });
          }
        }
        for (auto const& e : elements) put(e);
      });
    });
    return true;
  }

  static constexpr std::int64_t size_of(tensor_type const& t) {
    return bytes_of(t.element, elements_of(t.shape));
  }

  constexpr std::int64_t work_of(node const& n) const {
    auto const& g = *graph_;
    auto const outputs = elements_of(g.values[g.outputs_of(n)[0]].type.shape);
    auto work = saturating_add(lowering_.multiply_adds, outputs);
    for (auto const id : g.inputs_of(n)) {
      if (id != no_value) work = saturating_add(work, elements_of(g.values[id].type.shape));
    }
    if (is<op::max_pool>(n) || is<op::average_pool>(n)) {
      // A window looks at no more than the image.
      auto const& x = g.values[g.inputs_of(n)[0]].type.shape;
      auto of_windows = outputs;
      int axis = 2;
      for (auto const size : node_view(g, n).integers("kernel_shape")) {
        of_windows = saturating_multiply(of_windows, size < x[axis] ? size : x[axis]);
        ++axis;
      }
      work = saturating_add(work, of_windows);
    }
    return work;
  }

  /// The program of the node that `lower_node` has looked at.
  constexpr void place(node const& n) {
    auto const& g = *graph_;
    auto const inputs = g.inputs_of(n);
    program_ = program{};
    for (std::size_t i = 0; i < lowering_.inputs.size(); ++i) {
      auto const id = i < inputs.size() ? inputs[i] : no_value;
      program_.layouts.push_back(lowering_.inputs[i]);
      add_location(id);
    }
    program_.layouts.push_back(lowering_.outputs[0]);
    add_location(g.outputs_of(n)[0]);
    program_.words.append(lowering_.words.data(), lowering_.words.size());
    auto const tensors = static_cast<std::uint32_t>(program_.layouts.size());
    auto const words = static_cast<std::uint32_t>(program_.words.size());
    structure s;
    s.op = n.op;
    s.types = lowering_.types;
    s.layouts = {0, tensors};
    s.words = {0, words};
    program_.structures.push_back(s);
    program_.steps.push_back({0, {0, tensors}, 0});
  }
  constexpr void add_location(value_id id) {
    if (id == no_value) return program_.locations.push_back({});
    program_.locations.push_back({place::arena, 0, program_.arena_bytes});
    program_.arena_bytes += round_up(size_of(graph_->values[id].type), tensor_alignment);
  }

  constexpr void load(memory_of_one& memory, span<value_id const> inputs) const {
    for (std::size_t i = 0; i < inputs.size() && i < lowering_.inputs.size(); ++i) {
      if (inputs[i] == no_value) continue;
      auto const& v = graph_->values[inputs[i]];
      weight const w{v.type.element, 0, graph_->constants[v.constant], not_packed};
      with_type(v.type.element, stored_types{}, [&]<class T>(T) {
        copy_weight(w, {}, graph_->storage.data(), memory.template write<T>(program_.locations[i]));
      });
    }
  }
  constexpr void store(memory_of_one& memory, value& y) {
    auto& g = *graph_;
    y.constant = store_constant(g, [&](auto put) {
      with_type(y.type.element, stored_types{}, [&]<class T>(T) {
        auto const* const from = memory.template read<T>(program_.locations.back());
        for (std::int64_t k = 0; k < elements_of(y.type.shape); ++k) put(from[k]);
      });
    });
  }

  Graph* graph_;
  folding_budget<Graph> budget_;
  lowering lowering_;
  program program_;
};

/// Nodes of listed operators whose inputs are all constants go, and their outputs are constants, of
/// the bits that the program would compute. Runs after types are inferred; `folding_budget` says
/// what is too large or takes too long.
///   before   constant %0 = 1, 2   %1 = Add(%0, %0)   return %1
///   after    constant %1 = 2, 4   return %1
template <class Graph> constexpr Graph fold_constants(Graph g) {
  if (g.failure) return g;
  constant_folder folder(g);
  vector<char> is_removed;
  // Few steps for a node that has nothing to fold: compilers count them.
  auto const* const operands = g.operands.data();
  auto const* const values = g.values.data();
  for (auto const& n : g.nodes) {
    if (n.op == operator_id::unlisted) continue;
    if (values[operands[n.inputs.first]].constant == not_constant || !folder.fold(n)) continue;
    if (is_removed.empty()) is_removed = vector<char>(g.nodes.size(), 0);
    is_removed[static_cast<std::size_t>(&n - g.nodes.data())] = 1;
  }
  if (!is_removed.empty()) remove_nodes(g, is_removed);
  return g;
}

/// Whether `fold_constants` could find a node, once the functions and the constants of a graph that
/// has just been read are what they become.
template <class Graph> constexpr bool has_constant_nodes(Graph const& g) {
  if (!g.functions.empty()) return true;
  vector<char> is_known(g.values.size(), 0);
  for (auto const& n : g.nodes) {
    bool depends = false;
    for (auto const id : g.inputs_of(n)) {
      depends = depends || !(id == no_value || g.is_constant(id) || is_known[id] != 0);
    }
    if (depends) continue;
    if (n.inputs.count != 0) return true;
    for (auto const id : g.outputs_of(n)) {
      if (id != no_value) is_known[id] = 1;
    }
  }
  return false;
}

INLAY_END_TARGET
