// How long each step of a model takes, beside what the machine could do.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <inlay/execute/interpreter.hpp>
#include <inlay/graph/graph.hpp>
#include <inlay/program/program.hpp>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "ceiling.hpp"

/// Collects the times of the steps of many runs.
class profiler : public inlay::interpreter::step_observer {
 public:
  /// Of a program that was lowered from `g`.
  profiler(inlay::graph const& g, inlay::program const& p);
  virtual ~profiler() = default;

  void begin() override { last_ = timer::now(); }
  void end_of(std::size_t step) override;

  /// Measures what the machine can do at best, in turns with the runs: its speed changes.
  void measure_ceilings();

  /// A table to read: the steps in order.
  void print() const;
  /// The same, added to `to` as "peak_gflops" and "steps".
  void add_to(nlohmann::ordered_json& to) const;

 private:
  using timer = std::chrono::steady_clock;

  struct step_facts {
    std::string node;
    std::string operators;
    std::int64_t flop = 0;
    std::int64_t bytes_read = 0;
    std::int64_t bytes_written = 0;
    std::vector<std::int64_t> times;  // in nanoseconds
  };
  /// A step's figures: how many it does of each a second, and which share of the time it would take
  /// at best. Of the two ceilings, that binds which takes longer.
  struct step_figures {
    std::int64_t median = 0;
    double gflops = 0;
    double gigabytes = 0;
    double of_ceiling = 0;
    bool is_bound_by_memory = false;
  };
  step_figures figures_of(step_facts const& s) const;

  std::vector<step_facts> steps_;
  std::vector<double> multiply_adds_;  // a second
  copy_ceiling copies_;
  timer::time_point last_;
};
