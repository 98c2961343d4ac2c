// Reads handwriting as a small device would: all memory is there before the program runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstddef>
#include <images.idx3-ubyte.hpp>
#include <inlay/inlay.hpp>
#include <labels.idx1-ubyte.hpp>
#include <lenet.onnx.hpp>

inline constexpr auto net = inlay::onnx(lenet_onnx, {{"batch", 1}});
using lenet = inlay::model<net>;

static_assert(lenet::arena_bytes <= 8 * 1024);

// There is no heap: whoever asks for memory ends the program.
extern "C" {
void* malloc(std::size_t);
void* calloc(std::size_t, std::size_t);
void* realloc(void*, std::size_t);
void free(void*);
void* malloc(std::size_t) { __builtin_trap(); }
void* calloc(std::size_t, std::size_t) { __builtin_trap(); }
void* realloc(void*, std::size_t) { __builtin_trap(); }
void free(void*) { __builtin_trap(); }
}
void* operator new(std::size_t) { __builtin_trap(); }
void* operator new[](std::size_t) { __builtin_trap(); }
void operator delete(void*) noexcept { __builtin_trap(); }
void operator delete[](void*) noexcept { __builtin_trap(); }
void operator delete(void*, std::size_t) noexcept { __builtin_trap(); }
void operator delete[](void*, std::size_t) noexcept { __builtin_trap(); }

/// All of the machine that this program uses; on a device, the register of a serial port.
extern "C" long write(int file, void const* bytes, std::size_t count);

namespace {

constexpr std::size_t pixels = 28 * 28;
constexpr std::size_t images = 100;  // every tenth of those that there are

lenet::context context;
float image[pixels];

void put(char c) {
  if (write(1, &c, 1) != 1) __builtin_trap();
}

void put(char const* text) {
  while (*text != '\0') put(*text++);
}

void put(std::size_t number) {
  if (number >= 10) put(number / 10);
  put(static_cast<char>('0' + number % 10));
}

std::size_t likeliest(lenet::output<0> probabilities) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < 10; ++i) {
    if (probabilities[static_cast<std::int64_t>(i)] >
        probabilities[static_cast<std::int64_t>(best)]) {
      best = i;
    }
  }
  return best;
}

}  // namespace

int main() {
  lenet const model;
  std::size_t right = 0;
  for (std::size_t i = 0; i < images; ++i) {
    // The IDX files of the MNIST database: 16 bytes of header before the pixels, 8 before labels.
    for (std::size_t j = 0; j < pixels; ++j) {
      auto const pixel = static_cast<unsigned char>(images_idx3_ubyte[16 + i * 10 * pixels + j]);
      image[j] = static_cast<float>(pixel) / 255.0f;
    }
    auto const digit = likeliest(model(context, image));
    put(digit);
    if (i % 25 == 24) put('\n');
    if (digit == static_cast<unsigned char>(labels_idx1_ubyte[8 + i * 10])) ++right;
  }
  put(right);
  put(" of ");
  put(images);
  put(" right, with ");
  put(sizeof context + sizeof image);
  put(" bytes of memory\n");
}
