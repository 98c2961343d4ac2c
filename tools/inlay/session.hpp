// A model that is ready to run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <inlay/execute/interpreter.hpp>
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

class session {
 public:
  /// The model in a file.   *Errors*: throws `mistake`; its sentence names the file.
  session(std::string const& path, dimension_options const& dimensions);

  std::vector<port> const& inputs() const { return inputs_; }
  std::vector<port> const& outputs() const { return outputs_; }
  inlay::graph const& graph() const { return session_.graph(); }
  /// Which machine the kernels are for.
  std::string_view target() const { return session_.target(); }

  /// Makes what inputs of these types need, where the model leaves extents to them.
  /// *Errors*: throws `mistake`.
  void prepare(std::vector<tensor> const& inputs) const;

  /// Computes; inputs in the order of `inputs()`.   *Errors*: throws `mistake`.
  void run(std::vector<tensor> const& inputs);
  /// What the last run computed.
  std::vector<tensor> results() const;

 private:
  inlay::interpreter::session session_;
  inlay::interpreter::context context_;
  std::vector<port> inputs_;
  std::vector<port> outputs_;
  inlay::span<inlay::any_view const> views_;
};
