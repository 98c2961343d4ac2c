// Writes small ONNX files field by field, for tests that read them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string_view>

#include "inlay/core/bytes.hpp"
#include "inlay/core/vector.hpp"

namespace protobuf {

using namespace std::string_view_literals;

/// A message under construction: `message().integer(1, 8).text(2, "name").sub(7, graph)`.
class message {
 public:
  constexpr std::string_view view() const { return {bytes_.data(), bytes_.size()}; }

  constexpr message& varint(std::uint64_t x) {
    while (x >= 0x80) {
      bytes_.push_back(static_cast<char>(x | 0x80));
      x >>= 7;
    }
    bytes_.push_back(static_cast<char>(x));
    return *this;
  }
  constexpr message& key(std::uint64_t number, std::uint64_t wire) {
    return varint(number << 3 | wire);
  }
  constexpr message& raw(std::string_view text) {
    bytes_.append(text.data(), text.size());
    return *this;
  }

  constexpr message& integer(std::uint64_t number, std::int64_t x) {
    return key(number, 0).varint(static_cast<std::uint64_t>(x));
  }
  constexpr message& text(std::uint64_t number, std::string_view x) {
    return key(number, 2).varint(x.size()).raw(x);
  }
  constexpr message& sub(std::uint64_t number, message const& m) { return text(number, m.view()); }
  constexpr message& real(std::uint64_t number, float x) {
    key(number, 5);
    inlay::write_little_endian(x, [&](char byte) { bytes_.push_back(byte); });
    return *this;
  }

 private:
  inlay::vector<char> bytes_;
};

constexpr message node(std::string_view type, std::string_view name, std::string_view input,
                       std::string_view output) {
  return message().text(1, input).text(2, output).text(3, name).text(4, type);
}

/// A tensor [2] of float32: 1, 2.
constexpr message tensor(std::string_view name) {
  return message().integer(1, 2).integer(2, 1).text(8, name).text(9, "\0\0\x80\x3f\0\0\0\x40"sv);
}

/// A ValueInfoProto: float32 [batch, 2].
constexpr message input(std::string_view name) {
  auto const shape = message().sub(1, message().text(2, "batch")).sub(1, message().integer(1, 2));
  auto const type = message().sub(1, message().integer(1, 1).sub(2, shape));
  return message().text(1, name).sub(2, type);
}

constexpr message output(std::string_view name) { return message().text(1, name); }

constexpr message model(message const& graph, std::int64_t opset = 17, std::int64_t ir = 8) {
  return message().integer(1, ir).sub(7, graph).sub(8, message().integer(2, opset));
}

/// x → Relu → y, beside which a test puts what it is about.
constexpr message relu_graph() {
  return message().sub(1, node("Relu", "r", "x", "y")).sub(11, input("x")).sub(12, output("y"));
}

/// A model whose only initializer is this one, and its only output.
constexpr message model_of_tensor(message const& t) {
  return model(message().sub(5, t).sub(12, output("w")));
}

}  // namespace protobuf
