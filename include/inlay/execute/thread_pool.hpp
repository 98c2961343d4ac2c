// Threads that compute parts of one run at the same time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// Calls that may run at the same time: of a function with its data and a number each.
struct parallel_calls {
  void (*function)(void const* data, std::size_t number) = nullptr;
  void const* data = nullptr;

  void operator()(std::size_t number) const { function(data, number); }
};

/// The threads of a session, which several sessions may share. `tbb_pool` is one over oneTBB; a
/// program that has threads of its own implements this over them.
class thread_pool {
 public:
  /// How many calls run at the same time at most, that of the thread that waits for them among
  /// them; always the same. Steps are split into as many parts.
  virtual int size() const = 0;
  /// Makes the calls 0 to `count` - 1, in any order, and returns once all are done; what they have
  /// written can be read then. Calls throw nothing, and call no pool. Any thread may run calls
  /// while others do.
  virtual void run(std::size_t count, parallel_calls const& calls) = 0;

 protected:
  ~thread_pool() = default;
};

}  // namespace inlay::inline INLAY_VERSION
