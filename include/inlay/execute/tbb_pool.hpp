// Threads of oneTBB (Debian's libtbb-dev); whoever includes this links TBB::tbb.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <cstddef>

#include "inlay/execute/thread_pool.hpp"

namespace inlay::inline INLAY_VERSION {

/// As many threads of oneTBB as are asked for, whoever runs calls among them, in a task arena of
/// their own. Others of TBB's threads do something else.
class tbb_pool final : public thread_pool {
 public:
  /// At least one thread.
  explicit tbb_pool(int threads) : size_(threads), arena_(threads) {}

  int size() const override { return size_; }
  void run(std::size_t count, parallel_calls const& calls) override {
    arena_.execute([&] {
      tbb::parallel_for(
          std::size_t{0}, count, [&](std::size_t i) { calls(i); }, tbb::simple_partitioner{});
    });
  }

 private:
  int size_;
  tbb::task_arena arena_;
};

}  // namespace inlay::inline INLAY_VERSION
