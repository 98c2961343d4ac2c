// Loads a model that is not there, through the compiler as installed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/execute/jit.hpp>

int main() {
  auto const session = inlay::jit::load("no-such-model.onnx");
  return session ? 1 : 0;
}
