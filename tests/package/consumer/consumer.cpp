// Includes Inlay as installed, and a file that was embedded: this one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <consumer.cpp.hpp>
#include <inlay/inlay.hpp>

static_assert(INLAY_VERSION_MAJOR == 0 && INLAY_VERSION_MINOR == 1);
static_assert(consumer_cpp[0] == '/' && consumer_cpp[2] == ' ');

int main() {}
