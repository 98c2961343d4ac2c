// Loads a model that is not there, through the interpreter as installed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdio>
#include <inlay/execute/interpreter.hpp>

int main() {
  auto const session = inlay::interpreter::load("no-such-model.onnx");
  std::printf("%.*s\n", static_cast<int>(session.failure().text.view().size()),
              session.failure().text.view().data());
  return session ? 1 : 0;
}
