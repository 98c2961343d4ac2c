// How long each step of a model takes, beside what the machine could do.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "profile.hpp"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "median.hpp"
#include "program_text.hpp"

profiler::profiler(inlay::graph const& g, inlay::program const& p) {
  for (auto const& s : p.steps) {
    auto const& what = p.structures[s.structure];
    step_facts facts;
    if (s.node < g.nodes.size()) facts.node = std::string_view(g.nodes[s.node].name);
    facts.operators = operators_of(p, what);
    facts.flop = 2 * what.multiply_adds;
    for (std::uint32_t k = 0; k < what.layouts.count; ++k) {
      if (p.locations[s.locations.first + k].where == inlay::place::nowhere) continue;
      bool const is_output = k + 1 == what.layouts.count;
      (is_output ? facts.bytes_written : facts.bytes_read) +=
          bytes_of_elements(p.layouts[what.layouts.first + k]);
    }
    steps_.push_back(std::move(facts));
  }
}

void profiler::end_of(std::size_t step) {
  auto const now = timer::now();
  steps_[step].times.push_back(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now - last_).count());
  last_ = timer::now();
}

void profiler::measure_ceilings() {
  multiply_adds_.push_back(measure_multiply_adds());
  std::vector<std::int64_t> sizes;
  for (auto const& s : steps_) sizes.push_back(s.bytes_read + s.bytes_written);
  copies_.measure_all(sizes);
}

profiler::step_figures profiler::figures_of(step_facts const& s) const {
  step_figures f;
  f.median = median_of(s.times);
  auto const seconds = 1e-9 * static_cast<double>(std::max<std::int64_t>(f.median, 1));
  auto const bytes = s.bytes_read + s.bytes_written;
  f.gflops = 1e-9 * static_cast<double>(s.flop) / seconds;
  f.gigabytes = 1e-9 * static_cast<double>(bytes) / seconds;
  auto const to_compute = static_cast<double>(s.flop) / 2 / median_of(multiply_adds_);
  auto const to_move = static_cast<double>(bytes) / copies_.bytes_a_second(bytes);
  f.is_bound_by_memory = to_move > to_compute;
  f.of_ceiling = std::max(to_move, to_compute) / seconds;
  return f;
}

void profiler::print() const {
  char line[256];
  std::snprintf(line, sizeof line, "peak     %.1f GFLOP/s\n\n", 2e-9 * median_of(multiply_adds_));
  std::cout << line;
  std::snprintf(line, sizeof line, "%4s %10s %12s %12s %12s %8s %7s %13s  ", "step", "median us",
                "FLOP", "bytes read", "written", "GFLOP/s", "GB/s", "of ceiling");
  std::cout << line << "operators\n";
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    auto const& s = steps_[i];
    auto const f = figures_of(s);
    std::snprintf(line, sizeof line, "%4zu %10.2f %12lld %12lld %12lld %8.1f %7.1f %4.0f %% %6s  ",
                  i, static_cast<double>(f.median) / 1e3, static_cast<long long>(s.flop),
                  static_cast<long long>(s.bytes_read), static_cast<long long>(s.bytes_written),
                  f.gflops, f.gigabytes, 100 * f.of_ceiling,
                  f.is_bound_by_memory ? "memory" : "peak");
    std::cout << line << s.operators;
    if (!s.node.empty()) {
      inlay::sentence name;  // without what a terminal would obey
      name << " '" << std::string_view(s.node) << "'";
      std::cout << name.view();
    }
    std::cout << '\n';
  }
}

void profiler::add_to(nlohmann::ordered_json& to) const {
  to["peak_gflops"] = 2e-9 * median_of(multiply_adds_);
  auto all = nlohmann::ordered_json::array();
  for (auto const& s : steps_) {
    auto const f = figures_of(s);
    nlohmann::ordered_json step;
    step["node"] = s.node;
    step["operators"] = s.operators;
    step["median_ns"] = f.median;
    step["flop"] = s.flop;
    step["bytes_read"] = s.bytes_read;
    step["bytes_written"] = s.bytes_written;
    step["gflops"] = f.gflops;
    step["gigabytes_a_second"] = f.gigabytes;
    step["copy_gigabytes_a_second"] = 1e-9 * copies_.bytes_a_second(s.bytes_read + s.bytes_written);
    step["of_ceiling"] = f.of_ceiling;
    step["ceiling"] = f.is_bound_by_memory ? "memory" : "peak";
    all.push_back(std::move(step));
  }
  to["steps"] = std::move(all);
}
