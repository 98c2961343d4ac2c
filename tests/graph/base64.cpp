// Bytes as text and back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/graph/base64.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace {
using namespace inlay;

constexpr bool encodes(std::string_view bytes, std::string_view code) {
  text_buffer out;
  detail::print_base64(out, bytes);
  vector<char> back;
  return out.view() == code && detail::read_base64(code, back) &&
         std::string_view(back.data(), back.size()) == bytes;
}
// Source: RFC 4648, section 10.
static_assert(encodes("", "") && encodes("f", "Zg==") && encodes("fo", "Zm8="));
static_assert(encodes("foo", "Zm9v") && encodes("foob", "Zm9vYg==") &&
              encodes("fooba", "Zm9vYmE="));
static_assert(encodes("foobar", "Zm9vYmFy") && encodes("\xff\xef\xfe", "/+/+"));

constexpr bool refuses(std::string_view code) {
  vector<char> bytes;
  return !detail::read_base64(code, bytes);
}
static_assert(refuses("Z") && refuses("Zg=") && refuses("Zg") && refuses("Zm9v="));
static_assert(refuses("Zg==Zg==") && refuses("Z===") && refuses("====") && refuses("Zg=v"));
static_assert(refuses("Zm9\n") && refuses("Zm-v") && refuses("Zm9\xff"));
static_assert(refuses("Zh==") && refuses("Zm9="));  // bits that stand for nothing

}  // namespace

TEST_CASE("every byte comes back from every place") {
  std::string bytes;
  for (int i = 0; i < 3 * 256; ++i) bytes += static_cast<char>(i + i / 256);
  text_buffer out;
  detail::print_base64(out, bytes);
  vector<char> back;
  REQUIRE(detail::read_base64(out.view(), back));
  CHECK(std::string(back.data(), back.size()) == bytes);
}
