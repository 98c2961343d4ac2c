// Loads models while the program runs, and compiles them for the machine that it runs on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string>

#include "inlay/execute/interpreter.hpp"

/// What the library `inlay::jit` has compiled, with the interface of the interpreter and the same
/// bits:
///
///     auto const session = inlay::jit::load("model.onnx").value();
///     inlay::jit::context context;
///     auto const outputs = session.run(context, {{"image", image}}).value();
namespace inlay::inline INLAY_VERSION::jit {

using interpreter::context;
using interpreter::named_view;
using interpreter::requirements;
using interpreter::session;

/// Where compiled code is kept, so that the next load of the same model takes a tenth of the time.
enum class cache_place : std::uint8_t {
  none,
  user,    // where the user's programs keep what they can make again: ~/.cache/inlay
  folder,  // in `options::cache_folder`, which belongs to the user alone
};

struct options : interpreter::options {
  /// Loads without waiting for the code, which another thread compiles: until it is there, the
  /// interpreter's kernels answer. On machines that multiply and add with one rounding their bits
  /// are the same.
  bool compiles_later = false;
  cache_place cache = cache_place::none;
  string_view cache_folder;
  /// Tells gdb and perf the names of the compiled steps: "inlay_0_Conv_Relu". perf reads them in
  /// /tmp/perf-PID.map, which stays when the program ends.
  bool names_code = false;
};

/// How the code of a program can be read: as LLVM takes it, or as the machine does.
enum class code_form : std::uint8_t { intermediate, assembly };

/// The code of each step, a function a structure.
/// *Errors*: those of compiling.
result<std::string> print_code(program const& p, code_form form);

/// The model in the file of that path, and in those beside it. It is mapped, as by `load_onnx`.
/// *Errors*: those of `load_onnx`; those of optimizing; those of lowering and of compiling, where
/// all extents are known; those of `cache_folder`.
result<session> load_file(string_view path, options const& how = {});

/// The model that these bytes are, which are copied.
result<session> load(string_view bytes, options const& how = {});

/// The model in the file of that path.
inline result<session> load(char const* path, options const& how = {}) {
  return load_file(path, how);
}
/// The same for a std::filesystem::path.
template <class Path>
  requires requires(Path const& path) { path.parent_path().string(); }
result<session> load(Path const& path, options const& how = {}) {
  return load_file(path.string(), how);
}

}  // namespace inlay::inline INLAY_VERSION::jit
