// A server's loop: threads share one session, and each answers the requests that wait as one batch.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <inlay/execute/interpreter.hpp>
#include <string>
#include <thread>
#include <vector>

#include "digits.hpp"
#include "queue.hpp"

namespace {

constexpr std::size_t most_in_a_batch = 16;

struct request {
  digits::image const* image;
  int* digit;  // where the answer goes
};

/// What one thread does: it has memory of its own, and the session is everybody's.
class worker {
 public:
  worker(inlay::interpreter::session const& session, queue<request>& requests,
         std::atomic<int>& failures)
      : session_(session), requests_(requests), failures_(failures) {}

  void operator()() {
    std::vector<digits::image> batch;
    inlay::interpreter::context context;
    for (;;) {
      auto const taken = requests_.take(most_in_a_batch);
      if (taken.empty()) return;
      batch.clear();
      for (auto const& r : taken) batch.push_back(*r.image);
      // The model's first dimension has no value: each batch is as large as it happens to be.
      auto const count = static_cast<std::int64_t>(batch.size());
      inlay::view<float const> const images(batch[0].data(), {count, 1, 28, 28});
      auto const outputs = session_.run(context, {{"image", images}});
      if (!outputs) {
        failures_ += static_cast<int>(taken.size());
        continue;
      }
      auto const* probabilities = (*outputs)[0].elements<float>();
      for (auto const& r : taken) {
        *r.digit =
            static_cast<int>(std::max_element(probabilities, probabilities + 10) - probabilities);
        probabilities += 10;
      }
    }
  }

 private:
  inlay::interpreter::session const& session_;
  queue<request>& requests_;
  std::atomic<int>& failures_;
};

}  // namespace

/// server [THREADS]
int main(int count, char** arguments) {
  std::string const folder = DIGITS_FOLDER;
  auto const threads = count > 1 ? std::max(1, std::stoi(arguments[1])) : 4;
  auto const d = digits::read(folder);
  if (d.images.empty() || d.images.size() != d.labels.size()) {
    std::fprintf(stderr, "%s holds no digits\n", folder.c_str());
    return 1;
  }
  auto const session = inlay::interpreter::load((folder + "/lenet.onnx").c_str());
  if (!session) {
    auto const text = session.failure().text.view();
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
    return 1;
  }

  queue<request> requests;
  std::atomic<int> failures = 0;
  std::vector<std::thread> workers;
  for (int i = 0; i < threads; ++i) {
    workers.emplace_back(worker(*session, requests, failures));
  }
  std::vector<int> answers(d.images.size(), -1);
  for (std::size_t i = 0; i < answers.size(); ++i) requests.push({&d.images[i], &answers[i]});
  requests.close();
  for (auto& w : workers) w.join();

  int right = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) right += answers[i] == d.labels[i] ? 1 : 0;
  std::printf("accuracy %.3f over %zu requests by %d threads, %d failed\n",
              right / static_cast<double>(answers.size()), answers.size(), threads,
              failures.load());
  return failures == 0 ? 0 : 1;
}
