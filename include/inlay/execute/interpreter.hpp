// Loads models while the program runs, and runs them without a compiler.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "inlay/core/any_view.hpp"
#include "inlay/core/result.hpp"
#include "inlay/core/span.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/execute/thread_pool.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/pass/bind_dimensions.hpp"
#include "inlay/program/plan_memory.hpp"
#include "inlay/program/program.hpp"
#include "inlay/program/split_work.hpp"

/// What the library `inlay::interpreter` has compiled:
///
///     auto const session = inlay::interpreter::load("model.onnx").value();
///     inlay::interpreter::context context;
///     auto const outputs = session.run(context, {{"image", image}}).value();
namespace inlay::inline INLAY_VERSION::interpreter {

struct options {
  /// Values for dimensions that have only names. Those without one have what the inputs of a run
  /// have.
  span<dimension_value const> dimensions;
  /// The most memory that the tensors between the layers may have.
  std::int64_t most_arena_bytes = max_arena_bytes;
  /// What computes parts of a step at the same time, for as long as the session is there; without,
  /// a run stays in its thread. The bits are the same with any number of threads.
  thread_pool* threads = nullptr;
  /// The least that a part has to do, see `split_options`.
  std::int64_t least_work_of_part = inlay::least_work_of_part;
};

struct named_view {
  string_view name;
  any_view tensor;
};

/// What a model needs for inputs of certain extents.
struct requirements {
  std::int64_t arena_bytes = 0;    // the tensors between the layers
  std::int64_t weight_bytes = 0;   // the constants, as the kernels read them
  std::int64_t multiply_adds = 0;  // of one run
  std::size_t steps = 0;           // kernels of one run
  bool is_compiled = false;        // by now, for these extents; never by the interpreter
};

/// The memory of one run at a time: the tensors between the layers, and the outputs. One a thread;
/// it may serve several sessions.
class context {
 public:
  context() = default;
  context(context&& other) noexcept { std::swap(memory_, other.memory_); }
  context& operator=(context&& other) noexcept {
    std::swap(memory_, other.memory_);
    return *this;
  }
  ~context();

 private:
  friend class session;
  struct memory;
  memory* memory_ = nullptr;
};

/// Who is told how far a run is, for measurements.
class step_observer {
 public:
  /// Before the first step.
  virtual void begin() = 0;
  /// Once a step has been computed. They come in order, as many as `requirements::steps`.
  virtual void end_of(std::size_t step) = 0;

 protected:
  ~step_observer() = default;
};

/// A model, loaded. Nothing that can be seen of it changes, so that threads share it.
class session {
 public:
  /// Of no model: it has neither inputs nor outputs, and only moving to it makes it one.
  session() = default;
  session(session&& other) noexcept { std::swap(state_, other.state_); }
  session& operator=(session&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
  }
  ~session();

  /// Names and types; extents below zero have no value yet, as in `shape`.
  span<port const> inputs() const;
  span<port const> outputs() const;
  /// The model as it was read, with its dimensions bound.
  inlay::graph const& graph() const;
  /// Whether all numbers have the bits that the scalar stage computes, as they do on machines that
  /// multiply and add with one rounding.
  bool same_bits() const;
  /// Which machine the kernels are for: "x86_64_v3".
  string_view target() const;

  /// The outputs in the order of `outputs()`, valid until the next run with this context. Inputs
  /// come in any order; those with gaps are copied.
  /// *Errors*: an input that is not there, not in the model, or there twice; an element type or a
  /// shape that is not the model's; a shape for which the model has an error; not enough memory.
  /// *Costs*: for extents that are new, what it takes to optimize and to lower the graph; the
  /// programs of the latest ones are kept. Steps are compiled for all extents at once, but for
  /// those that are 0 or 1.
  result<span<any_view const>> run(context& memory, span<named_view const> inputs) const {
    return run(memory, inputs, nullptr);
  }
  /// The same; an observer is told of each step, if there is one.
  result<span<any_view const>> run(context& memory, span<named_view const> inputs,
                                   step_observer* observer) const;
  template <std::size_t N>
  result<span<any_view const>> run(context& memory, named_view const (&inputs)[N]) const {
    return run(memory, span<named_view const>(inputs, N));
  }

  /// How many steps have been compiled since it was loaded: each once for all sizes that it serves.
  /// None by the interpreter.
  std::size_t compiled_steps() const;

  /// What inputs of these extents need, in the order of `inputs()`; where all extents are known,
  /// there may be none.
  result<requirements> needs(span<shape const> extents = {}) const;

 private:
  friend struct loader;
  struct state;
  state* state_ = nullptr;
};

/// The model in the file of that path, and in those beside it. It is mapped, as by `load_onnx`.
/// *Errors*: those of `load_onnx`; those of optimizing; those of lowering, where all extents are
/// known.
result<session> load_file(string_view path, options const& how = {});

/// The model that these bytes are, which are copied.
result<session> load(string_view bytes, options const& how = {});

/// The model in the file of that path.
inline result<session> load(char const* path, options const& how = {}) {
  return load_file(path, how);
}
/// The same for a std::filesystem::path.
template <class Path>
  requires requires(Path const& path) { path.parent_path().string(); }
result<session> load(Path const& path, options const& how = {}) {
  return load_file(path.string(), how);
}

}  // namespace inlay::inline INLAY_VERSION::interpreter
