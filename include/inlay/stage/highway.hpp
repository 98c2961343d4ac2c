// The stage that computes with vectors of the machine it is compiled for, through Highway.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

// First: it must come before Highway.
#include "inlay/stage/highway/target.hpp"
// Its parts.
#include "inlay/stage/highway/conversions.hpp"
#include "inlay/stage/highway/numbers.hpp"
#include "inlay/stage/highway/products.hpp"
#include "inlay/stage/highway/transpose.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// Vectors are as long as the machine's.
template <rounding Rounding>
struct highway_stage : highway_products,
                       highway_conversions,
                       highway_numbers<Rounding>,
                       highway_transpose {
  template <class T> using vec = hn::Vec<highway_tag<T>>;
  /// How many vectors the machine holds.
#if (HWY_ARCH_X86 && HWY_STATIC_TARGET <= HWY_AVX3) || HWY_ARCH_ARM_A64 || HWY_ARCH_PPC
  static constexpr int registers = 32;
#else
  static constexpr int registers = 16;
#endif
};

/// As fast as the machine is; `same_bits` says whether that changes a bit.
using highway = highway_stage<rounding::twice>;
/// The bits of the scalar stage on every machine.
using exact_highway = highway_stage<rounding::exact>;

static_assert(stage<highway>);

INLAY_END_TARGET
