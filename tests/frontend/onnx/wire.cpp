// The wire format: what is read, and what is refused with which sentence.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/frontend/onnx/wire.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace {

using namespace std::string_view_literals;
using inlay::onnx_format::message;
using inlay::onnx_format::source;

constexpr std::int64_t integer_of(std::string_view bytes) {
  inlay::error e;
  message m({bytes, &e}, bytes, "a test");
  return m.next() && !e ? m.integer() : -12345;
}
static_assert(integer_of("\x08\x05") == 5);
static_assert(integer_of("\x08\xac\x02") == 300);
static_assert(integer_of("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01") == -1);
static_assert(integer_of("\x08\x80\x00"sv) == 0, "a number may have more bytes than it needs");
static_assert(integer_of("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02") == -12345);
static_assert(integer_of("") == -12345);

constexpr std::int64_t sum_of_field_1(std::string_view bytes) {
  inlay::error e;
  std::int64_t sum = 0;
  for (message m({bytes, &e}, bytes, "a test"); m.next();) {
    if (m.number() == 1) m.each_integer([&](std::int64_t x) { sum += x; });
  }
  return e ? -12345 : sum;
}
static_assert(sum_of_field_1("\x08\x05\x08\x06") == 11, "unpacked");
static_assert(sum_of_field_1("\x0a\x03\x05\xac\x02") == 305, "packed");
static_assert(sum_of_field_1("\x0a\x01\x05\x08\x06\x0a\x00"sv) == 11, "both");
static_assert(sum_of_field_1("\x10\x07\x08\x05\x19zzzzzzzz\x22\x03zzz\x2dzzzz") == 5,
              "fields that are not asked for are skipped");
static_assert(sum_of_field_1("\x0d\x05\0\0\0"sv) == -12345);

/// The first error of reading every field of `bytes` as one that holds bytes.
constexpr inlay::error error_of(std::string_view bytes) {
  inlay::error e;
  for (message m({bytes, &e}, bytes, "a tensor"); m.next();) static_cast<void>(m.bytes());
  return e;
}
static_assert(error_of("\x0a\x05zz").broken == inlay::rule::the_file_must_not_be_truncated);

void check(std::string_view bytes, std::string_view text, std::int64_t offset) {
  auto const e = error_of(bytes);
  CHECK(std::string(e.text.view()) == text);
  CHECK(e.offset == offset);
}

TEST_CASE("a message that ends too early says where and by how much") {
  check("\x4a\x05zz", "the file is cut off at byte 4: field 9 of a tensor has 5 bytes, 2 are left",
        4);
  check("\x4a\x05z", "the file is cut off at byte 3: field 9 of a tensor has 5 bytes, 1 is left",
        3);
  check("\x4a", "the file is cut off at byte 1, within a number of a tensor", 1);
  check("\x4a\x01z\x80", "the file is cut off at byte 4, within a number of a tensor", 4);
  check("\x49zzz", "the file is cut off at byte 4: field 9 of a tensor has 8 bytes, 3 are left", 4);
  check("\x4a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01z",
        "the file is cut off at byte 12: field 9 of a tensor has 18446744073709551615 bytes, "
        "1 is left",
        12);
  check("\x4a\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01zz",
        "the file is cut off at byte 13: field 9 of a tensor has 9223372036854775808 bytes, "
        "2 are left",
        13);
}

TEST_CASE("a field that passes the end of its message is not the end of the file") {
  auto const file = "\x0a\x04\x4a\x05zzzzzzzz"sv;
  inlay::error e;
  message outer({file, &e}, file, "the model");
  REQUIRE(outer.next());
  message inner(outer, "a tensor");
  CHECK_FALSE(inner.next());
  CHECK(std::string(e.text.view()) ==
        "a field is cut off at byte 2: field 9 of a tensor has 5 bytes, 2 are left");
  CHECK(e.offset == 2);
  CHECK_FALSE(outer.next());
}

TEST_CASE("what the format does not have is refused") {
  check("\x4b\x4c", "field 9 of a tensor at byte 0 has wire type 3, which ONNX does not use", 0);
  check("\x4a\x01z\x4e", "field 9 of a tensor at byte 3 has wire type 6, which ONNX does not use",
        3);
  check("\x02\x01z", "a field of a tensor at byte 0 has number 0; 1 to 536870911 are possible", 0);
  check("\x82\x80\x80\x80\x10\x01z",
        "a field of a tensor at byte 0 has number 536870912; 1 to 536870911 are possible", 0);
  check("\x48\x01", "field 9 of a tensor at byte 0 has wire type 0, not 2", 0);
  check("\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        "a number of a tensor at byte 0 does not fit in 64 bits", 0);
}

TEST_CASE("fixed numbers stand alone or in runs of whole numbers") {
  auto const read = [](std::string_view bytes) {
    inlay::error e;
    message m({bytes, &e}, bytes, "a tensor");
    REQUIRE(m.next());
    auto const size = m.fixed(4).size();
    return e ? std::string(e.text.view()) : std::to_string(size);
  };
  CHECK(read("\x25zzzz") == "4");
  CHECK(read("\x22\x08zzzzyyyy") == "8");
  CHECK(read("\x22\x07zzzzyyy") == "field 4 of a tensor at byte 0 has 7 bytes, no multiple of 4");
  CHECK(read("\x20\x07") == "field 4 of a tensor at byte 0 has wire type 0, not 5");
}

TEST_CASE("messages nest 64 deep and no deeper") {
  // 70 messages, each the field 1 of the one before.
  std::string file;
  for (int i = 0; i < 70; ++i) {
    std::string size;
    auto rest = file.size();
    for (; rest >= 0x80; rest >>= 7) size += static_cast<char>(rest | 0x80);
    size += static_cast<char>(rest);
    file = "\x0a" + size + file;
  }
  inlay::error e;
  message m({file, &e}, file, "a message");
  int depth = 1;
  while (m.next()) {
    m = message(m, "a message");
    ++depth;
  }
  CHECK(depth == 65);
  CHECK(e.broken == inlay::rule::messages_must_nest_at_most_64_deep);
  CHECK(std::string(e.text.view()) ==
        "a message at byte 134 stands inside 64 others; no more are supported");
}

}  // namespace
