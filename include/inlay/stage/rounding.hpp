// What stages do whose machine has no fused multiply-add.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/core/config.hpp"

INLAY_BEGIN_TARGET

/// How `fma` is computed by a machine that has no such instruction: `exact` asks the C library,
/// lane by lane; `twice` rounds the product and the sum.
enum class rounding { exact, twice };

INLAY_END_TARGET
