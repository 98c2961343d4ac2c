// A source of the same program that knows none of its operators.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/execute/interpreter.hpp>
#include <string>
#include <string_view>

/// What a session of the library's own operators says of a model.
std::string refusal_without(std::string const& file) {
  auto const session = inlay::interpreter::load(inlay::string_view(file.data(), file.size()));
  return session ? "" : std::string(std::string_view(session.failure().text.view()));
}
