// Weights out of archives that NumPy wrote.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/frontend/npz.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <inlay/frontend/expr.hpp>
#include <iterator>
#include <string>

namespace {

using namespace inlay;

std::string file(std::string const& name) {
  std::ifstream from(INLAY_SOURCE_DIR "/tests/frontend/expr/data/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(from), {}};
}

inline constexpr auto net = network([](input<float, 1, 3> x) { return dense<2>(x, "fc"); });

TEST_CASE("a network takes its weights from an archive") {
  auto const bytes = file("dense.npz");
  auto const g = net.with(read_npz(bytes))();
  CHECK(g.failure.text.view() == "");
  auto const& weight = g.values[g.inputs_of(g.nodes[0])[1]];
  auto const& bias = g.values[g.inputs_of(g.nodes[0])[2]];
  CHECK(weight.type.shape == shape{2, 3});
  CHECK(read_little_endian<float>(g.bytes_of(g.constants[weight.constant]), 5) == 5);
  CHECK(read_little_endian<float>(g.bytes_of(g.constants[bias.constant]), 1) == -1);
}

TEST_CASE("arrays have their element types and shapes, and their elements in order") {
  auto const bytes = file("types.npz");
  auto const g = read_npz(bytes);
  CHECK(g.failure.text.view() == "");
  REQUIRE(g.values.size() == 5);
  auto const find = [&](string_view name) {
    for (auto const& v : g.values) {
      if (v.name == name) return v;
    }
    return value{};
  };
  CHECK(find("scalar").type == tensor_type{element_type::int64, {}});
  CHECK(find("empty").type == tensor_type{element_type::float64, {0, 4}});
  CHECK(find("flags").type == tensor_type{element_type::boolean, {2, 1}});
  for (auto const* const name : {"fortran", "big"}) {
    CAPTURE(name);
    auto const v = find(name);
    CHECK(v.type == tensor_type{element_type::float32, {2, 3, 4}});
    for (std::size_t i = 0; i < 24; ++i) {
      CHECK(read_little_endian<float>(g.bytes_of(g.constants[v.constant]), i) ==
            static_cast<float>(i));
    }
  }
}

TEST_CASE("what is wrong with an archive is said in a sentence") {
  auto const refusal = [](std::string const& bytes) {
    return std::string(read_npz(bytes).failure.text.view());
  };
  CHECK(refusal("PK") == "it is no .npz file, or is cut off");
  CHECK(refusal(file("deflated.npz")) ==
        "the array 'w' is deflated; numpy.savez stores what can be read here");
  auto bytes = file("dense.npz");
  auto const at = bytes.find("<f4");
  bytes.replace(at, 3, "<U4");
  CHECK(refusal(bytes) ==
        "the array 'fc.weight': elements of NumPy's type '<U4' are not supported");
}

TEST_CASE("a damaged archive is refused or read, whatever byte is another") {
  auto const whole = file("dense.npz");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    CHECK(read_npz(string_view(whole.data(), i)).failure);
    auto damaged = whole;
    for (int const bit : {0, 7}) {
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      auto const g = read_npz(damaged);
      std::size_t elements = 0;
      for (auto const& c : g.constants) elements += g.bytes_of(c).size();
      CHECK((g.failure || elements <= whole.size()));
    }
  }
}

}  // namespace
