// Converts, packs and compares what small_types.py wrote: small_types FOLDER
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/core/small_types.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string_view>

#include "files.hpp"

namespace {
using namespace inlay;

/// The tables of one type: FOLDER/NAME.… are arrays in this machine's byte order.
template <class T> class tables {
 public:
  explicit tables(std::filesystem::path const& folder)
      : start_(folder / std::string_view(name_of(element_of<T>))),
        codes_(std::size_t{1} << T::width) {
    for (std::size_t i = 0; i < codes_.size(); ++i) {
      codes_[i] = T::from_bits(static_cast<typename T::storage>(i));
    }
  }

  template <class From> std::vector<From> read(char const* what) const {
    auto const bytes = reference::read_file(path(what));
    std::vector<From> elements(bytes.size() / sizeof(From));
    if (!bytes.empty()) std::memcpy(elements.data(), bytes.data(), bytes.size());
    return elements;
  }
  template <class To> void write(std::string const& what, std::vector<To> const& elements) const {
    std::ofstream file(path(what), std::ios::binary);
    auto const size = elements.size() * sizeof(To);
    file.write(reinterpret_cast<char const*>(elements.data()), static_cast<std::streamsize>(size));
    if (!file.flush()) throw std::runtime_error("cannot write " + path(what));
  }

  template <class From> void convert(char const* from, char const* mode, auto... options) const {
    std::vector<T> to;
    for (auto const x : read<From>(from)) to.push_back(T(x, options...));
    write(std::string(from) + "." + mode, to);
  }

  void values() const {
    std::vector<float> floats;
    for (auto const x : codes_) floats.push_back(static_cast<float>(x));
    write("values", floats);
  }

  /// For each pair of codes: 1 where less, 2 where equal, 4 where greater.
  void orders() const {
    std::string found;
    for (auto const a : codes_) {
      for (auto const b : codes_) {
        found += static_cast<char>((a < b ? 1 : 0) + (a == b ? 2 : 0) + (a > b ? 4 : 0));
      }
    }
    write("orders", std::vector<char>(found.begin(), found.end()));
  }

  /// All codes but the last, so that the last byte has bits that nothing uses.
  void pack() const {
    std::vector<char> bytes;
    write_packed(codes_.data(), codes_.size() - 1, [&](char byte) { bytes.push_back(byte); });
    write("packed", bytes);
    std::vector<unsigned char> unpacked;
    for (std::size_t i = 0; i + 1 < codes_.size(); ++i) {
      unpacked.push_back(read_packed<T>({bytes.data(), bytes.size()}, i).bits());
    }
    write("unpacked", unpacked);
  }

  void compute() const {
    auto const left = read<T>("left");
    auto const right = read<T>("right");
    std::vector<T> results[5];
    for (std::size_t i = 0; i < left.size(); ++i) {
      results[0].push_back(left[i] + right[i]);
      results[1].push_back(left[i] - right[i]);
      results[2].push_back(left[i] * right[i]);
      results[3].push_back(left[i] / right[i]);
      results[4].push_back(-left[i]);
    }
    char const* const names[] = {"sum", "difference", "product", "quotient", "negative"};
    for (std::size_t i = 0; i < 5; ++i) write(names[i], results[i]);
  }

 private:
  std::string path(std::string const& what) const { return start_.string() + "." + what; }

  std::filesystem::path start_;
  std::vector<T> codes_;
};

template <class T> void small_float_tables(std::filesystem::path const& folder) {
  tables<T> const t(folder);
  t.values();
  for (auto const past : {overflow::to_largest, overflow::to_special}) {
    auto const* const mode = past == overflow::to_largest ? "to_largest" : "to_special";
    t.template convert<float>("float32", mode, past);
    t.template convert<double>("float64", mode, past);
    t.template convert<std::int64_t>("int64", mode, past);
  }
  if constexpr (T::width <= 8) t.orders();
  if constexpr (T::width < 8) t.pack();
  if constexpr (T::width == 16) t.compute();
}

void power_tables(std::filesystem::path const& folder) {
  tables<float8e8m0> const t(folder);
  t.values();
  t.orders();
  using enum power_rounding;
  char const* const names[] = {"up", "down", "nearest"};
  for (auto const rounding : {up, down, nearest}) {
    for (auto const past : {overflow::to_largest, overflow::to_special}) {
      auto const mode = std::string(names[static_cast<int>(rounding)]) +
                        (past == overflow::to_largest ? ".to_largest" : ".to_special");
      t.convert<float>("float32", mode.c_str(), rounding, past);
      t.convert<double>("float64", mode.c_str(), rounding, past);
    }
  }
}

template <class T> void small_integer_tables(std::filesystem::path const& folder) {
  tables<T> const t(folder);
  t.values();
  t.orders();
  t.pack();
  t.template convert<float>("float32", "wrapped");
  t.template convert<double>("float64", "wrapped");
  t.template convert<std::int64_t>("int64", "wrapped");
}

template <class... T> void all_tables(std::filesystem::path const& folder) {
  (small_float_tables<T>(folder), ...);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: small_types FOLDER\n", 2;
  all_tables<float16, bfloat16, float8e4m3fn, float8e4m3fnuz, float8e5m2, float8e5m2fnuz,
             float6e2m3, float6e3m2, float4e2m1>(argv[1]);
  power_tables(argv[1]);
  small_integer_tables<int4>(argv[1]);
  small_integer_tables<uint4>(argv[1]);
  small_integer_tables<int2>(argv[1]);
  small_integer_tables<uint2>(argv[1]);
}
