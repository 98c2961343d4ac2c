// Models in files become text and graphs again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "inlay/frontend/onnx/read.hpp"
#include "inlay/graph/compare.hpp"
#include "inlay/graph/parse.hpp"
#include "inlay/graph/print.hpp"
#include "inlay/op/list.hpp"
#include "inlay/pass/optimize.hpp"

namespace {
using namespace inlay;

std::vector<std::filesystem::path> models() {
  std::vector<std::filesystem::path> found;
  for (auto const* folder : {"/examples/lenet", "/tests/frontend/onnx/data"}) {
    for (auto const& entry :
         std::filesystem::directory_iterator(INLAY_SOURCE_DIR + std::string(folder))) {
      if (entry.path().extension() == ".onnx") found.push_back(entry.path());
    }
  }
  return found;
}

std::string file_of(std::filesystem::path const& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE_MESSAGE(file.is_open(), path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

void check_text_of(graph const& g) {
  auto const text = print(g, with_elements);
  auto const again = parse(text.view(), find_operator);
  CHECK(first_difference(g, again).view() == "");
  CHECK(again.failure.offset == g.failure.offset);
  CHECK(print(again, with_elements).view() == text.view());
  REQUIRE(again.nodes.size() == g.nodes.size());
  for (std::size_t i = 0; i < g.nodes.size(); ++i)
    CHECK(again.nodes[i].offset == g.nodes[i].offset);
}

}  // namespace

TEST_CASE("each model comes back from its text, as read and as optimized") {
  CHECK(models().size() >= 3);
  for (auto const& path : models()) {
    CAPTURE(path.string());
    auto const file = file_of(path);
    auto const g = read_onnx(file);
    CHECK(g.failure.text.view() == "");
    check_text_of(g);
    check_text_of(optimize(g));
    dimension_value const batch[] = {{"batch", 1}};
    check_text_of(optimize(bind_dimensions(g, span<dimension_value const>(batch))));
  }
}

TEST_CASE("what is left of a model that is cut off comes back too") {
  for (auto const& path : models()) {
    CAPTURE(path.string());
    auto const file = file_of(path);
    auto const step = file.size() / 200 + 1;
    for (std::size_t size = 0; size < file.size(); size += step) {
      auto const cut = file.substr(0, size);
      check_text_of(read_onnx(cut));
    }
  }
}
