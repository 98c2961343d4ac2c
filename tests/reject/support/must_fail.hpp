// Uses `net`: as a constant, which must not compile, or at run time, where it must fail with the
// same sentence.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#ifdef INLAY_AT_RUN_TIME

#include <cstdio>

int main() {
  auto const p = inlay::lower(inlay::optimize(net()));
  auto const text = p.failure.text.view();
  std::printf("%.*s\n", static_cast<int>(text.size()), text.data());
}

#else

inlay::model<net> const model;

#endif
