// Uses `net`: as a constant, which must not compile, or at run time, where it must fail with the
// same sentence.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#ifdef INLAY_AT_RUN_TIME

#include "at_run_time.hpp"

int main() { print_refusal(net()); }

#else

inlay::model<net> const model;

#endif
