// Whether models stay what they are on every way that a graph can take: round_trip LIST
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LIST has two files a line: a model, and where it is written again. For each prints a line with
// what happened first, of: "read", "verify", "text", "write", "read again", "names" and the
// sentence that says what is wrong, or "same" and, where a pass refuses the graph, the sentence of
// that.
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "files.hpp"
#include "inlay/frontend/onnx/read.hpp"
#include "inlay/frontend/onnx/write.hpp"
#include "inlay/graph/compare.hpp"
#include "inlay/graph/parse.hpp"
#include "inlay/graph/print.hpp"
#include "inlay/op/list.hpp"
#include "inlay/pass/constants_to_values.hpp"
#include "inlay/pass/infer_types.hpp"
#include "inlay/pass/inline_functions.hpp"
#include "inlay/pass/optimize.hpp"
#include "inlay/program/lower.hpp"

namespace {

using namespace inlay;

std::string text_of(sentence const& s) { return std::string(s.view()); }

void save(std::string const& to, vector<char> const& bytes) {
  std::ofstream(to, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string round_trip(std::string const& from, std::string const& to) {
  auto const bytes = reference::read_file(from);
  auto const g = read_onnx(bytes);
  if (g.failure) return "read " + text_of(g.failure.text);
  if (auto const v = verify(g); v.failure) return "verify " + text_of(v.failure.text);
  auto const text = print(g, with_elements);
  auto const parsed = parse(text.view(), find_operator);
  if (auto const d = first_difference(g, parsed); !d.empty()) return "text " + text_of(d);
  auto const written = write_onnx(g);
  if (!written) return "write " + text_of(written.failure().text);
  save(to, *written);
  auto const again = read_onnx({written->data(), written->size()});
  if (auto const d = first_difference(g, again); !d.empty()) return "read again " + text_of(d);
  if (auto const typed = infer_types(convert_opset(constants_to_values(inline_functions(g))));
      !typed.failure) {
    save(to + ".typed", *write_onnx(typed));
  }
  auto const p = lower(optimize(g));
  return "same " + text_of(p.failure.text);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: round_trip LIST\n", 2;
  std::ifstream list(argv[1]);
  for (std::string from, to; list >> from >> to;) {
    std::cout << from << '\t' << round_trip(from, to) << '\n' << std::flush;
  }
}
