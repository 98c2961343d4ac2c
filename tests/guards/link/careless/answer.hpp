// A function that all units share whatever their flags, as no function of a network may be.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

[[gnu::noinline]] inline float answer() {
  float volatile x = 1.5F;
  return x + x;
}
