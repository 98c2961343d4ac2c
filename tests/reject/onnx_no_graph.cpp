// expect: the file holds no graph of ONNX$
// A file without a graph.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"
#include "inlay/frontend/onnx/read.hpp"

// Relu of x, float32 batch x 4.
inline constexpr char file[] = "\x08\x08\x42\x02\x10\x0d";

inline constexpr auto net = inlay::onnx(file, {{"batch", 1}});

#include "must_fail.hpp"
