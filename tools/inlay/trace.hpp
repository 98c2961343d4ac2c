// What `clang++ -ftime-trace` writes: what the compiler did when, for how long.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

/// Something that the compiler did, within something else.
struct trace_event {
  static constexpr std::size_t outermost = static_cast<std::size_t>(-1);

  std::string kind;                // as Clang calls it: "InstantiateFunction", "Source", …
  std::string detail;              // a template with its arguments, a file, a variable; or nothing
  double start = 0;                // microseconds
  double duration = 0;             // microseconds
  double own = 0;                  // of these, without what is within
  std::size_t parent = outermost;  // in which it is, an index
};

/// The events of a trace, each behind the one that it is in.
/// *Errors*: a `mistake` where the file is no such trace.
std::vector<trace_event> read_trace(std::filesystem::path const& path);
