// --engine scalar: the reference, one element at a time, in the code that constant expressions run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstddef>
#include <cstdint>
#include <inlay/execute/interpreter/check_inputs.hpp>
#include <inlay/program/index_checks.hpp>
#include <inlay/program/interpret-inl.hpp>
#include <optional>
#include <utility>

#include "command.hpp"
#include "passes.hpp"
#include "session.hpp"

namespace {

class scalar_session : public session {
 public:
  scalar_session(std::string const& path, session_options const& how)
      : file_(load_model(path, how.dimensions)), most_arena_bytes_(how.most_arena_bytes) {
    file_.graph = optimize(std::move(file_.graph));
    auto const& g = file_.graph;
    if (g.failure) throw mistake(sentence_of(path, g.failure.text.view()), g.failure);
    std::vector<inlay::port> inputs;
    std::vector<inlay::port> outputs;
    bool is_fixed = true;
    for (auto const id : g.inputs) {
      auto const& t = g.values[id].type;
      inputs.push_back({g.values[id].name, t});
      is_fixed = is_fixed && t.has_shape && !inlay::has_symbol(t.shape);
    }
    for (auto const id : g.outputs) outputs.push_back({g.values[id].name, g.values[id].type});
    add_ports(inputs, outputs);
    ports_ = std::move(inputs);
    if (!is_fixed) return;
    for (auto const& p : ports_) extents_.push_back(p.type.shape);
    lower(g, path);
  }

  std::string target() const override { return "any machine"; }

  void prepare(std::vector<tensor> const& given) override {
    std::vector<inlay::shape> extents;
    for (auto const& t : given) extents.push_back(t.type.shape);
    if (memory_ && extents == extents_) return;
    if (auto const e = inlay::interpreter::check_extents(ports_, extents)) {
      throw mistake(std::string(e.text.view()), e);
    }
    auto bound = inlay::interpreter::bind_extents(file_.graph, extents);
    if (bound.failure) throw mistake(std::string(bound.failure.text.view()), bound.failure);
    lower(optimize(std::move(bound)), {});
    extents_ = std::move(extents);
  }

  void run(std::vector<tensor> const& given, inlay::interpreter::step_observer*) override {
    prepare(given);
    for (std::size_t i = 0; i < given.size(); ++i) from_[i] = given[i].elements.data();
    for (std::size_t i = 0; i < program_.steps.size(); ++i) {
      auto const& s = program_.steps[i];
      auto const input = [&](std::uint32_t k) {
        return memory_->read<std::int64_t>(program_.locations[s.locations.first + k]);
      };
      if (auto const e = checks_.find(i, input)) throw mistake(std::string(e.text.view()), e);
      inlay::scalar_interpreter<inlay::heap_memory>::run_step(program_, s, *memory_);
    }
  }

  std::vector<tensor> results() const override { return results_; }

 private:
  void lower(inlay::graph g, std::string const& path) {
    inlay::lower_options how;
    how.most_arena_bytes = most_arena_bytes_;
    checks_ = inlay::index_checks(g);
    program_ = ::lower(std::move(g), how);
    if (program_.failure) {
      std::string const why(program_.failure.text.view());
      throw mistake(path.empty() ? why : sentence_of(path, why), program_.failure);
    }
    checks_.find_steps<inlay::graph>(program_);
    results_.clear();
    for (auto const& p : program_.outputs) {
      auto const bytes = inlay::bytes_of(p.type.element, inlay::elements_of(p.type.shape));
      results_.push_back(
          {std::string(p.name), p.type, std::string(static_cast<std::size_t>(bytes), '\0')});
    }
    to_.clear();
    for (auto& t : results_) to_.push_back(t.elements.data());
    from_.assign(program_.inputs.size(), nullptr);
    memory_.emplace(program_, inlay::span<void const* const>(from_.data(), from_.size()),
                    inlay::span<void* const>(to_.data(), to_.size()));
  }

  inlay::onnx_file file_;  // whose graph is optimized
  std::int64_t most_arena_bytes_;
  std::vector<inlay::port> ports_;
  std::vector<inlay::shape> extents_;  // that the program is for
  inlay::program program_;
  inlay::index_checks checks_;
  std::vector<tensor> results_;
  std::vector<void const*> from_;
  std::vector<void*> to_;
  std::optional<inlay::heap_memory> memory_;
};

}  // namespace

std::unique_ptr<session> load_scalar(std::string const& path, session_options const& how) {
  return std::make_unique<scalar_session>(path, how);
}
