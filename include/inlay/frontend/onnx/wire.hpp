// The wire format of protocol buffers, read field by field without copying.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/bytes.hpp"
#include "inlay/core/config.hpp"
#include "inlay/core/error.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/graph/rule.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

inline constexpr int max_depth = 64;
inline constexpr std::uint64_t max_field_number = 536'870'911;

/// A file, and the first thing that is wrong with it.
struct source {
  string_view file;
  error* failure;

  constexpr std::int64_t offset_of(char const* byte) const { return byte - file.data(); }

  template <class... Part>
  constexpr void fail(std::int64_t offset, rule broken, Part... part) const {
    if (*failure) return;
    *failure = make_error(broken, part...);
    failure->offset = offset;
  }
};

/// The fields of one message, one after the other:
///
///     message m(from, bytes, "a tensor");
///     while (m.next()) if (m.number() == 8) name = m.bytes();
///
/// After an error, `next` is false, here and in every other message, and values are zero or empty.
/// *Source*: protobuf.dev/programming-guides/encoding.
class message {
 public:
  constexpr message(source const& from, string_view bytes, char const* name, int depth = 1)
      : from_(from),
        at_(bytes.data()),
        end_(bytes.data() + bytes.size()),
        start_(at_),
        name_(name),
        depth_(depth) {
    if (depth > max_depth) {
      from_.fail(offset(), rule::messages_must_nest_at_most_64_deep, name_, " at byte ", offset(),
                 " stands inside ", max_depth, " others; no more are supported");
    }
  }
  /// The message that the current field of `parent` holds.
  constexpr message(message const& parent, char const* name)
      : message(parent.from_, parent.bytes(), name, parent.depth_ + 1) {}

  /// Moves to the next field; false at the end. A constant expression pays for each statement:
  /// these are few.
  constexpr bool next() {
    if (at_ == end_) return false;
    start_ = at_;
    auto const key = varint();
    number_ = key >> 3;
    wire_ = static_cast<int>(key & 7);
    if (number_ - 1 >= max_field_number || (wire_ > 2 && wire_ != 5)) return reject();
    payload_ = wire_ == 5 ? 4 : wire_ == 1 ? 8 : varint();
    if (wire_ != 0) {
      if (payload_ > static_cast<std::uint64_t>(end_ - at_)) return overrun();
      at_ += payload_;
    }
    return !*from_.failure;
  }

  constexpr std::uint64_t number() const { return number_; }
  constexpr source const& from() const { return from_; }
  /// How many messages there are, this one and those around it.
  constexpr int depth() const { return depth_; }
  /// Where in the file the field begins.
  constexpr std::int64_t offset() const { return from_.offset_of(start_); }

  constexpr std::int64_t integer() const {
    return static_cast<std::int64_t>(wire_ == 0 ? payload_ : wrong_wire(0));
  }
  constexpr float real() const {
    return wire_ == 5 ? read_little_endian<float>(run(), 0) : static_cast<float>(wrong_wire(5));
  }
  constexpr string_view bytes() const {
    return wire_ == 2 ? run() : string_view(end_, wrong_wire(2));
  }
  /// The bytes of a repeated field of fixed numbers of `size` bytes: one number, or a packed run.
  constexpr string_view fixed(std::size_t size) const {
    auto const single = size == 4 ? 5 : 1;
    if (wire_ != 2) return wire_ == single ? run() : string_view(end_, wrong_wire(single));
    if (payload_ % size == 0) return run();
    from_.fail(offset(), rule::the_file_must_not_be_truncated, "field ", number_, " of ", name_,
               " at byte ", offset(), " has ", payload_, " bytes, no multiple of ", size);
    return string_view(end_, std::size_t{0});
  }
  /// Calls `put` with the integers of a repeated field: one number, or a packed run.
  template <class Put> constexpr void each_integer(Put&& put) const {
    if (wire_ != 2) {
      auto const single = integer();
      if (!*from_.failure) put(single);
      return;
    }
    message packed(from_, run(), name_, depth_);
    while (packed.at_ != packed.end_) {
      packed.start_ = packed.at_;
      auto const number = packed.varint();
      if (*from_.failure) return;
      put(static_cast<std::int64_t>(number));
    }
  }

  /// The bytes of the fields that come next; before the first `next`, the whole message.
  constexpr string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

  /// An error of the current field.
  template <class... Part> constexpr void fail(rule broken, Part... part) const {
    from_.fail(offset(), broken, part...);
  }

 private:
  constexpr string_view run() const { return {at_ - payload_, static_cast<std::size_t>(payload_)}; }

  constexpr std::uint64_t varint() {
    return at_ != end_ && static_cast<unsigned char>(*at_) < 0x80
               ? static_cast<unsigned char>(*at_++)
               : long_varint();
  }

  constexpr std::uint64_t long_varint() {
    std::uint64_t number = 0;
    for (int shift = 0; at_ != end_; shift += 7) {
      auto const byte = static_cast<unsigned char>(*at_++);
      if (shift == 63 && byte > 1) {
        from_.fail(offset(), rule::a_number_must_fit_in_64_bits, "a number of ", name_, " at byte ",
                   offset(), " does not fit in 64 bits");
        break;
      }
      number |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return number;
    }
    sentence within;
    cut_off(within << ", within a number of " << name_);
    return 0;
  }

  // What follows reports an error; the results are for the callers to return.

  constexpr bool reject() {
    if (wire_ > 2 && wire_ != 5) {
      from_.fail(offset(), rule::a_field_must_have_the_wire_type_of_the_format, "field ", number_,
                 " of ", name_, " at byte ", offset(), " has wire type ", wire_,
                 ", which ONNX does not use");
    }
    from_.fail(offset(), rule::a_field_must_have_a_number_of_the_format, "a field of ", name_,
               " at byte ", offset(), " has number ", number_, "; 1 to ", max_field_number,
               " are possible");
    return false;
  }

  constexpr std::size_t wrong_wire(int wanted) const {
    from_.fail(offset(), rule::a_field_must_have_the_wire_type_of_the_format, "field ", number_,
               " of ", name_, " at byte ", offset(), " has wire type ", wire_, ", not ", wanted);
    return 0;
  }

  constexpr bool overrun() {
    auto const left = end_ - at_;
    sentence size;
    size << ": field " << number_ << " of " << name_ << " has " << payload_ << " bytes, ";
    cut_off(size << left << (left == 1 ? " is left" : " are left"));
    return false;
  }

  /// The field passes the end of its message, which may be that of the file.
  constexpr void cut_off(sentence const& how) const {
    bool const of_file = end_ == from_.file.data() + from_.file.size();
    auto const where = of_file ? from_.offset_of(end_) : offset();
    from_.fail(where, rule::the_file_must_not_be_truncated,
               of_file ? "the file is cut off" : "a field is cut off", " at byte ", where, how);
  }

  source from_;
  char const* at_;
  char const* end_;
  char const* start_;
  char const* name_;
  int depth_;
  int wire_ = 0;
  std::uint64_t number_ = 0;
  std::uint64_t payload_ =
      0;  // the number of wire type 0; of the others, the size of the bytes before `at_`
};

}  // namespace inlay::inline INLAY_VERSION::onnx_format
