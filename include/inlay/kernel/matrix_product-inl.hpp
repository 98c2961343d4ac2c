// The matrix product, batched.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "inlay/kernel/matrix_product.hpp"
#include "inlay/stage/stage.hpp"

INLAY_BEGIN_TARGET

/// *Order*: k ascending, from +0, fused; then times alpha, then plus beta · c, fused. A factor of 1
/// changes no bit.
/// *Shapes*: a […, m, k], b […, k, n], c […, m, n] or none, y […, m, n], where a batch axis that an
/// operand repeats along has a stride of 0.
template <class T, stage S>
INLAY_INLINE constexpr void run(S& s, matrix_product const& k, tensor<T const> const& a,
                                tensor<T const> const& b, tensor<T const> const& c,
                                tensor<T> const& y) {
  int const batch_axes = y.extents.size() - 2;
  auto const zero = s.template splat<T>(0);
  auto const alpha = s.template splat<T>(static_cast<T>(k.alpha));
  auto const beta = s.template splat<T>(static_cast<T>(k.beta));
  s.loop_nest(y.extents, batch_axes, [&](auto batch) {
    auto const left = s.slice(a, batch, batch_axes);
    auto const right = s.slice(b, batch, batch_axes);
    auto const added = s.slice(c, batch, batch_axes);
    auto const product = s.slice(y, batch, batch_axes);
    s.loop(product.extents[0], [&](auto i) {
      s.template loop_lanes<T>(product.extents[1], [&](auto j) {
        auto sum = s.fold(0, left.extents[1], zero, [&](auto p, auto accumulator) {
          auto const x = s.broadcast(left, i, p);
          auto const w = s.load(right, p, j);
          return s.fma(x, w, accumulator);
        });
        if (k.alpha != 1) sum = s.multiply(sum, alpha);
        if (added.data != nullptr) {
          auto const offset = s.load(added, i, j);
          sum = s.fma(beta, offset, sum);
        }
        s.store(product, i, j, sum);
      });
    });
  });
}

INLAY_END_TARGET
