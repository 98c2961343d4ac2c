// Sessions that many threads share, and runs that many threads compute.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/execute/thread_pool.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <inlay/execute/interpreter.hpp>
#include <inlay/frontend/onnx/read.hpp>
#include <inlay/frontend/onnx/write.hpp>
#include <inlay/inlay.hpp>
#include <lenet.onnx.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#if defined(INLAY_WITH_TBB)
#include <inlay/execute/tbb_pool.hpp>
#endif
#if defined(INLAY_WITH_JIT)
#include <inlay/execute/jit.hpp>
#endif

namespace {

using namespace inlay;
using inlay::interpreter::context;
using inlay::interpreter::session;

constexpr string_view lenet_bytes(lenet_onnx, sizeof lenet_onnx - 1);
constexpr auto float32 = element_type::float32;

/// A pool without threads of its own: each run starts them.
class new_threads final : public thread_pool {
 public:
  explicit new_threads(int size) : size_(size) {}
  int size() const override { return size_; }
  void run(std::size_t count, parallel_calls const& calls) override {
    ++runs;
    std::atomic<std::size_t> next = 0;
    auto const work = [&] {
      for (auto i = next++; i < count; i = next++) calls(i);
    };
    std::vector<std::thread> others;
    for (int i = 1; i < size_ && i < static_cast<int>(count); ++i) others.emplace_back(work);
    work();
    for (auto& other : others) other.join();
  }
  std::atomic<int> runs = 0;

 private:
  int size_;
};

std::vector<float> ramp(std::int64_t count) {
  std::vector<float> x;
  for (std::int64_t i = 0; i < count; ++i) {
    x.push_back(static_cast<float>(i * 37 % 256) / 255.0f - 0.25f);
  }
  return x;
}

/// Bytes that graphs have views of.
string_view kept(std::string bytes) {
  static std::deque<std::string> all;
  all.push_back(std::move(bytes));
  return {all.back().data(), all.back().size()};
}

/// A block of BERT: attention of two heads and a gelu between two products, each added to what it
/// is computed from and normalized. x [1, 24, 32], as `builder` makes an ONNX file of it.
std::string attention_block() {
  builder b("block", 20);
  auto const x = b.input("image", {float32, {1, 24, 32}});
  std::int64_t seed = 0;
  auto const weight = [&](shape const& s) {
    auto const count = elements_of(s);
    std::string bytes(static_cast<std::size_t>(4 * count), '\0');
    for (std::int64_t i = 0; i < count; ++i) {
      auto const w = static_cast<float>((i * 29 + ++seed * 13) % 101 - 50) / 200.0f;
      std::memcpy(bytes.data() + 4 * i, &w, 4);
    }
    return b.constant("", {float32, s}, kept(std::move(bytes)));
  };
  auto const integers = [&](std::initializer_list<std::int64_t> list) {
    std::string bytes(reinterpret_cast<char const*>(list.begin()), 8 * list.size());
    shape const s{static_cast<std::int64_t>(list.size())};
    return b.constant("", {element_type::int64, s}, kept(std::move(bytes)));
  };
  auto const product = [&](value_id a, std::int64_t rows, std::int64_t columns) {
    auto const y = apply<op::matmul>(b, "", {a, weight({rows, columns})});
    return apply<op::add>(b, "", {y, weight({columns})});
  };
  auto const head = [&](std::initializer_list<std::int64_t> order) {
    auto const y = apply<op::reshape>(b, "", {product(x, 32, 32), integers({1, 24, 2, 16})});
    return apply<op::transpose>(b, "", {y}, {{"perm", order}});
  };
  auto const normal = [&](value_id a, value_id c) {
    auto const sum = apply<op::add>(b, "", {a, c});
    return apply<op::layer_norm>(b, "", {sum, weight({32}), weight({32})});
  };
  auto const scores = apply<op::matmul>(b, "", {head({0, 2, 1, 3}), head({0, 2, 3, 1})});
  auto const shares = apply<op::softmax>(b, "", {scores});
  auto y = apply<op::matmul>(b, "", {shares, head({0, 2, 1, 3})});
  y = apply<op::transpose>(b, "", {y}, {{"perm", {0, 2, 1, 3}}});
  y = apply<op::reshape>(b, "", {y, integers({1, 24, 32})});
  y = normal(product(y, 32, 32), x);
  auto const wide = apply<op::gelu>(b, "", {product(y, 32, 128)});
  b.output(normal(product(wide, 128, 32), y), "y");
  auto const bytes = write_onnx(b.finish()).value();
  return std::string(bytes.data(), bytes.size());
}

struct model {
  string_view bytes;
  shape extents;
  span<dimension_value const> dimensions = {};
};
constexpr dimension_value one_image[] = {{"batch", 1}};
constexpr model lenet{lenet_bytes, {1, 1, 28, 28}, one_image};

std::vector<model> const& models() {
  static std::vector<model> const all{lenet, {kept(attention_block()), {1, 24, 32}}};
  return all;
}

template <class Options>
Options options_for(model const& m, thread_pool* threads, std::int64_t least_work) {
  Options how;
  how.dimensions = m.dimensions;
  how.threads = threads;
  how.least_work_of_part = least_work;
  return how;
}

/// The bytes of the first output for an input of these extents.
std::string results_of(session const& s, context& memory, shape const& extents) {
  auto const x = ramp(elements_of(extents));
  auto const y = s.run(memory, {{"image", view<float const>(x.data(), extents)}}).value();
  return {static_cast<char const*>(y[0].data), static_cast<std::size_t>(y[0].bytes())};
}

/// Checks the bits of a model on pools of several sizes, against those without a pool.
/// `load(model, threads, least work)` makes a session.
template <class Load> void check_bits(Load const& load) {
  for (auto const& m : models()) {
    context memory;
    auto const expected = results_of(load(m, nullptr, 0), memory, m.extents);
    for (int const size : {1, 2, 3, 8}) {
      CAPTURE(size);
      new_threads threads(size);
      auto const session = load(m, &threads, 0);
      bool const is_same = results_of(session, memory, m.extents) == expected;
      CHECK(is_same);
      CHECK((threads.runs > 0) == (size > 1));
    }
#if defined(INLAY_WITH_TBB)
    tbb_pool threads(2);
    bool const is_same = results_of(load(m, &threads, 0), memory, m.extents) == expected;
    CHECK(is_same);
#endif
  }
}

/// Has eight threads run a session at the same time, each in a context of its own.
void check_shared(session const& session, model const& m, std::string const& expected) {
  std::atomic<int> wrong = 0;
  std::vector<std::thread> users;
  for (int i = 0; i < 8; ++i) {
    users.emplace_back([&] {
      context memory;
      for (int run = 0; run < 3; ++run) {
        if (results_of(session, memory, m.extents) != expected) ++wrong;
      }
    });
  }
  for (auto& user : users) user.join();
  CHECK(wrong == 0);
}

auto const load_interpreter = [](model const& m, thread_pool* threads, std::int64_t least) {
  auto const how = options_for<inlay::interpreter::options>(m, threads, least);
  return inlay::interpreter::load(m.bytes, how).value();
};

}  // namespace

TEST_CASE("threads: the interpreter has the same bits with any number of threads") {
  check_bits(load_interpreter);
}

TEST_CASE("threads: eight threads share a session of the interpreter, and a pool") {
  for (auto const& m : models()) {
    context memory;
    auto const expected = results_of(load_interpreter(m, nullptr, 0), memory, m.extents);
    check_shared(load_interpreter(m, nullptr, 0), m, expected);
    new_threads threads(2);
    check_shared(load_interpreter(m, &threads, 0), m, expected);
#if defined(INLAY_WITH_TBB)
    tbb_pool pool(2);
    check_shared(load_interpreter(m, &pool, 0), m, expected);
#endif
  }
}

TEST_CASE("threads: what has little to do stays in its thread") {
  new_threads threads(2);
  auto const session = load_interpreter(lenet, &threads, least_work_of_part);
  context memory;
  results_of(session, memory, {1, 1, 28, 28});
  CHECK(threads.runs == 0);
}

TEST_CASE("threads: an observer is told of each step once, however many parts it has") {
  struct counter final : inlay::interpreter::step_observer {
    void begin() override {}
    void end_of(std::size_t step) override {
      CHECK(step == steps);
      ++steps;
    }
    std::size_t steps = 0;
  } observed;
  new_threads threads(3);
  auto const split = load_interpreter(lenet, &threads, 0);
  auto const x = ramp(28 * 28);
  inlay::interpreter::named_view const inputs[] = {
      {"image", view<float const>(x.data(), {1, 1, 28, 28})}};
  context memory;
  REQUIRE(split.run(memory, inputs, &observed));
  CHECK(observed.steps == split.needs()->steps);
  CHECK(observed.steps == load_interpreter(lenet, nullptr, 0).needs()->steps);
}

TEST_CASE("threads: an index that is out of range is found in whatever part it is") {
  builder b("gather", 20);
  auto const x = b.input("x", {float32, {1, 5, 4}});
  auto const n = b.input("n", {element_type::int64, {6}});
  b.output(apply<op::gather>(b, "rows", {x, n}, {{"axis", 1}}), "y");
  auto const bytes = write_onnx(b.finish()).value();
  new_threads threads(3);
  auto const session = load_interpreter({{bytes.data(), bytes.size()}, {}}, &threads, 0);
  auto const data = ramp(20);
  std::int64_t indices[] = {0, 1, 2, 3, 4, -5};
  auto const run = [&](context& memory) {
    return session.run(memory, {{"x", view<float const>(data.data(), {1, 5, 4})},
                                {"n", view<std::int64_t const>(indices, {6})}});
  };
  context memory;
  auto const y = run(memory);
  REQUIRE(y);
  CHECK(threads.runs == 1);
  for (std::size_t i = 0; i < 24; ++i) {
    auto const row = static_cast<std::size_t>((indices[i / 4] + 5) % 5);
    CHECK((*y)[0].elements<float>()[i] == data[4 * row + i % 4]);
  }
  indices[5] = 5;
  auto const wrong = run(memory);
  REQUIRE(!wrong);
  CHECK(std::string(wrong.failure().text.view()).find("'rows'") != std::string::npos);
  CHECK(threads.runs == 1);
}

#if defined(INLAY_WITH_JIT)
namespace {
auto const load_jit = [](model const& m, thread_pool* threads, std::int64_t least) {
  auto const how = options_for<inlay::jit::options>(m, threads, least);
  return inlay::jit::load(m.bytes, how).value();
};
auto const load_jit_later = [](model const& m, thread_pool* threads, std::int64_t least) {
  auto how = options_for<inlay::jit::options>(m, threads, least);
  how.compiles_later = true;
  return inlay::jit::load(m.bytes, how).value();
};
}  // namespace

TEST_CASE("threads: compiled code has the same bits with any number of threads") {
  check_bits(load_jit);
}

TEST_CASE("threads: eight threads share a session while its steps are compiled") {
  for (auto const& m : models()) {
    context memory;
    auto const expected = results_of(load_interpreter(m, nullptr, 0), memory, m.extents);
    if (!load_interpreter(m, nullptr, 0).same_bits()) return;
    new_threads threads(2);
    auto const later = load_jit_later(m, &threads, 0);
    check_shared(later, m, expected);
    while (!later.needs()->is_compiled) std::this_thread::yield();
    check_shared(later, m, expected);
  }
}
#endif
