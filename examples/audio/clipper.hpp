// A diode clipper as a recurrent network, one sample after the other.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <clipper.safetensors.hpp>
#include <cstddef>
#include <cstdint>
#include <inlay/frontend/expr.hpp>
#include <inlay/frontend/safetensors.hpp>
#include <inlay/inlay.hpp>
#include <span>

/// One step: a sample and the state before it make the sample that comes out and the state behind.
inline constexpr auto one_step =
    inlay::network([](inlay::input<float, 1, 1, 1> sample, inlay::input<float, 1, 1, 8> state) {
      auto const next = gru<8>(sample, "gru", state);
      auto const wet = dense<1>(next, "output");
      return inlay::pack{wet + sample * parameter(sample, "dry", {1}), next};
    });

// The weights are part of the program, too.
inline constexpr auto trained = one_step.with(
    [] { return inlay::read_safetensors({clipper_safetensors, sizeof clipper_safetensors - 1}); });

/// What an audio callback calls with each block. The state stays from one block to the next.
class clipper {
  using network = inlay::model<trained>;

 public:
  /// `out` has as many samples as `in`, and may be the same. Neither allocates nor waits.
  void operator()(std::span<float const> in, std::span<float> out) noexcept {
    network const model;
    for (std::size_t i = 0; i < in.size(); ++i) {
      float const sample[] = {in[i]};
      auto const [clipped, next] = model(context_, sample, state_);
      out[i] = clipped[0];
      for (std::int64_t k = 0; k < 8; ++k) state_[k] = next[k];
    }
  }

  static constexpr auto multiply_adds = network::macs;
  static constexpr auto weight_bytes = network::weight_bytes;

 private:
  network::context context_;
  float state_[8]{};
};
