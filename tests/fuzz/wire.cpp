// Any bytes as messages within messages, every field read in every way.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "inlay/frontend/onnx/wire.hpp"

namespace {

using inlay::onnx_format::message;

std::uint64_t sum = 0;

/// The first bits of the file choose how its fields are read, so that each way comes to its end.
void read(message m, unsigned ways) {
  while (m.next()) {
    sum += m.number();
    switch (ways & 7) {
      case 0: sum += static_cast<std::uint64_t>(m.integer()); break;
      case 1: sum += m.bytes().size(); break;
      case 2: sum += m.real() > 0 ? 1 : 0; break;
      case 3: sum += m.fixed(4).size() + m.fixed(8).size(); break;
      case 4: m.each_integer([](std::int64_t x) { sum += static_cast<std::uint64_t>(x); }); break;
      default: read({m, "a message"}, ways >> 3 | ways << 13); break;
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size < 2) return 0;
  std::string_view const file(reinterpret_cast<char const*>(data) + 2, size - 2);
  inlay::error failure;
  read({{file, &failure}, file, "the file"}, data[0] | static_cast<unsigned>(data[1]) << 8);
  if (!failure) return 0;
  bool const is_placed =
      failure.offset >= 0 && failure.offset <= static_cast<std::int64_t>(file.size());
  if (failure.text.empty() || !is_placed) std::abort();
  return 0;
}
