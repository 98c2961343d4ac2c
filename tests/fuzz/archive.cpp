// Any bytes as a .npz file: every array that it lists is read.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../../tools/inlay/mistake.hpp"
#include "../../tools/inlay/tensor_file.hpp"

namespace {

void expect_sentence(mistake const& e) {
  if (!std::string_view(e.what()).starts_with("fuzzed.npz: ")) std::abort();
}

void read(npz_file const& file, std::string const& name) try {
  auto const t = file.read(name);
  if (t.name != name) std::abort();
} catch (mistake const& e) {
  expect_sentence(e);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) try {
  npz_file const file({reinterpret_cast<char const*>(data), size}, "fuzzed.npz");
  for (auto const& name : file.names()) {
    if (!file.contains(name)) std::abort();
    read(file, name);
  }
  return 0;
} catch (mistake const& e) {
  expect_sentence(e);
  return 0;
}
