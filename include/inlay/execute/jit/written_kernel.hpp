// Kernels while their code is written, which may not know how much padding there is.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <vector>

#include "inlay/kernel/convolution.hpp"
#include "inlay/kernel/pooling.hpp"
#include "inlay/kernel/window.hpp"
#include "inlay/stage/emitting.hpp"

namespace inlay::inline INLAY_VERSION::jit {

/// A kernel with these parameters, which are numbers or what the code reads from each call.
template <class Kernel>
Kernel const& kernel_in_code(Kernel const& k, std::vector<emitted_index> const&) {
  return k;
}
inline auto kernel_in_code(convolution const& k, std::vector<emitted_index> const& words) {
  return with_pads(k, words[pad_words[0]], words[pad_words[1]]);
}
inline auto kernel_in_code(max_pooling const& k, std::vector<emitted_index> const& words) {
  return max_pooling_along<emitted_index>{with_pad(k.rows, words[pad_words[0]]),
                                          with_pad(k.columns, words[pad_words[1]])};
}
inline auto kernel_in_code(average_pooling const& k, std::vector<emitted_index> const& words) {
  return average_pooling_along<emitted_index>{
      with_pad(k.rows, words[pad_words[0]]), with_pad(k.columns, words[pad_words[1]]),
      k.counts_padding, words[pad_words_behind[0]], words[pad_words_behind[1]]};
}

}  // namespace inlay::inline INLAY_VERSION::jit
