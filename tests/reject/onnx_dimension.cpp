// expect: the model has no dimension 'n'; it has 'batch'$
// A value for a dimension that the file does not have.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"
#include "inlay/frontend/onnx/read.hpp"

// Relu of x, float32 batch x 4.
inline constexpr char file[] =
    "\x08\x08\x3a\x3d\x0a\x11\x0a\x01\x78\x12\x01\x79\x1a\x03\x61\x63\x74\x22\x04\x52"
    "\x65\x6c\x75\x12\x01\x67\x5a\x18\x0a\x01\x78\x12\x13\x0a\x11\x08\x01\x12\x0d\x0a"
    "\x07\x12\x05\x62\x61\x74\x63\x68\x0a\x02\x08\x04\x62\x0b\x0a\x01\x79\x12\x06\x0a"
    "\x04\x08\x01\x12\x00\x42\x02\x10\x0d";

inline constexpr auto net = inlay::onnx(file, {{"n", 1}});

#include "must_fail.hpp"
