// The network, which a test compiles for a modern machine only.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <answer.hpp>

float answer_on_a_modern_machine() { return answer(); }
