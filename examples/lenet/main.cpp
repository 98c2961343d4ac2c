// Reads handwriting: LeNet, trained and saved as ONNX, is a constant of this program.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <inlay/inlay.hpp>
#include <lenet.onnx.hpp>
#include <string>

#include "digits.hpp"

inline constexpr auto net = inlay::onnx(lenet_onnx, {{"batch", 1}});
using lenet = inlay::model<net>;

// The memory between the layers is known before the program exists.
static_assert(lenet::arena_bytes == 5'632);
static_assert(lenet::macs == 322'560);

namespace {

using digits::image;

void draw(image const& x) {
  constexpr char const* shades[] = {"  ", "░░", "▒▒", "▓▓", "██"};
  for (std::size_t row = 0; row < 28; ++row) {
    for (std::size_t column = 0; column < 28; ++column) {
      std::fputs(shades[static_cast<std::size_t>(x[row * 28 + column] * 4.0f + 0.5f)], stdout);
    }
    std::puts("");
  }
}

template <class Probabilities> int likeliest(Probabilities const& p) {
  return static_cast<int>(std::max_element(p.begin(), p.end()) - p.begin());
}

template <class Probabilities> void draw_bars(Probabilities const& p) {
  for (int digit = 0; digit < 10; ++digit) {
    std::printf("  %d  %.3f  ", digit, static_cast<double>(p[digit]));
    for (int i = 0; i < static_cast<int>(p[digit] * 40.0f + 0.5f); ++i) std::fputs("█", stdout);
    std::puts(digit == likeliest(p) ? "  ←" : "");
  }
}

}  // namespace

/// lenet [FOLDER [NUMBER]]: the folder of the digits, and which of them to draw.
int main(int count, char** arguments) {
  std::string const folder = count > 1 ? arguments[1] : DIGITS_FOLDER;
  auto const d = digits::read(folder);
  if (d.images.empty() || d.images.size() != d.labels.size()) {
    std::fprintf(stderr, "%s holds no images.idx3-ubyte with its labels.idx1-ubyte\n",
                 folder.c_str());
    return 1;
  }
  std::size_t const chosen = count > 2 ? std::stoul(arguments[2]) % d.images.size() : 0;

  lenet const model;
  lenet::context context;

  draw(d.images[chosen]);
  auto const probabilities = model(context, d.images[chosen]);
  draw_bars(probabilities);

  int right = 0;
  auto const start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < d.images.size(); ++i) {
    if (likeliest(model(context, d.images[i])) == d.labels[i]) ++right;
  }
  std::chrono::duration<double, std::micro> const time = std::chrono::steady_clock::now() - start;

  auto const images = static_cast<double>(d.images.size());
  std::printf("\naccuracy %.3f over %zu images, %.1f µs an image\n", right / images,
              d.images.size(), time.count() / images);
  std::printf("%zu bytes of arena, %zu bytes of weights, %lld multiply-adds\n", lenet::arena_bytes,
              lenet::weight_bytes, static_cast<long long>(lenet::macs));
}
