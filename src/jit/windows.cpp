// Writers of the code of steps: windows.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/execute/jit/write_step-inl.hpp>

#include "families.hpp"

namespace inlay::inline INLAY_VERSION::jit {

writer_family const& writers_of_windows() {
  return jit_code::family<op::average_pool, op::global_average_pool, op::global_max_pool,
                          op::max_pool>::writers();
}

}  // namespace inlay::inline INLAY_VERSION::jit
