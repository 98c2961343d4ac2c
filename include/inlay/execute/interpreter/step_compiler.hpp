// Who compiles the steps of a program, where they are not the interpreter's own kernels.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "inlay/core/result.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/execute/interpreter.hpp"
#include "inlay/execute/interpreter/kernel_call.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION::interpreter {

/// The code of each structure of a program, and what keeps it in memory.
struct compiled_steps {
  std::vector<interpreter_kernels_v0_1::kernel_function> codes;
  std::shared_ptr<void const> memory;
};

/// Compiles programs, from any thread.
class step_compiler {
 public:
  virtual ~step_compiler() = default;
  /// With a program of the same model for other sizes, the code of steps that are alike is for all
  /// sizes: what is another number there it takes from each call.
  /// *Errors*: what it has no code for.
  virtual result<compiled_steps> compile(program const& p, program const* other) const = 0;
  /// How many steps of two programs are the same but for sizes; none where one has more of them.
  virtual std::size_t count_alike(program const& p, program const& other) const = 0;
  /// Whether all code of a program is there, for it was compiled for all sizes.
  virtual bool has_code(program const& p) const = 0;
  /// How many steps it has compiled.
  virtual std::size_t count_compiled() const = 0;
  /// Whether kernels run until the code is there.
  virtual bool compiles_later() const = 0;
  /// Which machine the code is for.
  virtual string_view target() const = 0;
};

/// As `load_file` and `load`, with code of that compiler's.
result<session> load_file(string_view path, options const& how,
                          std::shared_ptr<step_compiler const> compiler);
result<session> load(string_view bytes, options const& how,
                     std::shared_ptr<step_compiler const> compiler);

}  // namespace inlay::inline INLAY_VERSION::interpreter
