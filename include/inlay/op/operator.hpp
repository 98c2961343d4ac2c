// What operators and their kernels are written with: what the header of a program's own includes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/config.hpp"
#include "inlay/kernel/math-inl.hpp"
#include "inlay/kernel/results-inl.hpp"
#include "inlay/op/elementwise.hpp"
#include "inlay/op/view.hpp"
#include "inlay/stage/stage.hpp"

namespace inlay::inline INLAY_VERSION {

/// Operators, in the order of their numbers. A program's own are those of
/// `inlay::user_operators`, which the header that INLAY_USER_OPERATORS names defines.
template <class... Operator> struct operator_list {};

}  // namespace inlay::inline INLAY_VERSION
