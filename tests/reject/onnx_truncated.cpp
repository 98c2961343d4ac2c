// expect: the file is cut off at byte 30: field 7 of the model has 61 bytes, 26 are left$
// A file that is cut off.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "build.hpp"
#include "inlay/frontend/onnx/read.hpp"

// Relu of x, float32 batch x 4.
inline constexpr char file[] =
    "\x08\x08\x3a\x3d\x0a\x11\x0a\x01\x78\x12\x01\x79\x1a\x03\x61\x63\x74\x22\x04\x52"
    "\x65\x6c\x75\x12\x01\x67\x5a\x18\x0a\x01";

inline constexpr auto net = inlay::onnx(file, {{"batch", 1}});

#include "must_fail.hpp"
