// What inlay_embed writes: the bytes of the file, then one zero.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstddef>
#include <empty.bin.hpp>
#include <every-byte.bin.hpp>

// every-byte.bin counts from 0 to 255 and then from 0 to 41, which ends within a row.
static_assert(sizeof(every_byte_bin) == 298 + 1);
static_assert([] {
  for (std::size_t i = 0; i < 298; ++i) {
    if (static_cast<unsigned char>(every_byte_bin[i]) != i % 256) return false;
  }
  return every_byte_bin[298] == 0;
}());

static_assert(sizeof(empty_bin) == 1);

int main() {}
