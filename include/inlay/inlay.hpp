// What every program with a network inside includes. Where the network comes from is included with
// it: a header that inlay_embed writes brings the reader of ONNX files.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/view.hpp"
#include "inlay/execute/model.hpp"
#include "inlay/graph/builder.hpp"
