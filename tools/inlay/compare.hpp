// Whether a tensor is what was expected.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "tensor_file.hpp"

/// What is wrong with a result, where and by how much; empty where nothing is. Floats may be away
/// by 1e-7 and 1e-3 of what is expected, as in ONNX's own runner; NaN equals NaN. Others are equal
/// or wrong.
std::string compare(tensor const& actual, tensor const& expected);
