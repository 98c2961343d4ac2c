// Two translation units that both include Inlay: one function of each, or the plain one alone.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdio>

float answer_on_every_machine();
float answer_on_a_modern_machine();

int main(int count, char**) {
  float const plain = answer_on_every_machine();
  // With an argument the program keeps away from the unit that needs a modern machine.
  float const modern = count > 1 ? plain : answer_on_a_modern_machine();
  std::printf("%g %g\n", static_cast<double>(plain), static_cast<double>(modern));
  return plain == modern ? 0 : 1;
}
