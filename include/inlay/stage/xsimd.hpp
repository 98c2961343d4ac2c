// The stage that computes with vectors of the machine it is compiled for, through xsimd.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

// First: it says what is missing.
#include "inlay/stage/xsimd/target.hpp"
// Its parts.
#include "inlay/stage/stage.hpp"
#include "inlay/stage/xsimd/conversions.hpp"
#include "inlay/stage/xsimd/products.hpp"
#include "inlay/stage/xsimd/transpose.hpp"

INLAY_BEGIN_TARGET

/// Vectors are as long as those of the best architecture of xsimd that the compiler's flags name.
template <rounding Rounding>
struct xsimd_stage : xsimd_products, xsimd_conversions<Rounding>, xsimd_transpose {
  template <class T> using vec = xsimd_vec<T>;
  /// How many vectors the machine holds.
#if defined(__AVX512F__) || defined(__aarch64__)
  static constexpr int registers = 32;
#else
  static constexpr int registers = 16;
#endif
};

/// As fast as the machine is; `same_bits` says whether that changes a bit. Beside `using namespace
/// inlay` the library's own namespace is `::xsimd`.
using xsimd = xsimd_stage<rounding::twice>;
/// The bits of the scalar stage on every machine.
using exact_xsimd = xsimd_stage<rounding::exact>;

static_assert(stage<xsimd>);

INLAY_END_TARGET
