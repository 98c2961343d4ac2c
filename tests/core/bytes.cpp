// Little-endian bytes, written and read back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/core/bytes.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "inlay/core/element_type.hpp"

namespace {
using namespace inlay;

template <class T> struct written {
  char bytes[sizeof(T)]{};
  constexpr explicit written(T x) {
    std::size_t at = 0;
    write_little_endian(x, [&](char byte) { bytes[at++] = byte; });
  }
  constexpr std::string_view view() const { return {bytes, sizeof(T)}; }
};

template <class T> constexpr bool reads_back(T x) {
  return std::bit_cast<std::array<char, sizeof(T)>>(read_little_endian<T>(
             written<T>(x).view(), 0)) == std::bit_cast<std::array<char, sizeof(T)>>(x);
}
template <class... T> constexpr bool all_read_back(type_list<T...>) {
  return (... && (reads_back(T(0)) && reads_back(T(1)) && reads_back(T(100)) &&
                  reads_back(std::numeric_limits<T>::max()) &&
                  reads_back(std::numeric_limits<T>::lowest())));
}
static_assert(all_read_back(stored_types{}));

// The bytes themselves: the least significant first; numpy: np.array(x, '<f4').tobytes().
static_assert(written(std::uint32_t{0x01020304}).view() == "\x04\x03\x02\x01");
static_assert(written(std::int16_t{-2}).view() == "\xfe\xff");
static_assert(written(1.0f).view() == std::string_view("\0\0\x80\x3f", 4));
static_assert(written(-2.5).view() == std::string_view("\0\0\0\0\0\0\x04\xc0", 8));
static_assert(written(true).view() == "\x01");
static_assert(written(std::uint64_t{0x0807060504030201}).view() == "\1\2\3\4\5\6\7\10");

// Elements follow each other; any byte but 0 is true.
constexpr std::string_view three("\1\0\2\0\xff\xff", 6);
static_assert(read_little_endian<std::int16_t>(three, 0) == 1);
static_assert(read_little_endian<std::int16_t>(three, 1) == 2);
static_assert(read_little_endian<std::int16_t>(three, 2) == -1);
static_assert(read_little_endian<std::uint16_t>(three, 2) == 65535);
static_assert(read_little_endian<bool>(three, 4) && !read_little_endian<bool>(three, 3));
static_assert(read_little_endian<std::uint8_t>(three, 4) == 255);

/// Every third number, in one go and one by one.
template <class T> constexpr bool reads_runs() {
  char bytes[(5 * 3 + 1) * sizeof(T)]{};
  for (std::size_t i = 0; i < sizeof bytes; ++i) bytes[i] = static_cast<char>(i % 251);
  if (std::is_same_v<T, bool>) {
    for (auto& b : bytes) b = static_cast<char>(b % 2);
  }
  T run[6]{};
  read_run<6>(bytes, 3 * sizeof(T), run);
  for (std::size_t i = 0; i < 6; ++i) {
    if (run[i] != read_little_endian<T>({bytes, sizeof bytes}, 3 * i)) return false;
  }
  return true;
}
static_assert(reads_runs<float>() && reads_runs<double>() && reads_runs<std::int8_t>());
static_assert(reads_runs<std::uint16_t>() && reads_runs<std::int64_t>() && reads_runs<bool>());

}  // namespace

TEST_CASE("runs of numbers are read while the program runs as in constants") {
  CHECK(reads_runs<float>());
  CHECK(reads_runs<std::int64_t>());
  CHECK(reads_runs<bool>());
}

TEST_CASE("every pattern of two bytes reads back, from any address") {
  for (unsigned x = 0; x < 0x10000; ++x) {
    std::string bytes("?");
    write_little_endian(static_cast<std::uint16_t>(x), [&](char byte) { bytes += byte; });
    auto const unaligned = std::string_view(bytes).substr(1);
    REQUIRE(read_little_endian<std::uint16_t>(unaligned, 0) == x);
  }
}

TEST_CASE("a float that is not a number keeps its bits") {
  auto const x = std::bit_cast<float>(0x7fa1'2345u);
  std::string bytes;
  write_little_endian(x, [&](char byte) { bytes += byte; });
  CHECK(bytes == "\x45\x23\xa1\x7f");
  CHECK(read_little_endian<std::uint32_t>(bytes, 0) == 0x7fa1'2345u);
}
