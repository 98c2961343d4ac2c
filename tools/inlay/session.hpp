// A model that is ready to run, whatever computes it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <inlay/execute/interpreter.hpp>
#include <inlay/graph/graph.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "options.hpp"
#include "tensor_file.hpp"

/// A tensor that goes in or comes out. Extents below zero have no value yet.
struct port {
  std::string name;
  inlay::tensor_type type;

  /// Whether a tensor of that type may be this one.
  bool takes(inlay::tensor_type const& t) const;
};

/// A model and an engine that computes it. All that can fail throws `mistake`.
class session {
 public:
  virtual ~session() = default;

  std::vector<port> const& inputs() const { return inputs_; }
  std::vector<port> const& outputs() const { return outputs_; }
  /// Which machine the code is for.
  virtual std::string target() const = 0;

  /// Makes what inputs of these types need, where the model leaves extents to them.
  virtual void prepare(std::vector<tensor> const& inputs) = 0;
  /// Computes; inputs in the order of `inputs()`. An observer, if there is one, is told of each
  /// step by an engine that can: `has_profile()`.
  virtual void run(std::vector<tensor> const& inputs,
                   inlay::interpreter::step_observer* observer = nullptr) = 0;
  virtual bool has_profile() const { return false; }
  /// What the last run computed.
  virtual std::vector<tensor> results() const = 0;

 protected:
  void add_ports(inlay::span<inlay::port const> inputs, inlay::span<inlay::port const> outputs);

 private:
  std::vector<port> inputs_;
  std::vector<port> outputs_;
};

/// How a model is loaded.
struct session_options {
  dimension_options dimensions;
  engine_options engine;
  std::int64_t most_arena_bytes = INT64_MAX;
};

/// The options of a command that runs a model.
void add_session(CLI::App& command, session_options& to);

/// The model in a file.   *Errors*: throws `mistake`, whose sentence names the file, and `misuse`
/// where there is no such engine.
std::unique_ptr<session> load_session(std::string const& path, session_options const& how);

std::unique_ptr<session> load_interpreter(std::string const& path, session_options const& how);
#if defined(INLAY_WITH_JIT)
std::unique_ptr<session> load_jit(std::string const& path, session_options const& how);
#endif
std::unique_ptr<session> load_scalar(std::string const& path, session_options const& how);
