// Reads what `clang++ -ftime-trace` writes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "trace.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "mistake.hpp"

namespace {

using nlohmann::json;

// Traces have events of a thread only; what Clang sums up is in threads of its own.
constexpr std::string_view total = "Total ";
constexpr double rounding = 2;  // microseconds, of the times in the file

std::string text_of(json const& object, char const* member) {
  auto const found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string detail_of(json const& event) {
  auto const arguments = event.find("args");
  if (arguments == event.end() || !arguments->is_object()) return {};
  return text_of(*arguments, "detail");
}

double number_of(json const& event, char const* member) {
  auto const found = event.find(member);
  if (found == event.end() || !found->is_number())
    throw mistake("an event has no " + std::string(member));
  return found->get<double>();
}

/// Whole events, and pairs of a begin and an end, which files have in newer versions.
std::vector<trace_event> list_events(json const& trace) {
  std::vector<trace_event> events;
  std::vector<std::size_t> open;
  for (auto const& e : trace) {
    if (!e.is_object()) throw mistake("an event is no object");
    auto const phase = text_of(e, "ph");
    auto kind = text_of(e, "name");
    if (phase == "X" && !kind.starts_with(total)) {
      events.push_back({std::move(kind), detail_of(e), number_of(e, "ts"), number_of(e, "dur")});
    } else if (phase == "b") {
      open.push_back(events.size());
      events.push_back({std::move(kind), detail_of(e), number_of(e, "ts")});
    } else if (phase == "e") {
      if (open.empty()) throw mistake("an event ends that did not begin");
      auto& begun = events[open.back()];
      begun.duration = number_of(e, "ts") - begun.start;
      open.pop_back();
    }
  }
  return events;
}

/// In the order in which they began. Of two that lasted equally long the outer one was written
/// last.
std::vector<trace_event> in_order(std::vector<trace_event> events) {
  std::vector<std::size_t> order(events.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto i, auto j) {
    auto const &a = events[i], &b = events[j];
    if (a.start != b.start) return a.start < b.start;
    return a.duration != b.duration ? a.duration > b.duration : i > j;
  });
  std::vector<trace_event> sorted;
  for (auto const i : order) sorted.push_back(std::move(events[i]));
  return sorted;
}

void find_parents(std::vector<trace_event>& events) {
  std::vector<std::size_t> around;
  for (std::size_t i = 0; i < events.size(); ++i) {
    auto& e = events[i];
    // A header begins a little before what stands in front of its #include ends.
    auto const is_around = [&](trace_event const& other) {
      return other.start + other.duration > e.start &&
             other.start + other.duration >= e.start + e.duration - rounding;
    };
    while (!around.empty() && !is_around(events[around.back()])) around.pop_back();
    e.own = e.duration;
    if (!around.empty()) {
      e.parent = around.back();
      events[e.parent].own -= e.duration;
    }
    around.push_back(i);
  }
  for (auto& e : events) e.own = std::max(e.own, 0.0);
}

}  // namespace

std::vector<trace_event> read_trace(std::filesystem::path const& path) {
  std::ifstream file(path);
  if (!file) throw mistake("cannot open '" + path.string() + "'");
  auto const trace = json::parse(file, nullptr, false);
  auto const wrong = path.string() + ": it is no trace of clang++ -ftime-trace";
  if (!trace.is_object() || !trace.contains("traceEvents")) throw mistake(wrong);
  auto const& list = trace["traceEvents"];
  if (!list.is_array()) throw mistake(wrong);
  std::vector<trace_event> events;
  try {
    events = in_order(list_events(list));
  } catch (mistake const& why) {
    throw mistake(wrong + ": " + why.what());
  }
  if (events.empty()) throw mistake(wrong + ": it has no events");
  find_parents(events);
  return events;
}
