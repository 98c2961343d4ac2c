// How much memory a loaded model takes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <inlay/execute/interpreter.hpp>
#include <inlay/frontend/onnx/write.hpp>
#include <inlay/inlay.hpp>
#include <inlay/op/list.hpp>
#include <string>
#include <vector>

#include "networks.hpp"

namespace {

using namespace inlay_test;

// A sanitizer has memory of its own for each byte.
#if defined(__SANITIZE_ADDRESS__) || !defined(__linux__)
inline constexpr bool counts_memory = false;
#elif defined(__has_feature)
inline constexpr bool counts_memory = !__has_feature(address_sanitizer);
#else
inline constexpr bool counts_memory = true;
#endif

}  // namespace

TEST_CASE("the weights of a loaded file are in memory once" * doctest::skip(!counts_memory)) {
  auto const bytes_in_memory = []() -> std::int64_t {
    std::int64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages >> pages;
    return pages * ::sysconf(_SC_PAGESIZE);
  };
  REQUIRE(bytes_in_memory() > 0);
  std::string file = (std::filesystem::temp_directory_path() / "inlay-XXXXXX").string();
  auto const descriptor = ::mkstemp(file.data());
  REQUIRE(descriptor >= 0);
  {
    builder b("large", 13);
    auto const x = b.input("x", {float32, {1, 2048}});
    auto const elements = std::vector<float>(2048 * 8192, 0.5f);
    auto const w =
        b.constant("w", {2048, 8192}, span<float const>(elements.data(), elements.size()));
    b.output(apply<op::gemm>(b, "fc", {x, w}), "y");
    auto const bytes = write_onnx(b.finish()).value();
    std::ofstream(file, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  auto const before = bytes_in_memory();
  auto const session = inlay::interpreter::load(file.c_str()).value();
  auto const more = bytes_in_memory() - before;
  auto const needs = session.needs().value();
  CHECK(needs.weight_bytes == 4 * 2048 * 8192);
  CHECK(10 * more <= 13 * (needs.weight_bytes + needs.arena_bytes));
  ::close(descriptor);
  std::filesystem::remove(file);
}
