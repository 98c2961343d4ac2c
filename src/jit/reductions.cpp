// Writers of the code of steps: reductions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/execute/jit/write_step-inl.hpp>

#include "families.hpp"

namespace inlay::inline INLAY_VERSION::jit {

writer_family const& writers_of_reductions() {
  return jit_code::family<op::reduce_l1, op::reduce_l2, op::reduce_log_sum, op::reduce_log_sum_exp,
                          op::reduce_max, op::reduce_mean, op::reduce_min, op::reduce_prod,
                          op::reduce_sum, op::reduce_sum_square>::writers();
}

}  // namespace inlay::inline INLAY_VERSION::jit
