// inlay explain-compile-time: what took a compiler its time, in words.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "command.hpp"
#include "print_output.hpp"
#include "template_name.hpp"
#include "trace.hpp"

namespace {

struct explain_options {
  std::string trace;
  std::size_t top = 10;
};

enum class activity { reading, templates, constants, code, other };
constexpr char const* activity_names[] = {
    "reading headers and sources", "making types and functions of templates",
    "evaluating constant expressions", "optimizing and writing code", "else"};

activity activity_of(std::string const& kind) {
  if (kind == "Source" || kind.starts_with("Parse")) return activity::reading;
  if (kind.starts_with("Evaluate") || kind.starts_with("is")) return activity::constants;
  if (kind.starts_with("Instantiate") || kind.starts_with("Check") ||
      kind == "PerformPendingInstantiations" || kind == "DeferInstantiation") {
    return activity::templates;
  }
  if (kind == "Frontend" || kind == "ExecuteCompiler") return activity::other;
  return activity::code;
}

constexpr char const* name_of_inlay = "inlay::";
constexpr char const* mangled_inlay = "5inlay";

/// What is known of an event from those around it.
struct place {
  activity what = activity::other;
  std::string file = "the source itself";  // that is read
  std::string name;                        // of the template, or of the constant's
  std::string network;                     // that it is for
  std::string part;                        // of the network
};

using times = std::map<std::string, double>;

struct summary {
  double all = 0;
  double of_activity[std::size(activity_names)]{};
  double of_inlay[std::size(activity_names)]{};
  times headers, templates, constants;
  std::map<std::string, times> networks;  // by network, by part
};

place find_place(trace_event const& e, place around) {
  auto const what = activity_of(e.kind);
  around.what = what;
  if (e.kind == "Source") around.file = e.detail;
  if (what == activity::code) {
    if (e.detail.find(mangled_inlay) != e.detail.npos) around.name = name_of_inlay;
    return around;
  }
  if (what == activity::reading || e.detail.empty()) return around;
  // An expression without a name is within something that has one.
  bool const has_name = e.detail.front() != '<' && e.detail.find("::") != e.detail.npos;
  if (has_name) around.name = e.detail;
  auto network = network_in(e.detail);
  if (!network.empty() && network != around.network) {
    around.network = std::move(network);
    around.part = "else";
  }
  auto part = part_of_network(e.detail);
  if (!around.network.empty() && !part.empty()) around.part = std::move(part);
  return around;
}

summary sum_up(std::vector<trace_event> const& events) {
  summary s;
  std::vector<place> places;
  for (auto const& e : events) {
    auto const is_outermost = e.parent == trace_event::outermost;
    places.push_back(find_place(e, is_outermost ? place{} : places[e.parent]));
    auto const& p = places.back();
    auto const index = static_cast<std::size_t>(p.what);
    auto const seconds = e.own * 1e-6;
    s.all += seconds;
    s.of_activity[index] += seconds;
    bool const is_read = p.what == activity::reading;
    if (is_of_inlay(is_read ? p.file : p.name)) s.of_inlay[index] += seconds;
    if (is_read && !p.file.empty()) s.headers[short_path(p.file)] += seconds;
    if (p.what == activity::templates) s.templates[without_arguments(p.name)] += seconds;
    if (p.what == activity::constants) s.constants[without_arguments(p.name)] += seconds;
    if (!p.network.empty()) s.networks[p.network][p.part] += seconds;
  }
  return s;
}

void print_seconds(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%10.3f  ", seconds);
  std::cout << text;
}

void print_longest(char const* title, times const& all, std::size_t top) {
  std::vector<std::pair<std::string, double>> sorted(all.begin(), all.end());
  std::erase_if(sorted, [](auto const& one) { return one.first.empty(); });
  if (sorted.empty()) return;
  std::sort(sorted.begin(), sorted.end(), [](auto const& a, auto const& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  std::cout << '\n' << title << '\n';
  for (std::size_t i = 0; i < std::min(top, sorted.size()); ++i) {
    print_seconds(sorted[i].second);
    std::cout << printable(sorted[i].first) << '\n';
  }
  if (sorted.size() <= top) return;
  double rest = 0;
  for (auto i = top; i < sorted.size(); ++i) rest += sorted[i].second;
  print_seconds(rest);
  std::cout << sorted.size() - top << " others\n";
}

void print(summary const& s, std::size_t top) {
  std::cout << "   seconds  of Inlay\n";
  print_seconds(s.all);
  double inlay = 0;
  for (auto const seconds : s.of_inlay) inlay += seconds;
  char text[32];
  std::snprintf(text, sizeof text, "%8.3f  ", inlay);
  std::cout << text << "the whole compilation\n";
  for (std::size_t i = 0; i < std::size(activity_names); ++i) {
    print_seconds(s.of_activity[i]);
    std::snprintf(text, sizeof text, "%8.3f  ", s.of_inlay[i]);
    std::cout << text << activity_names[i] << '\n';
  }
  for (auto const& [network, parts] : s.networks) {
    double seconds = 0;
    for (auto const& [part, own] : parts) seconds += own;
    std::snprintf(text, sizeof text, "%.3f", seconds);
    auto const title =
        "the network " + printable(network) + ", " + text + " s before its code is optimized";
    print_longest(title.c_str(), parts, top);
  }
  print_longest("headers and sources, without what they include", s.headers, top);
  print_longest("templates, of all arguments together, without what they need", s.templates, top);
  print_longest("what constant expressions are evaluated for", s.constants, top);
}

}  // namespace

void add_explain_compile_time(CLI::App& app, status& result) {
  auto* const command = app.add_subcommand(
      "explain-compile-time",
      "Says what took a compiler its time: headers, templates, constants and networks");
  auto const o = std::make_shared<explain_options>();
  command->add_option("TRACE", o->trace, "What clang++ -ftime-trace writes, a .json file")
      ->required();
  command->add_option("--top", o->top, "How many of each are named, the longest first")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->callback([o, &result] {
    print(sum_up(read_trace(o->trace)), o->top);
    result = status::fine;
  });
}
