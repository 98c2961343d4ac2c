// The hash table, also when the hash is of no help.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/core/index_table.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace {
using namespace inlay;

// FNV-1a's published values: isthe.com/chongo/src/fnv/test_fnv.c, 64 bits.
static_assert(hash_text("") == 0xcbf29ce484222325);
static_assert(hash_text("a") == 0xaf63dc4c8601ec8c);
static_assert(hash_text("b") == 0xaf63df4c8601f1a5);
static_assert(hash_text("foobar") == 0x85944171f73967e8);
static_assert(hash_text("") != hash_text(std::string_view("\0", 1)));
static_assert(hash_text("\xff") != hash_text("\x7f"));

// In FNV-1a the hash of the first 8 characters is 0, and from 0 either 9 lead back to it: whatever
// follows the first 8, block by block, all names have one hash.
constexpr std::string_view to_zero("\xd5\x6b\xb9\x53\x42\x87\x08\x36", 8);
constexpr std::string_view loops[] = {
    std::string_view("\0\0\0\0\0\0\0\0\0", 9),
    std::string_view("\x97\xf0\x13\x1a\x62\xcd\xd9\x7d\xbd", 9),
};
constexpr bool collide() {
  for (int first = 0; first < 2; ++first) {
    for (int second = 0; second < 2; ++second) {
      char name[26]{};
      for (std::size_t i = 0; i < 8; ++i) name[i] = to_zero[i];
      for (std::size_t i = 0; i < 9; ++i) name[8 + i] = loops[first][i];
      for (std::size_t i = 0; i < 9; ++i) name[17 + i] = loops[second][i];
      if (hash_text({name, 26}) != 0) return false;
    }
  }
  return true;
}
static_assert(collide());

// In 64 bits: 0xffff'ffff'ffff'ffff² is 0xffff'ffff'ffff'fffe'0000'0000'0000'0001.
static_assert(detail::fold_product(~std::uint64_t{0}, ~std::uint64_t{0}) == ~std::uint64_t{0});
static_assert(detail::fold_product(std::uint64_t{1} << 63, 6) == 3);
static_assert(detail::fold_product(0x1234'5678'9abc'def0, 0x0fed'cba9'8765'4321) ==
              (0x0121'fa00'ad77'd742 ^ 0x2236'd88f'e561'8cf0));
// SplitMix64's first number from the seed 0, as published with Java's SplittableRandom.
static_assert(detail::scatter(0x9e37'79b9'7f4a'7c15) == 0xe220'a839'7b1d'cdaf);

constexpr bool finds_what_is_there() {
  constexpr std::string_view names[] = {"x", "weights", "bias", ""};
  index_table table;
  auto const find = [&](std::string_view name) {
    return table.find(hash_text(name), [&](std::uint32_t i) { return names[i] == name; });
  };
  if (find("x") != index_table::absent) return false;
  for (std::uint32_t i = 0; i < 4; ++i) {
    table.insert(hash_text(names[i]), i);
    for (std::uint32_t k = 0; k < 4; ++k) {
      if (find(names[k]) != (k <= i ? k : index_table::absent)) return false;
    }
  }
  return find("y") == index_table::absent;
}
static_assert(finds_what_is_there());

constexpr bool grows() {
  index_table table;
  for (std::uint32_t i = 0; i < 200; ++i) table.insert(hash_word(hash_seed, i), i);
  for (std::uint32_t i = 0; i < 300; ++i) {
    auto const found = table.find(hash_word(hash_seed, i), [&](std::uint32_t k) { return k == i; });
    if (found != (i < 200 ? i : index_table::absent)) return false;
  }
  return true;
}
static_assert(grows());

constexpr bool room_changes_nothing() {
  index_table table;
  table.insert(hash_text("a"), 0);
  table.reserve(0);
  table.reserve(100);
  table.insert(hash_text("b"), 1);
  auto const any = [](std::uint32_t) { return true; };
  return table.find(hash_text("a"), any) == 0 && table.find(hash_text("b"), any) == 1 &&
         table.find(hash_text("c"), any) == index_table::absent;
}
static_assert(room_changes_nothing());

// Two shapes that differ in one extent, in rank, or in the order, differ in their hash.
static_assert(hash_shape(hash_seed, {2, 3}) == hash_shape(hash_seed, {2, 3}));
static_assert(hash_shape(hash_seed, {2, 3}) != hash_shape(hash_seed, {3, 2}));
static_assert(hash_shape(hash_seed, {2, 3}) != hash_shape(hash_seed, {2, 3, 0}));
static_assert(hash_shape(hash_seed, {1, 1, 1, 1, 1, 1, 1, 1}) !=
              hash_shape(hash_seed, {1, 1, 1, 1, 1, 1, 1, 2}));

}  // namespace

TEST_CASE("a hundred thousand names are found, and no other") {
  std::vector<std::string> names;
  for (int i = 0; i < 100'000; ++i) names.push_back("layer." + std::to_string(i) + ".weight");
  index_table table;
  for (std::uint32_t i = 0; i < names.size(); ++i) table.insert(hash_text(names[i]), i);
  auto const find = [&](std::string_view name) {
    return table.find(hash_text(name), [&](std::uint32_t i) { return names[i] == name; });
  };
  for (std::uint32_t i = 0; i < names.size(); ++i) REQUIRE(find(names[i]) == i);
  CHECK(find("layer.100000.weight") == index_table::absent);
  CHECK(find("") == index_table::absent);
}

TEST_CASE("a hundred thousand names made to collide are compared with few others") {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < 1 << 17; ++i) {
    std::string name(to_zero);
    for (int bit = 0; bit < 17; ++bit) name += loops[i >> bit & 1];
    names.push_back(name);
  }
  index_table table;
  std::size_t compared = 0;
  auto const find = [&](std::string_view name) {
    return table.find(hash_text(name), [&](std::uint32_t i) {
      ++compared;
      return names[i] == name;
    });
  };
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    REQUIRE(find(names[i]) == index_table::absent);
    table.insert(hash_text(names[i]), i);
  }
  CHECK(compared < 100);
  for (std::uint32_t i = 0; i < names.size(); ++i) REQUIRE(find(names[i]) == i);
  CHECK(compared < names.size() + 200);
}

TEST_CASE("a running program has hashes of its own, which tell names and shapes apart") {
  std::string text = "layer.0.weight";
  auto const hash = hash_text(text);
  CHECK(hash == hash_text(std::string(text)));
  for (auto& character : text) {
    character ^= 1;
    CHECK(hash_text(text) != hash);
    character ^= 1;
  }
  CHECK(hash_text("") != hash_text(std::string(1, '\0')));
  CHECK(hash_text(std::string(8, '\0')) != hash_text(std::string(16, '\0')));
  shape const s{2, 3};
  CHECK(hash_shape(1, s) == hash_shape(1, {2, 3}));
  CHECK(hash_shape(1, s) != hash_shape(1, {3, 2}));
  CHECK(hash_shape(1, s) != hash_shape(1, {2, 3, 0}));
  CHECK(hash_shape(1, s) != hash_shape(2, s));
}

TEST_CASE("four thousand keys of one hash are told apart") {
  index_table table;
  for (std::uint32_t i = 0; i < 4'000; ++i) table.insert(42, i);
  for (std::uint32_t i = 0; i < 4'000; ++i) {
    REQUIRE(table.find(42, [&](std::uint32_t k) { return k == i; }) == i);
  }
  CHECK(table.find(42, [](std::uint32_t) { return false; }) == index_table::absent);
  CHECK(table.find(43, [](std::uint32_t) { return true; }) == index_table::absent);
}

TEST_CASE("ten thousand hashes that want the same slot are told apart") {
  // The slot is taken from the low bits: hashes that differ only in bits 20 to 33 share it until
  // the table has a million slots.
  index_table table;
  auto const hash = [](std::uint64_t i) { return (i << 20 & 0xffff'ffff) | 7; };
  for (std::uint32_t i = 0; i < 4'096; ++i) table.insert(hash(i), i);
  for (std::uint32_t i = 0; i < 4'096; ++i) {
    REQUIRE(table.find(hash(i), [](std::uint32_t) { return true; }) == i);
  }
}

TEST_CASE("two hundred thousand hashes that want the same slot get out of each other's way") {
  index_table table;
  auto const hash = [](std::uint64_t i) { return i << 32 | (i ^ 7); };
  for (std::uint32_t i = 0; i < 200'000; ++i) table.insert(hash(i), i);
  for (std::uint32_t i = 0; i < 200'000; ++i) {
    REQUIRE(table.find(hash(i), [](std::uint32_t) { return true; }) == i);
  }
}
