// Any bytes as a model: read, optimized, lowered, run where that is little work, written and read
// again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "check.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const g = inlay::read_onnx({reinterpret_cast<char const*>(data), size});
  if (!g.failure) return fuzz::check(g), 0;
  auto const& e = g.failure;
  if (e.text.empty() || e.offset > static_cast<std::int64_t>(size)) std::abort();
  return 0;
}
