// StringStringEntryProto: what a TensorProto says of the file that its elements stand in.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/checked.hpp"
#include "inlay/core/error.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/frontend/onnx/wire.hpp"
#include "inlay/graph/node.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// A decimal number that is not negative; -2 where the text is none, or none of 63 bits.
constexpr std::int64_t read_decimal(string_view text) {
  std::int64_t number = text.empty() ? -2 : 0;
  for (auto const digit : text) {
    if (digit < '0' || digit > '9' || !checked_multiply(number, 10, number) ||
        !checked_add(number, digit - '0', number)) {
      return -2;
    }
  }
  return number;
}

/// Reads one entry. As in ONNX's own reader, the last one of a key counts, and keys that the format
/// does not know mean nothing.   *Source*: docs/ExternalData.md of ONNX.
constexpr void read_external_entry(message m, external_data& e) {
  string_view key;
  string_view text;
  while (m.next()) {
    if (m.number() == 1) key = m.bytes();
    if (m.number() == 2) text = m.bytes();
  }
  if (key == "location") e.location = text;
  if (key == "offset") e.offset = read_decimal(text);
  if (key == "length") e.length = read_decimal(text);
  if (key == "checksum") e.checksum = text;
}

/// What is wrong with the place of a tensor's elements.
constexpr error check(string_view tensor_name, external_data const& e) {
  if (e.location.empty()) {
    return make_error(rule::external_data_must_have_a_location, "tensor '", tensor_name,
                      "': its elements stand in another file, which it does not name");
  }
  if (e.offset >= 0 && e.length >= -1) return {};
  return make_error(rule::external_data_must_have_decimal_numbers, "tensor '", tensor_name,
                    "': the ", e.offset < 0 ? "offset" : "length", " of its elements in the file '",
                    e.location, "' is no decimal number below 2^63");
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format
