// The elements of a TensorProto: a view of the file where they stand together, decoded otherwise.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/element_type.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/frontend/onnx/wire.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// The element type that has this number in ONNX; `undefined` where none has.
constexpr element_type element_of_number(std::int64_t number) {
  return number < 0 || number >= element_type_count ? element_type::undefined
                                                    : static_cast<element_type>(number);
}

/// In which field of a TensorProto the elements are.
class tensor_elements {
 public:
  /// Takes note of the current field of `m` if it is one that holds elements.
  constexpr void scan(message& m) {
    auto const field = m.number();
    if (field < float_data || field > uint64_data || field == name) return;
    is_mixed_ = is_mixed_ || (field_ != 0 && field_ != field);
    bool const is_first = field_ == 0;
    field_ = field;
    if (field == raw_data) run_ = m.bytes();
    if (field == float_data) run_ = m.fixed(4);
    if (field == double_data) run_ = m.fixed(8);
    is_one_run_ = field == raw_data || (is_first && (field == float_data || field == double_data));
  }

  /// What is wrong with elements of this type being there.
  constexpr error check(string_view tensor_name, element_type e) const {
    auto constexpr broken = rule::a_tensor_must_hold_its_elements_in_the_field_of_its_type;
    if (is_mixed_) {
      return make_error(broken, "tensor '", tensor_name, "' has elements in two fields");
    }
    bool const fits =
        field_ == raw_data ? e != element_type::string : field_ == 0 || entry_size(e) != 0;
    if (!fits) {
      return make_error(broken, "tensor '", tensor_name, "': elements of type ", e,
                        " cannot stand in field ", field_);
    }
    return {};
  }

  /// The elements of `m`, which `check` found right; those that need decoding are appended to the
  /// graph's storage.
  constexpr constant read(message m, string_view tensor_name, element_type e, graph& g) const {
    constant c;
    if (is_one_run_) {
      c.bytes = run_;
      return c;
    }
    if (e == element_type::string) {
      c.texts.first = static_cast<std::uint32_t>(g.texts.size());
      while (m.next()) {
        if (m.number() == string_data) g.texts.push_back(m.bytes());
      }
      c.texts.count = static_cast<std::uint32_t>(g.texts.size()) - c.texts.first;
      return c;
    }
    c.stored_at = g.storage.size();
    auto const size = entry_size(e);
    auto const bits = 8 * static_cast<int>(size);
    while (m.next()) {
      if (m.number() != field_) continue;
      if (field_ == float_data || field_ == double_data) {
        auto const run = m.fixed(size);
        g.storage.append(run.data(), run.size());
        continue;
      }
      m.each_integer([&](std::int64_t entry) {
        // Negative numbers may stand in either form: -1 or 255 for an int8.
        if (bits < 64 && (entry < -(std::int64_t{1} << (bits - 1)) || entry >> bits > 0)) {
          g.fail(make_error(rule::an_element_must_fit_its_type, "tensor '", tensor_name,
                            "': the element ", entry, " does not fit its type, ", e));
        }
        for (int i = 0; i < bits; i += 8) g.storage.push_back(static_cast<char>(entry >> i));
      });
    }
    if (bits_of(e) == 6) pack_sixes(g.storage, c.stored_at);
    c.stored_size = g.storage.size() - c.stored_at;
    return c;
  }

 private:
  static constexpr std::uint64_t float_data = 4, int32_data = 5, string_data = 6, int64_data = 7,
                                 name = 8, raw_data = 9, double_data = 10, uint64_data = 11;

  /// The bytes of one entry of the field, in memory; 0 where it cannot hold the type.
  constexpr std::size_t entry_size(element_type e) const {
    using enum element_type;
    switch (field_) {
      case float_data: return e == float32 || e == complex64 ? 4 : 0;
      case double_data: return e == float64 || e == complex128 ? 8 : 0;
      case int64_data: return e == int64 ? 8 : 0;
      case uint64_data: return e == uint64 ? 8 : e == uint32 ? 4 : 0;
      case string_data: return e == string ? 1 : 0;
      case int32_data: break;
      default: return 0;
    }
    if (e == int32) return 4;
    if (e == int16 || e == uint16 || e == float16 || e == bfloat16) return 2;
    // Of the 4- and 2-bit types, an entry is one byte with several elements.
    auto const bits = bits_of(e);
    return bits == 8 || bits == 6 || bits == 4 || bits == 2 ? 1 : 0;
  }

  /// The 6-bit types stand one an entry, and without gaps in `raw_data`, the lowest bits first.
  static constexpr void pack_sixes(vector<char>& bytes, std::size_t first) {
    unsigned rest = 0;
    int bits = 0;
    auto to = first;
    for (auto i = first; i < bytes.size(); ++i) {
      rest |= (static_cast<unsigned char>(bytes[i]) & 63u) << bits;
      bits += 6;
      for (; bits >= 8; bits -= 8, rest >>= 8) bytes[to++] = static_cast<char>(rest);
    }
    if (bits > 0) bytes[to++] = static_cast<char>(rest);
    bytes.truncate(to);
  }

  std::uint64_t field_ = 0;
  bool is_mixed_ = false;
  bool is_one_run_ = false;  // which `run_` is
  string_view run_;
};

}  // namespace inlay::inline INLAY_VERSION::onnx_format
