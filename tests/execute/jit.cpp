// Models that are compiled while the program runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/execute/jit.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <inlay/frontend/onnx/read.hpp>
#include <inlay/frontend/onnx/write.hpp>
#include <inlay/inlay.hpp>
#include <inlay/pass/optimize.hpp>
#include <inlay/program/interpret-inl.hpp>
#include <inlay/program/lower.hpp>
#include <lenet.onnx.hpp>
#include <string>
#include <thread>
#include <vector>

#include "networks.hpp"

namespace {

using namespace inlay_test;
using inlay::jit::load;

constexpr string_view lenet_bytes(lenet_onnx, sizeof lenet_onnx - 1);

std::vector<float> ramp(std::int64_t count, int seed) {
  std::vector<float> x;
  for (std::int64_t i = 0; i < count; ++i) {
    x.push_back(static_cast<float>((i * 37 + seed * 11) % 256) / 255.0f - 0.25f);
  }
  return x;
}

/// What the scalar stage makes of x, the only input, for the only output.
std::vector<float> scalar_results(graph const& g, std::vector<float> const& x) {
  auto const p = lower(optimize(g));
  REQUIRE(!p.failure);
  std::vector<float> y(static_cast<std::size_t>(elements_of(p.outputs[0].type.shape)));
  void const* const inputs[] = {x.data()};
  void* const outputs[] = {y.data()};
  interpret(p, inputs, outputs);
  return y;
}

bool same_bits(any_view const& found, std::vector<float> const& wanted) {
  return found.size() == static_cast<std::int64_t>(wanted.size()) &&
         std::memcmp(found.data, wanted.data(), wanted.size() * sizeof(float)) == 0;
}

/// y = Gelu(x · w) of any number of rows.
graph rows_network() {
  builder b("rows", 20);
  auto const x = b.input("x", {float32, {b.symbol("rows"), 3}});
  auto const w = b.constant<float>("w", {3, 2}, {1.0f, -2.0f, 0.5f, 4.0f, -5.0f, 0.25f});
  auto const product = apply<op::matmul>(b, "product", {x, w});
  b.output(apply<op::gelu>(b, "gelu", {product}), "y");
  return b.finish();
}

/// Windows over an image of any extents: of convolutions, the second of each channel by itself, and
/// of poolings, by strides of 2.
graph image_windows(char const* auto_pad, int ceil_mode) {
  builder b("windows", 20);
  auto const x = b.input("x", {float32, {1, 2, b.symbol("rows"), b.symbol("columns")}});
  auto const filters = image_filters.view();
  auto const w = b.constant("w", {float32, {4, 2, 5, 5}}, filters);
  auto const each =
      b.constant("each", {float32, {4, 1, 5, 5}}, filters.substr(0, filters.size() / 2));
  std::int64_t const two[] = {2, 2};
  std::int64_t const edges[] = {1, 0, 1, 1};
  named_attribute const by_two{"strides", two};
  named_attribute const around{"auto_pad", auto_pad};
  named_attribute const pads{"pads", edges};
  named_attribute const ceil{"ceil_mode", ceil_mode};
  auto y = apply<op::conv>(b, "conv", {x, w}, {by_two, around, pads});
  y = apply<op::relu>(b, "relu", {y});
  y = apply<op::max_pool>(b, "largest", {y},
                          {{"kernel_shape", {2, 2}}, by_two, around, pads, ceil});
  y = apply<op::conv>(b, "channels", {y, each}, {by_two, around, pads, {"group", 4}});
  y = apply<op::average_pool>(
      b, "average", {y},
      {{"kernel_shape", {3, 3}}, by_two, around, pads, ceil, {"count_include_pad", 1}});
  b.output(y, "y");
  return b.finish();
}
/// The same over sequences, whose averages leave the padding out.
graph sequence_windows(char const* auto_pad, int ceil_mode) {
  builder b("windows", 20);
  auto const x = b.input("x", {float32, {1, 2, b.symbol("columns")}});
  auto const filters = image_filters.view();
  auto const w = b.constant("w", {float32, {20, 2, 5}}, filters);
  std::int64_t const two[] = {2};
  std::int64_t const edges[] = {0, 1};
  named_attribute const by_two{"strides", two};
  named_attribute const around{"auto_pad", auto_pad};
  named_attribute const pads{"pads", edges};
  named_attribute const ceil{"ceil_mode", ceil_mode};
  auto y = apply<op::conv>(b, "conv", {x, w}, {by_two, around, pads});
  y = apply<op::max_pool>(b, "largest", {y}, {{"kernel_shape", {2}}, by_two, around, pads, ceil});
  y = apply<op::average_pool>(b, "average", {y},
                              {{"kernel_shape", {3}}, by_two, around, pads, ceil});
  b.output(y, "y");
  return b.finish();
}

}  // namespace

TEST_CASE("the compiled LeNet has the bits of the scalar stage") {
  constexpr dimension_value batch[] = {{"batch", 3}};
  inlay::jit::options how;
  how.dimensions = batch;
  auto const session = load(lenet_bytes, how).value();
  CHECK(session.same_bits());
  CHECK(!session.target().empty());
  CHECK(session.needs()->steps == 3);
  auto const x = ramp(3 * 28 * 28, 1);
  auto const wanted = scalar_results(bind_dimensions(read_onnx(lenet_bytes), batch), x);
  inlay::jit::context context;
  auto const y =
      session.run(context, {{"image", view<float const>(x.data(), {3, 1, 28, 28})}}).value();
  CHECK(same_bits(y[0], wanted));
}

TEST_CASE("a compiled model takes any value of its dimensions") {
  auto const bytes = write_onnx(rows_network()).value();
  auto const session = load(string_view(bytes.data(), bytes.size())).value();
  inlay::jit::context context;
  for (std::int64_t const rows : {1, 2, 17, 5, 17}) {
    CAPTURE(rows);
    dimension_value const value[] = {{"rows", rows}};
    auto const x = ramp(rows * 3, 2);
    auto const wanted = scalar_results(bind_dimensions(rows_network(), value), x);
    auto const y = session.run(context, {{"x", view<float const>(x.data(), {rows, 3})}}).value();
    CHECK(same_bits(y[0], wanted));
  }
}

TEST_CASE("a model is compiled once for all values of its dimensions") {
  auto const session = load(lenet_bytes).value();
  CHECK(session.compiled_steps() == 0);
  inlay::jit::context context;
  for (std::int64_t const batch : {3, 2, 17, 5}) {
    CAPTURE(batch);
    dimension_value const value[] = {{"batch", batch}};
    auto const x = ramp(batch * 28 * 28, 3);
    auto const wanted = scalar_results(bind_dimensions(read_onnx(lenet_bytes), value), x);
    auto const y =
        session.run(context, {{"image", view<float const>(x.data(), {batch, 1, 28, 28})}}).value();
    CHECK(same_bits(y[0], wanted));
    CHECK(session.compiled_steps() == 3);
  }
}

TEST_CASE("windows are compiled once, whatever the extents of an image make of their padding") {
  struct padding {
    char const* auto_pad;
    int ceil_mode;
  };
  for (auto const& [auto_pad, ceil_mode] :
       {padding{"SAME_UPPER", 0}, {"SAME_LOWER", 0}, {"NOTSET", 0}, {"NOTSET", 1}}) {
    for (auto const network : {&image_windows, &sequence_windows}) {
      bool const is_image = network == &image_windows;
      auto const g = network(auto_pad, ceil_mode);
      auto const bytes = write_onnx(g).value();
      // The first extents, which are compiled, are even, odd, and one of each.
      for (std::size_t first = 0; first < 3; ++first) {
        auto const session = load(string_view(bytes.data(), bytes.size())).value();
        inlay::jit::context context;
        std::size_t compiled = 0;
        std::int64_t const sizes[][2] = {{40, 48}, {39, 33}, {46, 35},
                                         {37, 34}, {33, 42}, {36, 47}};
        for (std::size_t i = first; i < std::size(sizes); ++i) {
          auto const [rows, columns] = sizes[i];
          CAPTURE(auto_pad);
          CAPTURE(ceil_mode);
          CAPTURE(is_image);
          CAPTURE(first);
          CAPTURE(rows);
          CAPTURE(columns);
          dimension_value const values[] = {{"columns", columns}, {"rows", rows}};
          span<dimension_value const> const named(values, is_image ? 2 : 1);
          auto const extents = is_image ? shape{1, 2, rows, columns} : shape{1, 2, columns};
          auto const x = ramp(elements_of(extents), 4);
          auto const wanted = scalar_results(bind_dimensions(g, named), x);
          auto const y =
              session.run(context, {{"x", any_view(float32, extents, x.data())}}).value();
          CHECK(same_bits(y[0], wanted));
          if (i == first) compiled = session.compiled_steps();
          CHECK(session.compiled_steps() == compiled);
        }
      }
    }
  }
}

TEST_CASE("perf finds the names of compiled steps where they are asked for") {
  auto const file = "/tmp/perf-" + std::to_string(::getpid()) + ".map";
  std::filesystem::remove(file);
  auto const bytes = write_onnx(rows_network()).value();
  dimension_value const rows[] = {{"rows", 4}};
  inlay::jit::options how;
  how.dimensions = rows;
  auto const load_it = [&] { return load(string_view(bytes.data(), bytes.size()), how).value(); };
  auto const unnamed = load_it();
  CHECK(!std::filesystem::exists(file));
  how.names_code = true;
  auto const named = load_it();
  std::ifstream map(file);
  std::string address;
  std::string size;
  std::string name;
  bool const has_one = static_cast<bool>(map >> address >> size >> name);
  REQUIRE(has_one);
  CHECK(name == "inlay_0_MatMul_Gelu");
  CHECK(std::stoull(size, nullptr, 16) > 0);
  bool const has_more = static_cast<bool>(map >> address);
  CHECK(!has_more);
  std::filesystem::remove(file);
}

TEST_CASE("threads share a compiled model, each with a context") {
  auto const bytes = write_onnx(rows_network()).value();
  auto const session = load(string_view(bytes.data(), bytes.size())).value();
  std::vector<int> wrong(8, 0);
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      inlay::jit::context context;
      for (std::int64_t round = 0; round < 20; ++round) {
        auto const rows = 1 + (t + round) % 3;
        dimension_value const value[] = {{"rows", rows}};
        auto const x = ramp(rows * 3, t);
        auto const wanted = scalar_results(bind_dimensions(rows_network(), value), x);
        auto const y = session.run(context, {{"x", view<float const>(x.data(), {rows, 3})}});
        wrong[static_cast<std::size_t>(t)] += !y || !same_bits((*y)[0], wanted);
      }
    });
  }
  for (auto& t : threads) t.join();
  for (auto const count : wrong) CHECK(count == 0);
}

TEST_CASE("a compiled model refuses what the interpreter refuses") {
  auto const broken = load(string_view("no model", 8));
  REQUIRE(!broken);
  auto const same = inlay::interpreter::load(string_view("no model", 8));
  CHECK(broken.failure().text == same.failure().text);
}

TEST_CASE("a compiled model comes from the cache the second time, with the same bits") {
  std::string folder = (std::filesystem::temp_directory_path() / "inlay-jit-XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  constexpr dimension_value batch[] = {{"batch", 1}};
  inlay::jit::options how;
  how.dimensions = batch;
  how.cache = inlay::jit::cache_place::folder;
  how.cache_folder = folder;
  auto const x = ramp(28 * 28, 3);
  auto const wanted = scalar_results(bind_dimensions(read_onnx(lenet_bytes), batch), x);
  std::string written;
  for (int round = 0; round < 2; ++round) {
    auto const session = load(lenet_bytes, how).value();
    inlay::jit::context context;
    auto const y =
        session.run(context, {{"image", view<float const>(x.data(), {1, 1, 28, 28})}}).value();
    CHECK(same_bits(y[0], wanted));
    std::string files;
    for (auto const& entry : std::filesystem::directory_iterator(folder)) {
      auto const changed = std::filesystem::last_write_time(entry).time_since_epoch().count();
      files += entry.path().string() + ' ' + std::to_string(changed) + '\n';
    }
    if (round == 1) CHECK(files == written);
    written = files;
    CHECK(std::count(files.begin(), files.end(), '\n') == 1);
  }
  std::filesystem::remove_all(folder);

  how.cache_folder = "/proc/no-such-place";
  auto const refused = load(lenet_bytes, how);
  REQUIRE(!refused);
  CHECK(std::string(refused.failure().text.view()).find("the cache '/proc/no-such-place'") !=
        std::string::npos);
}

TEST_CASE("a model that is compiled later answers at once, and then with the same bits") {
  constexpr dimension_value batch[] = {{"batch", 2}};
  inlay::jit::options how;
  how.dimensions = batch;
  how.compiles_later = true;
  auto const session = load(lenet_bytes, how).value();
  auto const x = ramp(2 * 28 * 28, 5);
  auto const wanted = scalar_results(bind_dimensions(read_onnx(lenet_bytes), batch), x);
  inlay::jit::context context;
  bool const has_bits = inlay::interpreter::load(lenet_bytes).value().same_bits();
  bool is_compiled = false;
  for (int after = 0; after < 2;) {
    is_compiled = session.needs()->is_compiled;
    auto const y =
        session.run(context, {{"image", view<float const>(x.data(), {2, 1, 28, 28})}}).value();
    CHECK((same_bits(y[0], wanted) || (!is_compiled && !has_bits)));
    after += is_compiled;
  }
  CHECK(is_compiled);
  // One that is not waited for.
  static_cast<void>(load(lenet_bytes, how).value());
}
