// Any bytes as a picture; the last ones say for what tensor.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <inlay/core/bytes.hpp>
#include <string_view>

#include "../../tools/inlay/image_file.hpp"
#include "../../tools/inlay/mistake.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) try {
  if (size < 3) return 0;
  inlay::shape s;
  if (data[size - 1] % 2 == 0) s.push_back(1);
  s.push_back(data[size - 1] / 2 % 5);
  s.push_back(data[size - 2] % 16);
  s.push_back(data[size - 3] % 16);
  auto const t = parse_image({reinterpret_cast<char const*>(data), size}, "fuzzed.png",
                             {inlay::element_type::float32, s}, {});
  for (std::size_t i = 0; i < t.elements.size() / sizeof(float); ++i) {
    auto const x = inlay::read_little_endian<float>(t.elements, i);
    if (!(x >= 0 && x <= 1)) std::abort();
  }
  return 0;
} catch (mistake const& e) {
  if (!std::string_view(e.what()).starts_with("fuzzed.png: ")) std::abort();
  return 0;
}
