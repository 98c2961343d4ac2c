// The wire format of protocol buffers, written in two rounds: one measures, one writes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "inlay/core/bytes.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/core/vector.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// The fields of a message, one after the other. A message within it is a function that writes its
/// fields, and runs twice: its size, which stands before it, is known when it is written.
///
///     wire_writer w;
///     for (int round = 0; round < 2; ++round, w.end_round()) {
///       w.integer(1, 8);
///       w.message(7, [&] { w.text(2, "lenet"); });
///     }
///     auto const bytes = w.take();
///
/// *Costs*: linear. Only the second round touches the bytes of texts.
/// *Source*: protobuf.dev/programming-guides/encoding.
class wire_writer {
 public:
  constexpr void integer(std::uint64_t number, std::int64_t x) {
    varint(number << 3);
    varint(static_cast<std::uint64_t>(x));
  }
  constexpr void real(std::uint64_t number, float x) {
    varint(number << 3 | 5);
    size_ += 4;
    if (is_measuring_) return;
    write_little_endian(x, [&](char byte) { bytes_.push_back(byte); });
  }
  /// A string, or the bytes of anything else.
  constexpr void text(std::uint64_t number, string_view x) {
    varint(number << 3 | 2);
    varint(x.size());
    size_ += x.size();
    if (!is_measuring_) bytes_.append(x.data(), x.size());
  }
  template <class Fields> constexpr void message(std::uint64_t number, Fields&& fields) {
    varint(number << 3 | 2);
    auto const index = next_++;
    if (is_measuring_) {
      sizes_.push_back(0);
      auto const before = size_;
      fields();
      sizes_[index] = size_ - before;
      varint(sizes_[index]);
    } else {
      varint(sizes_[index]);
      fields();
    }
  }

  constexpr void end_round() {
    if (is_measuring_) bytes_.reserve(size_);
    is_measuring_ = false;
    next_ = 0;
  }
  /// The bytes that the rounds so far have come to.
  constexpr std::size_t size() const { return size_; }
  constexpr vector<char> take() { return std::move(bytes_); }

 private:
  constexpr void varint(std::uint64_t x) {
    for (; x >= 0x80; x >>= 7) byte(static_cast<char>(x | 0x80));
    byte(static_cast<char>(x));
  }
  constexpr void byte(char x) {
    ++size_;
    if (!is_measuring_) bytes_.push_back(x);
  }

  bool is_measuring_ = true;
  std::size_t size_ = 0;
  vector<std::size_t> sizes_;  // of the messages, in the order in which they begin
  std::size_t next_ = 0;
  vector<char> bytes_;
};

}  // namespace inlay::inline INLAY_VERSION::onnx_format
