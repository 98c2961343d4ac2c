// expect: 'word' \(Gather\): the indices \(input 1\) are float32, where int64 or int32 is expected$
// An embedding of numbers that are no indices.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/expr.hpp>

inline constexpr auto net =
    inlay::network([](inlay::input<float, 1, 16> x) { return embedding<1000, 64>(x, "word"); });

#include "must_fail_recording.hpp"
