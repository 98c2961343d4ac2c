// Sessions whose steps LLVM compiles: the one translation unit that includes LLVM.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/execute/jit.hpp>
#include <inlay/execute/jit/llvm_compiler-inl.hpp>

#include "families.hpp"

namespace inlay::inline INLAY_VERSION::jit {

std::vector<writer_family> const& all_writers() {
  static std::vector<writer_family> const all{writers_of_products(),   writers_of_convolutions(),
                                              writers_of_windows(),    writers_of_rows(),
                                              writers_of_reductions(), writers_of_elements()};
  return all;
}

result<std::string> print_code(program const& p, code_form form) {
  auto const compiler = llvm_compiler::make({});
  if (!compiler) return compiler.failure();
  return (*compiler)->print(p, form);
}

result<session> load_file(string_view path, options const& how) {
  auto compiler = llvm_compiler::make(how);
  if (!compiler) return compiler.failure();
  return interpreter::load_file(path, how, std::move(*compiler));
}

result<session> load(string_view bytes, options const& how) {
  auto compiler = llvm_compiler::make(how);
  if (!compiler) return compiler.failure();
  return interpreter::load(bytes, how, std::move(*compiler));
}

}  // namespace inlay::inline INLAY_VERSION::jit
