// What a session of the interpreter does; included by the one translation unit that compiles it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "inlay/execute/interpreter.hpp"
#include "inlay/execute/interpreter/check_inputs.hpp"
#include "inlay/execute/interpreter/memory.hpp"
#include "inlay/execute/interpreter/prepared.hpp"
#include "inlay/frontend/onnx/load.hpp"
#include "inlay/pass/optimize.hpp"
#include "inlay/program/lower.hpp"
#include "inlay/program/split_steps.hpp"

namespace inlay::inline INLAY_VERSION::interpreter {

/// The kernels of this machine, which whoever includes this defines.
kernel_set const& kernels_of_machine();

struct session::state {
  onnx_file file;
  file_bytes bytes;        // of a model that is not in a file
  inlay::graph source;     // as it was read, with its dimensions bound
  inlay::graph optimized;  // the same after all passes
  std::vector<port> inputs;
  std::vector<port> outputs;
  std::int64_t most_arena_bytes = 0;
  std::shared_ptr<step_compiler const> compiler;  // or none
  thread_pool* threads = nullptr;                 // or none
  std::int64_t least_work_of_part = 0;
  std::shared_ptr<prepared_program const> fixed;  // where all extents are known

  /// The program for inputs of these extents, which fit the model's.
  result<std::shared_ptr<prepared_program const>> program_for(span<shape const> extents) {
    if (fixed != nullptr) return fixed;
    std::lock_guard const only_one(lock_);
    for (std::size_t i = 0; i < kept_.size(); ++i) {
      if (!is_same(kept_[i].extents, extents)) continue;
      // The latest stands last.
      auto found = std::move(kept_[i]);
      kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(i));
      kept_.push_back(std::move(found));
      return kept_.back().program;
    }
    auto bound = bind_extents(optimized, extents);
    if (bound.failure) return bound.failure;
    auto made = prepare(optimize(std::move(bound)), extents);
    if (!made) return made;
    if (kept_.size() == most_kept) kept_.erase(kept_.begin());
    kept_.push_back({std::vector<shape>(extents.begin(), extents.end()), *made});
    return made;
  }

  /// The program of a graph, which has these extents in place of those of the model; there are none
  /// where the model has no symbols.
  result<std::shared_ptr<prepared_program const>> prepare(inlay::graph g,
                                                          span<shape const> extents = {}) {
    index_checks checks(g);
    auto how = how_to_lower(extents);
    how.most_arena_bytes = most_arena_bytes;
    auto p = lower(std::move(g), how);
    if (p.failure) return p.failure;
    checks.find_steps<inlay::graph>(p);
    p = in_parts(std::move(p));
    bool const is_shared = compiler != nullptr && extents.size() != 0 && !compiler->has_code(p);
    auto const other = is_shared ? alike_program(p, extents) : std::nullopt;
    auto made = prepared_program::make(
        p, other ? &*other : nullptr, std::move(checks), kernels_of_machine(), compiler, weights_,
        string_view(optimized.storage.data(), optimized.storage.size()));
    // Kernels read their own copies of the weights.
    file.forget_pages();
    return made;
  }

 private:
  static constexpr std::size_t most_kept = 16;
  // A tape starts anew for each row, and shorter ones take longer than storing them does.
  static constexpr std::int64_t least_read_row = 512;

  struct kept_program {
    std::vector<shape> extents;
    std::shared_ptr<prepared_program const> program;
  };
  static bool is_same(std::vector<shape> const& a, span<shape const> b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!(a[i] == b[i])) return false;
    }
    return true;
  }

  /// Code is for all extents; the interpreter is for rows that are worth a tape.
  lower_options how_to_lower(span<shape const> extents) const {
    lower_options how;
    how.serves_all_extents = compiler != nullptr && extents.size() != 0;
    if (compiler == nullptr) how.least_read_row = least_read_row;
    return how;
  }
  /// The program for as many threads as there are.
  program in_parts(program p) const {
    if (threads == nullptr) return p;
    return split_steps<inlay::graph>(p, {threads->size(), least_work_of_part});
  }
  /// The program for other extents, all of which but those of 0 and of 1 are others, whose steps
  /// are most alike.
  std::optional<program> alike_program(program const& p, span<shape const> extents) const {
    std::optional<program> best;
    std::size_t most = 0;
    // A factor, and how much more for each symbol.
    std::int64_t const ways[][2] = {{2, 2}, {2, 0}, {3, 0}, {1, 1}, {1, -1}};
    for (auto const& [factor, more] : ways) {
      auto others = std::vector<shape>(extents.begin(), extents.end());
      bool is_possible = true;
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        auto const& model = inputs[i].type.shape;
        for (int axis = 0; axis < model.size(); ++axis) {
          auto& extent = others[i][axis];
          if (model[axis] >= 0 || extent < 2) continue;
          extent = factor * extent - more * model[axis];
          is_possible = is_possible && extent > 1;
        }
      }
      if (!is_possible) continue;
      auto bound = bind_extents(optimized, others);
      if (bound.failure) continue;
      auto other = lower(optimize(std::move(bound)), how_to_lower(extents));
      if (other.failure) continue;
      other = in_parts(std::move(other));
      auto const alike = compiler->count_alike(p, other);
      if (alike > most) best = std::move(other);
      most = std::max(most, alike);
      if (most == p.steps.size()) break;
    }
    return best;
  }

  std::mutex lock_;
  weight_store weights_;
  std::vector<kept_program> kept_;
};

struct context::memory {
  memory_block arena;
  memory_block copies;  // of inputs with gaps
  memory_block outputs;
  std::vector<any_view> views;
  std::vector<any_view const*> inputs;
  std::vector<shape> extents;
  std::vector<void const*> input_pointers;
  std::vector<void*> output_pointers;
  std::vector<void const*> pointers;

  /// Makes the inputs contiguous, aligned, and none of what a run writes.
  error take_inputs() {
    std::int64_t bytes = 0;
    for (auto const* x : inputs) {
      if (must_be_copied(*x)) bytes += round_up(x->bytes(), tensor_alignment);
    }
    if (bytes > copies.size() || bytes == 0) {
      if (auto e = copies.grow(bytes, "copies of inputs")) return e;
    }
    std::int64_t at = 0;
    input_pointers.clear();
    for (auto const* x : inputs) {
      if (!must_be_copied(*x)) {
        input_pointers.push_back(x->data);
        continue;
      }
      auto* const to = copies.data() + at;
      copy_elements(*x, to);
      input_pointers.push_back(to);
      at += round_up(x->bytes(), tensor_alignment);
    }
    return {};
  }

  /// Memory for outputs of these types.
  error place_outputs(std::vector<tensor_type> const& types) {
    std::int64_t bytes = 0;
    for (auto const& t : types) {
      bytes += round_up(bytes_of(t.element, elements_of(t.shape)), tensor_alignment);
    }
    if (auto e = outputs.grow(bytes, "outputs")) return e;
    auto* at = outputs.data();
    views.clear();
    output_pointers.clear();
    for (auto const& t : types) {
      views.push_back({t.element, t.shape, at});
      output_pointers.push_back(at);
      at += round_up(bytes_of(t.element, elements_of(t.shape)), tensor_alignment);
    }
    return {};
  }

 private:
  bool must_be_copied(any_view const& x) const {
    auto const alignment = static_cast<std::uintptr_t>(bits_of(x.element) / 8);
    return !x.is_contiguous() || reinterpret_cast<std::uintptr_t>(x.data) % alignment != 0 ||
           outputs.contains(x.data);
  }
};

context::~context() { delete memory_; }
session::~session() { delete state_; }

span<port const> session::inputs() const {
  return state_ == nullptr ? span<port const>() : span<port const>(state_->inputs);
}
span<port const> session::outputs() const {
  return state_ == nullptr ? span<port const>() : span<port const>(state_->outputs);
}
inlay::graph const& session::graph() const {
  static inlay::graph const none;
  return state_ == nullptr ? none : state_->source;
}
bool session::same_bits() const {
  if (state_ != nullptr && state_->compiler != nullptr) return true;
  return kernels_of_machine().families.front()->same_bits;
}
std::size_t session::compiled_steps() const {
  bool const compiles = state_ != nullptr && state_->compiler != nullptr;
  return compiles ? state_->compiler->count_compiled() : 0;
}
string_view session::target() const {
  if (state_ != nullptr && state_->compiler != nullptr) return state_->compiler->target();
  return kernels_of_machine().families.front()->target;
}

result<span<any_view const>> session::run(context& memory, span<named_view const> given,
                                          step_observer* observer) const {
  if (state_ == nullptr) return no_model();
  if (memory.memory_ == nullptr) memory.memory_ = new context::memory;
  auto& m = *memory.memory_;
  if (auto e = find_inputs(state_->inputs, given, m.inputs)) return e;
  m.extents.clear();
  for (auto const* x : m.inputs) m.extents.push_back(x->extents);
  auto const found = state_->program_for(m.extents);
  if (!found) return found.failure();
  auto const& program = **found;
  if (auto e = m.take_inputs()) return e;
  if (auto e = m.arena.grow(program.arena_bytes(), "tensors between the layers")) return e;
  if (auto e = m.place_outputs(program.outputs())) return e;
  if (auto e = program.run(m.arena.data(), m.input_pointers.data(), m.output_pointers.data(),
                           m.pointers, observer, state_->threads)) {
    return e;
  }
  return span<any_view const>(m.views);
}

result<requirements> session::needs(span<shape const> extents) const {
  if (state_ == nullptr) return no_model();
  if (extents.size() != 0 || state_->fixed == nullptr) {
    if (auto e = check_extents(state_->inputs, extents)) return e;
  }
  auto const found = state_->program_for(extents);
  if (!found) return found.failure();
  return (*found)->needs();
}

struct loader {
  static result<session> load(inlay::graph read, onnx_file file, file_bytes bytes,
                              options const& how, std::shared_ptr<step_compiler const> compiler) {
    session loaded;
    loaded.state_ = new session::state;
    auto& s = *loaded.state_;
    s.file = std::move(file);
    s.bytes = std::move(bytes);
    s.most_arena_bytes = how.most_arena_bytes;
    s.compiler = std::move(compiler);
    s.threads = how.threads;
    s.least_work_of_part = how.least_work_of_part;
    s.source = bind_dimensions(std::move(read), how.dimensions);
    s.optimized = optimize(s.source);
    auto const& g = s.optimized;
    if (g.failure) return g.failure;
    bool is_fixed = true;
    for (auto const id : g.inputs) {
      auto const& v = g.values[id];
      s.inputs.push_back({v.name, v.type});
      is_fixed = is_fixed && v.type.has_shape && !has_symbol(v.type.shape);
    }
    for (auto const id : g.outputs) s.outputs.push_back({g.values[id].name, g.values[id].type});
    if (is_fixed) {
      auto made = s.prepare(g);
      if (!made) return made.failure();
      s.fixed = std::move(*made);
    }
    return loaded;
  }
};

result<session> load_file(string_view path, options const& how) {
  return load_file(path, how, nullptr);
}
result<session> load(string_view bytes, options const& how) { return load(bytes, how, nullptr); }

result<session> load_file(string_view path, options const& how,
                          std::shared_ptr<step_compiler const> compiler) {
  auto file = load_onnx(std::filesystem::path(path.begin(), path.end()));
  if (!file) return file.failure();
  auto read = std::move(file->graph);
  return loader::load(std::move(read), std::move(*file), {}, how, std::move(compiler));
}

result<session> load(string_view bytes, options const& how,
                     std::shared_ptr<step_compiler const> compiler) {
  auto copy = file_bytes::allocate(bytes.size());
  if (copy.data() == nullptr) {
    return make_error(rule::there_must_be_memory_for_the_model, "there is no memory for the ",
                      bytes.size(), " bytes of the model");
  }
  if (!bytes.empty()) std::memcpy(copy.data(), bytes.data(), bytes.size());
  auto read = read_onnx(copy.view());
  return loader::load(std::move(read), {}, std::move(copy), how, std::move(compiler));
}

}  // namespace inlay::inline INLAY_VERSION::interpreter
