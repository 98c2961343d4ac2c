// WAV files of one channel: 16-bit integers or 32-bit floats.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wav {

struct sound {
  std::uint32_t rate = 0;  // samples a second
  bool is_float = false;   // how the file holds them
  std::vector<float> samples;
};

/// A sound, or a sentence that says what is wrong with the file.
struct read_result {
  std::optional<sound> value;
  std::string mistake;
};

/// `Size` bytes, the lowest first.
template <std::size_t Size> std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = Size; i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return number;
}

/// The content of a chunk of that name, each chunk having a name, a size and as many bytes, one
/// more where that is odd.
inline std::optional<std::string_view> find_chunk(std::string_view file, std::string_view name) {
  for (std::size_t at = 12; file.size() - at >= 8;) {
    std::size_t const size = number_at<4>(file, at + 4);
    auto const begin = at + 8;
    if (size > file.size() - begin) return {};
    if (file.substr(at, 4) == name) return file.substr(begin, size);
    at = std::min(begin + size + size % 2, file.size());
  }
  return {};
}

/// *Source*: Multimedia Programming Interface and Data Specifications 1.0, IBM and Microsoft, 1991.
inline read_result parse(std::string_view file) {
  if (file.size() < 12 || file.substr(0, 4) != "RIFF" || file.substr(8, 4) != "WAVE") {
    return {{}, "it is no WAV file"};
  }
  auto const format = find_chunk(file, "fmt ");
  auto const data = find_chunk(file, "data");
  if (!format || !data || format->size() < 16) return {{}, "it is cut off"};
  auto const kind = number_at<2>(*format, 0);
  auto const bits = number_at<2>(*format, 14);
  bool const is_float = kind == 3 && bits == 32;
  if (!is_float && !(kind == 1 && bits == 16)) {
    return {{}, "its samples are neither 16-bit integers nor 32-bit floats"};
  }
  if (number_at<2>(*format, 2) != 1) return {{}, "it has more than one channel"};
  sound s{number_at<4>(*format, 4), is_float, {}};
  if (s.rate == 0) return {{}, "it has no rate"};
  std::size_t const size = is_float ? 4 : 2;
  for (std::size_t at = 0; at + size <= data->size(); at += size) {
    if (is_float) {
      s.samples.push_back(std::bit_cast<float>(number_at<4>(*data, at)));
    } else {
      auto const sample = static_cast<std::int16_t>(number_at<2>(*data, at));
      s.samples.push_back(static_cast<float>(sample) / 32767.0f);
    }
  }
  return {std::move(s), {}};
}

inline read_result read(std::string const& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {{}, "it cannot be opened"};
  std::string const bytes{std::istreambuf_iterator<char>(file), {}};
  return parse(bytes);
}

inline bool write(std::string const& path, sound const& s) {
  std::ofstream file(path, std::ios::binary);
  auto const put = [&](std::size_t size, std::uint32_t number) {
    for (std::size_t i = 0; i < size; ++i) file.put(static_cast<char>(number >> 8 * i & 255));
  };
  std::uint32_t const size = s.is_float ? 4 : 2;
  auto const bytes = static_cast<std::uint32_t>(s.samples.size()) * size;
  file << "RIFF";
  put(4, 36 + bytes);
  file << "WAVEfmt ";
  put(4, 16);
  put(2, s.is_float ? 3 : 1);
  put(2, 1);
  put(4, s.rate);
  put(4, s.rate * size);
  put(2, size);
  put(2, 8 * size);
  file << "data";
  put(4, bytes);
  for (auto const sample : s.samples) {
    if (s.is_float) put(4, std::bit_cast<std::uint32_t>(sample));
    else {
      auto const whole = std::lround(std::clamp(sample, -1.0f, 1.0f) * 32767.0f);
      put(2, static_cast<std::uint16_t>(whole));
    }
  }
  return static_cast<bool>(file.flush());
}

}  // namespace wav
