// Networks as expressions: everything that `inlay::network` takes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/frontend/expr/apply.hpp"
#include "inlay/frontend/expr/attention.hpp"
#include "inlay/frontend/expr/einsum.hpp"
#include "inlay/frontend/expr/elementwise.hpp"
#include "inlay/frontend/expr/layers.hpp"
#include "inlay/frontend/expr/network.hpp"
#include "inlay/frontend/expr/operators.hpp"
#include "inlay/frontend/expr/recurrent.hpp"
#include "inlay/frontend/expr/tensor.hpp"
#include "inlay/frontend/expr/weights.hpp"
#include "inlay/frontend/expr/window.hpp"
