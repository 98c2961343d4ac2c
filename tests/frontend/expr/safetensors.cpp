// Weights out of files that the safetensors package wrote.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/frontend/safetensors.hpp"

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

TEST_CASE("a network takes its weights from a file of safetensors") {
  auto const bytes = file("dense.safetensors");
  auto const g = net.with(read_safetensors(bytes))();
  CHECK(g.failure.text.view() == "");
  REQUIRE(g.inputs.size() == 1);
  auto const& weight = g.values[g.inputs_of(g.nodes[0])[1]];
  auto const& bias = g.values[g.inputs_of(g.nodes[0])[2]];
  CHECK(weight.type.shape == shape{2, 3});
  CHECK(read_little_endian<float>(g.bytes_of(g.constants[weight.constant]), 5) == 5);
  CHECK(read_little_endian<float>(g.bytes_of(g.constants[bias.constant]), 1) == -1);
}

TEST_CASE("tensors have their element types and shapes") {
  auto const bytes = file("types.safetensors");
  auto const g = read_safetensors(bytes);
  CHECK(g.failure.text.view() == "");
  auto const type_of = [&](string_view name) {
    for (auto const& v : g.values) {
      if (v.name == name) return v.type;
    }
    return tensor_type{};
  };
  CHECK(g.values.size() == 5);
  CHECK(type_of("scalar") == tensor_type{element_type::int64, {}});
  CHECK(type_of("empty") == tensor_type{element_type::float64, {0, 4}});
  CHECK(type_of("flags") == tensor_type{element_type::boolean, {2, 1}});
  CHECK(type_of("half") == tensor_type{element_type::float16, {2}});
  CHECK(type_of("bytes") == tensor_type{element_type::uint8, {5}});
}

/// A file of that header, and so many bytes of data.
std::string with_header(std::string const& header, std::size_t data) {
  std::string bytes(8, '\0');
  bytes[0] = static_cast<char>(header.size());
  return bytes + header + std::string(data, '\0');
}
std::string refusal(std::string const& header, std::size_t data = 8) {
  auto const bytes = with_header(header, data);
  return std::string(read_safetensors(bytes).failure.text.view());
}

TEST_CASE("what is wrong with a file is said in a sentence") {
  CHECK(refusal("{}") == "");
  CHECK(refusal(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} )") == "");
  CHECK(refusal(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})") ==
        "the tensor 'a', float32 of shape 3, has 8 bytes");
  CHECK(refusal(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})") ==
        "the tensor 'a' stands from byte 0 to 16 of 8");
  CHECK(refusal(R"({"a":{"dtype":"Q7","shape":[2],"data_offsets":[0,8]}})") ==
        "the tensor 'a' has the dtype 'Q7', which is not supported");
  CHECK(refusal(R"({"a":{"dtype":"F32","shape":[2]}})") ==
        "the header of the safetensors: a tensor has a dtype, a shape and data_offsets, each once");
  CHECK(refusal(R"({"a" {}})") == "the header of the safetensors: ':' is expected");
  CHECK(refusal(R"({"a\"":{}})") ==
        "the header of the safetensors: a text with an escape is not supported");
  CHECK(refusal(R"({"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}})") ==
        "the tensor 'a' has more than 8 axes");
  CHECK(refusal(R"({"a":{"dtype":"U8","shape":[4194304,4194304],"data_offsets":[0,1]}})") ==
        "the tensor 'a' of shape 4194304x4194304 is too large");
  CHECK(refusal(R"({} x)") == "the header of the safetensors: something stands behind it");
  CHECK(refusal(R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},)"
                R"("a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})") ==
        "the name 'a' is defined twice");
  CHECK(read_safetensors("1234567").failure.text.view() ==
        "the safetensors end within their header, after 7 bytes");
}

TEST_CASE("a file that is cut off or damaged is refused or read, within its bytes") {
  auto const whole = file("dense.safetensors");
  REQUIRE(whole.size() > 100);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::string const cut(whole.data(), size);
    CHECK(read_safetensors(cut).failure);
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (char const other : {'\0', '"', '}', '9', '\xff'}) {
      auto damaged = whole;
      damaged[at] = other;
      auto const g = read_safetensors(damaged);
      for (auto const& c : g.constants) CHECK(c.bytes.size() <= whole.size());
    }
  }
}

}  // namespace
