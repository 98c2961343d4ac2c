// Requests that wait for an answer, in the order in which they came.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

/// Threads push and take at the same time.
template <class Request> class queue {
 public:
  void push(Request request) {
    {
      std::lock_guard const lock(mutex_);
      waiting_.push_back(request);
    }
    has_some_.notify_one();
  }
  /// No more will come.
  void close() {
    {
      std::lock_guard const lock(mutex_);
      is_closed_ = true;
    }
    has_some_.notify_all();
  }
  /// What waits, at most so many, as soon as something does; nothing once it is closed and empty.
  std::vector<Request> take(std::size_t most) {
    std::unique_lock lock(mutex_);
    has_some_.wait(lock, [&] { return is_closed_ || !waiting_.empty(); });
    auto const count = static_cast<std::ptrdiff_t>(std::min(most, waiting_.size()));
    std::vector<Request> taken(waiting_.begin(), waiting_.begin() + count);
    waiting_.erase(waiting_.begin(), waiting_.begin() + count);
    return taken;
  }

 private:
  std::mutex mutex_;
  std::condition_variable has_some_;
  std::deque<Request> waiting_;
  bool is_closed_ = false;
};
