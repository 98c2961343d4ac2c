// The writers that are compiled.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <inlay/execute/jit/step_writer.hpp>

namespace inlay::inline INLAY_VERSION::jit {

writer_family const& writers_of_products();
writer_family const& writers_of_convolutions();
writer_family const& writers_of_windows();
writer_family const& writers_of_rows();
writer_family const& writers_of_reductions();
writer_family const& writers_of_elements();

}  // namespace inlay::inline INLAY_VERSION::jit
