// Includes the stage that Highway computes for, as installed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/stage/highway.hpp>

static_assert(inlay::stage<inlay::highway>);

int main() {}
