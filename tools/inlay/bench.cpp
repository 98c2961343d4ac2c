// inlay bench: how long a model takes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <inlay/core/bytes.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "command.hpp"
#include "median.hpp"
#include "options.hpp"
#include "passes.hpp"
#include "profile.hpp"
#include "session.hpp"
#include "tensor_file.hpp"

namespace {

struct bench_options {
  std::string model;
  bool json = false;
  bool profile = false;
  double seconds = 1;
  session_options session;
};

using timer = std::chrono::steady_clock;

std::int64_t nanoseconds_since(timer::time_point start) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(timer::now() - start).count();
}

/// The same numbers in every run: floats from -1 to 1, integers from 0 to 7.
std::vector<tensor> random_inputs(std::vector<port> const& ports) {
  std::mt19937 random(1);
  std::vector<tensor> inputs;
  for (auto const& p : ports) {
    if (!p.type.has_shape || inlay::has_symbol(p.type.shape)) {
      throw mistake("input '" + p.name + "' is " + text_of(p.type) +
                    ": give its dimensions values with --dim");
    }
    tensor t{p.name, p.type, {}};
    auto const count = inlay::elements_of(p.type.shape);
    inlay::with_type(p.type.element, inlay::stored_types{}, [&]<class T>(T) {
      t.elements.reserve(static_cast<std::size_t>(count) * sizeof(T));
      for (std::int64_t i = 0; i < count; ++i) {
        auto const bits = random();
        T x{};
        if constexpr (std::is_floating_point_v<T>) {
          x = static_cast<T>(static_cast<double>(bits) / 2147483648.0 - 1);
        } else if constexpr (std::is_same_v<T, bool>) {
          x = (bits & 1) != 0;
        } else {
          x = static_cast<T>(bits & 7);
        }
        inlay::write_little_endian(x, [&](char byte) { t.elements += byte; });
      }
    });
    inputs.push_back(std::move(t));
  }
  return inputs;
}

/// Of the whole process, until now.
std::int64_t peak_memory() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
#if defined(__APPLE__)
  return usage.ru_maxrss;
#else
  return std::int64_t{1024} * usage.ru_maxrss;
#endif
}

/// Of the program that the session runs: the same passes and the same lowering make the same steps.
std::unique_ptr<profiler> profile_of(bench_options const& o, session const& s) {
  if (!s.has_profile()) {
    throw misuse("--profile: the engine '" + o.session.engine.name + "' measures no steps");
  }
  auto file = load_model(o.model, o.session.dimensions);
  auto const g = optimize(std::move(file.graph));
  auto const p = lower(g);
  if (p.failure) throw mistake(sentence_of(o.model, p.failure.text.view()));
  return std::make_unique<profiler>(g, p);
}

status bench(bench_options const& o) {
  auto const start = timer::now();
  auto const loaded = load_session(o.model, o.session);
  auto& s = *loaded;
  auto const load_time = nanoseconds_since(start);

  auto const inputs = random_inputs(s.inputs());
  auto const steps = o.profile ? profile_of(o, s) : nullptr;
  s.run(inputs);  // touches all memory
  std::vector<std::int64_t> times;
  auto const first = timer::now();
  do {
    if (steps != nullptr && times.size() % 8 == 0) {
      steps->measure_ceilings();
      s.run(inputs);  // back into the caches
    }
    auto const before = timer::now();
    s.run(inputs, steps.get());
    times.push_back(nanoseconds_since(before));
  } while (times.size() < 3 || static_cast<double>(nanoseconds_since(first)) < o.seconds * 1e9);
  auto const median = median_of(times);
  auto const least = *std::min_element(times.begin(), times.end());

  if (o.json) {
    nlohmann::ordered_json out;
    out["model"] = o.model;
    out["engine"] = o.session.engine.name;
    out["threads"] = o.session.engine.threads;
    out["median_ns"] = median;
    out["min_ns"] = least;
    out["load_ns"] = load_time;
    out["peak_rss_bytes"] = peak_memory();
    if (steps != nullptr) steps->add_to(out);
    std::cout << out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  } else {
    auto const milliseconds = [](std::int64_t t) { return static_cast<double>(t) / 1e6; };
    std::cout << "model    " << o.model << "\nengine   " << o.session.engine.name << " for "
              << s.target() << ", " << o.session.engine.threads
              << (o.session.engine.threads == 1 ? " thread" : " threads") << "\nmedian   "
              << milliseconds(median) << " ms of " << times.size() << " runs\nleast    "
              << milliseconds(least) << " ms\nload     " << milliseconds(load_time)
              << " ms\nmemory   " << static_cast<double>(peak_memory()) / 1e6 << " MB at most\n";
    if (steps != nullptr) steps->print();
  }
  return status::fine;
}

}  // namespace

void add_bench(CLI::App& app, status& result) {
  auto* const command = app.add_subcommand("bench", "Measures how long a model takes");
  auto const o = std::make_shared<bench_options>();
  command->add_option("MODEL", o->model, "An ONNX file")->required();
  command->add_flag("--json", o->json, "Print the times as one JSON object");
  command->add_flag("--profile", o->profile,
                    "Measure each step, beside the multiply-adds and the copies of memory that "
                    "the machine can do at best");
  command->add_option("--seconds", o->seconds, "How long it is run, after a first time")
      ->check(CLI::Range(0.0, 86400.0))
      ->capture_default_str();
  add_session(*command, o->session);
  command->callback([o, &result] { result = bench(*o); });
}
