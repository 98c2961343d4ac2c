// Any bytes as a .npy file: read, written and read again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "../../tools/inlay/mistake.hpp"
#include "../../tools/inlay/tensor_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) try {
  auto const t = parse_npy({reinterpret_cast<char const*>(data), size}, "fuzzed.npy");
  auto const again = parse_npy(format_npy(t), "written.npy");
  if (!(again.type == t.type) || again.elements != t.elements) std::abort();
  return 0;
} catch (mistake const& e) {
  // What was read can be written and read again.
  if (!std::string_view(e.what()).starts_with("fuzzed.npy: ")) std::abort();
  return 0;
}
