// The command line.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <exception>
#include <inlay/core/config.hpp>
#include <iostream>
#include <new>
#include <string>

#include "command.hpp"

int main(int count, char** arguments) {
  CLI::App app("Inlay, a deep-learning compiler");
  app.set_version_flag("--version", std::to_string(INLAY_VERSION_MAJOR) + "." +
                                        std::to_string(INLAY_VERSION_MINOR) + "." +
                                        std::to_string(INLAY_VERSION_PATCH));
  app.require_subcommand(1);
  auto result = status::fine;
  add_inspect(app, result);
  add_run(app, result);
  add_check(app, result);
  add_bench(app, result);
  add_embed(app, result);
  add_explain_compile_time(app, result);
  try {
    app.parse(count, arguments);
  } catch (CLI::ParseError const& e) {
    // Asking for help is no error; CLI11 numbers the others from 100.
    return static_cast<int>(app.exit(e) == 0 ? status::fine : status::misused);
  } catch (misuse const& e) {
    std::cerr << "inlay: " << e.what() << '\n';
    return static_cast<int>(status::misused);
  } catch (std::bad_alloc const&) {
    std::cerr << "inlay: there is not enough memory\n";
    return static_cast<int>(status::failed);
  } catch (std::exception const& e) {
    std::cerr << "inlay: " << e.what() << '\n';
    return static_cast<int>(status::failed);
  }
  if (!std::cout.flush()) {
    std::cerr << "inlay: cannot write the output\n";
    result = status::failed;
  }
  return static_cast<int>(result);
}
