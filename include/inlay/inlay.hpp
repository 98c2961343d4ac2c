// Everything that a program with a network inside includes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/view.hpp"
#include "inlay/execute/model.hpp"
#include "inlay/frontend/onnx/read.hpp"
