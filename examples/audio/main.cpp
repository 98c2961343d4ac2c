// Sends a sound through a recurrent network, block by block, as an audio callback does.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "clipper.hpp"
#include "real_time.hpp"
#include "wav.hpp"

namespace {

constexpr std::size_t block_size = 64;

/// What a host of plug-ins does: a block at a time.
void process(clipper& device, std::span<float const> in, std::span<float> out) noexcept {
  for (std::size_t at = 0; at < in.size(); at += block_size) {
    auto const size = std::min(block_size, in.size() - at);
    device(in.subspan(at, size), out.subspan(at, size));
  }
}

/// The power of what differs, beside that of what is expected.
double error_in_decibels(std::span<float const> got, std::span<float const> expected) {
  double difference = 0;
  double power = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    auto const wanted = static_cast<double>(expected[i]);
    difference += std::pow(static_cast<double>(got[i]) - wanted, 2);
    power += wanted * wanted;
  }
  return 10 * std::log10(difference / power);
}

std::optional<wav::sound> read(std::string const& path) {
  auto read = wav::read(path);
  if (!read.value) std::fprintf(stderr, "%s: %s\n", path.c_str(), read.mistake.c_str());
  return std::move(read.value);
}

/// Says what `process` asks of the machine, with the first blocks of the sound; whether that is
/// nothing.
bool is_safe(std::span<float const> sound) {
  auto const in = sound.first(std::min(sound.size(), 64 * block_size));
  std::vector<float> out(in.size());
  clipper device;
  auto const before = allocations;
  process(device, in, out);
  auto const count = allocations - before;
  auto const use = find_kernel_use([&] { process(device, in, out); });
  std::printf("%ld allocations, %s\n", count,
              use == kernel_use::none   ? "no call of the kernel"
              : use == kernel_use::some ? "the kernel was called"
                                        : "calls of the kernel cannot be looked at here");
  return count == 0 && use != kernel_use::some;
}

}  // namespace

/// audio [IN.wav OUT.wav [EXPECTED.wav]]
int main(int count, char** arguments) {
  std::string const folder = AUDIO_FOLDER;
  auto const in = read(count > 1 ? arguments[1] : folder + "/plucked.wav");
  if (!in) return 1;

  wav::sound out{in->rate, in->is_float, std::vector<float>(in->samples.size())};
  clipper device;
  auto const start = std::chrono::steady_clock::now();
  process(device, in->samples, out.samples);
  std::chrono::duration<double> const time = std::chrono::steady_clock::now() - start;
  auto const samples = static_cast<double>(in->samples.size());
  std::printf("%.0f samples: %.3f µs each, %.2f %% of real time at %u Hz\n", samples,
              1e6 * time.count() / samples, 100 * time.count() * in->rate / samples, in->rate);
  std::printf("%lld multiply-adds a sample, %zu bytes of weights, %zu bytes of state and memory\n",
              static_cast<long long>(clipper::multiply_adds), clipper::weight_bytes,
              sizeof(clipper));
  if (!is_safe(in->samples)) return 1;

  std::string const where = count > 2 ? arguments[2] : "audio.wav";
  if (!wav::write(where, out)) {
    std::fprintf(stderr, "%s cannot be written\n", where.c_str());
    return 1;
  }
  if (count > 1 && count < 4) return 0;
  auto const expected = read(count > 3 ? arguments[3] : folder + "/clipped.wav");
  if (!expected) return 1;
  if (expected->samples.size() != out.samples.size()) {
    std::fprintf(stderr, "the expected sound has another length\n");
    return 1;
  }
  std::printf("error %.1f dB\n", error_in_decibels(out.samples, expected->samples));
}
