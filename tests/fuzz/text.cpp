// Any bytes as the text of a graph: parsed, printed and parsed again; then what becomes of a model.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "check.hpp"
#include "inlay/graph/compare.hpp"
#include "inlay/graph/parse.hpp"
#include "inlay/op/list.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace inlay;
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const g = verify(parse(text, find_operator));
  if (g.failure) {
    if (g.failure.text.empty()) std::abort();
    return 0;
  }
  auto const printed = print(g, with_elements);
  auto const again = parse(printed.view(), find_operator);
  if (!first_difference(g, again).view().empty()) std::abort();
  if (print(again, with_elements).view() != printed.view()) std::abort();
  fuzz::check_run(g);
  // A file has an order of values of its own: what is read from it can be compared.
  auto const file = write_onnx(g);
  if (file) fuzz::check_written(read_onnx({file->data(), file->size()}));
  return 0;
}
