// A model that is ready to run, whatever computes it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "session.hpp"

bool port::takes(inlay::tensor_type const& t) const {
  if (t.element != type.element) return false;
  if (!type.has_shape) return true;
  if (t.shape.size() != type.shape.size()) return false;
  for (int axis = 0; axis < t.shape.size(); ++axis) {
    if (type.shape[axis] >= 0 && type.shape[axis] != t.shape[axis]) return false;
  }
  return true;
}

void session::add_ports(inlay::span<inlay::port const> inputs,
                        inlay::span<inlay::port const> outputs) {
  for (auto const& p : inputs) inputs_.push_back({std::string(p.name), p.type});
  for (auto const& p : outputs) outputs_.push_back({std::string(p.name), p.type});
}

void add_session(CLI::App& command, session_options& to) {
  add_dimensions(command, to.dimensions);
  add_engine(command, to.engine);
  add_arena_limit(command, to.most_arena_bytes);
}

std::unique_ptr<session> load_session(std::string const& path, session_options const& how) {
  check_engine(how.engine);
#if defined(INLAY_WITH_JIT)
  if (how.engine.name == "jit") return load_jit(path, how);
#endif
  return how.engine.name == "scalar" ? load_scalar(path, how) : load_interpreter(path, how);
}
