// Mathematical functions through the machine's vectors: the bits of the scalar stage.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../stage/machine_stage.hpp"

#include <doctest/doctest.h>

#include "../stage/stage_checks.hpp"
#include "inlay/kernel/error_function-inl.hpp"
#include "inlay/kernel/logarithm-inl.hpp"
#include "inlay/kernel/math-inl.hpp"
#include "inlay/kernel/power-inl.hpp"
#include "inlay/kernel/sigmoid-inl.hpp"
#include "inlay/kernel/trigonometry-inl.hpp"

namespace {
using namespace inlay_test;

struct functions : stage_checks<exact_machine> {
  template <class T> static void run() {
    for (auto const& x : {any_numbers<T>(samples), small_numbers<T>(samples, 12)}) {
      check<T, T>("exp", [](auto& s, auto const& a) { return inlay::exp<T>(s, a); }, x);
      check<T, T>("sin", [](auto& s, auto const& a) { return inlay::sin<T>(s, a); }, x);
      check<T, T>("cos", [](auto& s, auto const& a) { return inlay::cos<T>(s, a); }, x);
      check<T, T>("log", [](auto& s, auto const& a) { return inlay::log<T>(s, a); }, x);
      check<T, T>("tanh", [](auto& s, auto const& a) { return inlay::tanh<T>(s, a); }, x);
      check<T, T>("sigmoid", [](auto& s, auto const& a) { return sigmoid<T>(s, a); }, x);
      check<T, T>("softplus", [](auto& s, auto const& a) { return softplus<T>(s, a); }, x);
      check<T, T>("erf", [](auto& s, auto const& a) { return inlay::erf<T>(s, a); }, x);
      check<T, T>("gelu", [](auto& s, auto const& a) { return gelu<T>(s, a); }, x);
      check<T, T>("gelu_by_tanh", [](auto& s, auto const& a) { return gelu_by_tanh<T>(s, a); }, x);
      auto const of_negative = [](auto& s, auto const& a) {
        auto const magnitude = s.abs(a);
        auto const negative = s.negate(magnitude);
        return exp_less_one<T>(s, negative);
      };
      check<T, T>("exp_less_one", of_negative, x);
      powers<T>(x, small_numbers<T>(samples - 1, 40));
      powers<T>(x, x);
    }
  }
  template <class T> static void run_integers() {
    powers<T>(any_numbers<T>(samples), any_numbers<T>(samples));
  }

 private:
  template <class T> static void powers(std::vector<T> const& x, std::vector<T> const& y) {
    check<T, T>(
        "pow", [](auto& s, auto const& a, auto const& b) { return inlay::pow<T>(s, a, b); }, x, y);
  }
};

}  // namespace

TEST_CASE("functions through the machine's vectors have the bits of the scalar one") {
  functions::run<float>();
  functions::run<double>();
  functions::run_integers<std::int32_t>();
  functions::run_integers<std::int64_t>();
}
