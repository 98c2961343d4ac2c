// Characters that copies of a graph share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/shared_text.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {
using namespace inlay;

constexpr shared_text hello() {
  shared_text text(2);
  text.data()[0] = 'h';
  text.data()[1] = 'i';
  return text;
}

constexpr bool views_outlive_the_first_owner() {
  shared_text copy;
  std::string_view view;
  {
    auto const first = hello();
    copy = first;
    view = {copy.data(), 2};
  }
  auto const moved = std::move(copy);
  return view == "hi" && !moved.empty() && copy.empty() && copy.data() == nullptr;
}
static_assert(views_outlive_the_first_owner());
static_assert(shared_text().empty());

}  // namespace

TEST_CASE("threads may copy and drop the same characters") {
  auto const text = hello();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([text] {
      for (int k = 0; k < 10'000; ++k) {
        auto copy = text;
        if (copy.data()[1] != 'i') std::abort();
      }
    });
  }
  for (auto& t : threads) t.join();
  CHECK_FALSE(text.empty());
}
