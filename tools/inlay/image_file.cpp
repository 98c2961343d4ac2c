// Pictures as tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "image_file.hpp"

#define STBI_NO_STDIO
#include <stb/stb_image.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <inlay/core/bytes.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "mistake.hpp"

namespace {

using namespace std::string_view_literals;

constexpr std::int64_t most_pixels = std::int64_t{1} << 26;

struct picture_form {
  std::int64_t channels = 0, height = 0, width = 0;
  bool is_channels_last = false;
};

/// How a tensor of that type holds a picture; no channels where it cannot.
picture_form form_of(inlay::tensor_type const& type) {
  auto const& s = type.shape;
  auto const can_be_channels = [](std::int64_t n) { return n == 1 || n == 3 || n == 4; };
  if (type.element != inlay::element_type::float32) return {};
  if (s.size() == 2) return {1, s[0], s[1], false};
  auto const first = s.size() - 3;
  if (first < 0 || first > 1 || (first == 1 && s[0] != 1)) return {};
  if (can_be_channels(s[first])) return {s[first], s[first + 1], s[first + 2], false};
  if (can_be_channels(s.back())) return {s.back(), s[first], s[first + 1], true};
  return {};
}

double of_channel(std::vector<double> const& numbers, std::int64_t channel, double otherwise) {
  if (numbers.empty()) return otherwise;
  return numbers[numbers.size() == 1 ? 0 : static_cast<std::size_t>(channel)];
}

/// Two neighbours along one axis, and how much of the second there is. The middles of the first and
/// the last pixel of both sizes lie half a pixel inside.
struct between {
  std::int64_t first, second;
  double part;

  between(std::int64_t i, std::int64_t to, std::int64_t from) {
    auto const middle =
        (static_cast<double>(i) + 0.5) * static_cast<double>(from) / static_cast<double>(to) - 0.5;
    auto const at = std::clamp(middle, 0.0, static_cast<double>(from - 1));
    first = static_cast<std::int64_t>(std::floor(at));
    second = std::min(first + 1, from - 1);
    part = at - static_cast<double>(first);
  }
};

constexpr auto png_start = "\x89PNG\r\n\x1a\n"sv, jpeg_start = "\xff\xd8\xff"sv;

/// Whether the parts of a PNG file lie in it: memory is taken for what their lengths say.
bool has_its_parts(std::string_view file) {
  for (auto at = png_start.size(); file.size() - at >= 12;) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      length = length << 8 | static_cast<unsigned char>(file[at + i]);
    }
    if (length > file.size() - at - 12) return false;
    if (file.substr(at + 4, 4) == "IEND") return true;
    at += 12 + length;
  }
  return false;
}

}  // namespace

tensor parse_image(std::string_view file, std::string const& from, inlay::tensor_type type,
                   image_values const& values) {
  if (type.shape.size() == 4 && type.shape[0] < 0) type.shape[0] = 1;
  if (!type.has_shape || inlay::has_symbol(type.shape)) {
    throw mistake(from + ": a picture cannot be " + text_of(type) +
                  "; give height, width and channels values with --dim");
  }
  auto const form = form_of(type);
  if (form.channels == 0) {
    throw mistake(from + ": a picture cannot be " + text_of(type) +
                  "; it can be float32 1xCxHxW, 1xHxWxC, CxHxW, HxWxC or HxW with 1, 3 or 4 "
                  "channels");
  }
  for (auto const* const list : {&values.mean, &values.scale}) {
    auto const count = static_cast<std::int64_t>(list->size());
    if (count > 1 && count != form.channels) {
      throw mistake(from + ": --mean and --scale take 1 number or " +
                    std::to_string(form.channels) + ", one a channel, not " +
                    std::to_string(count));
    }
  }

  // The library would read other formats, too, whose readers are less well tried.
  bool const is_png = file.starts_with(png_start);
  bool const is_known = is_png || file.starts_with(jpeg_start);
  auto const* const bytes = reinterpret_cast<stbi_uc const*>(file.data());
  int width = 0, height = 0, channels = 0;
  if (!is_known || file.size() > INT32_MAX ||
      ::stbi_info_from_memory(bytes, static_cast<int>(file.size()), &width, &height, &channels) ==
          0) {
    throw mistake(from + ": it is no PNG or JPEG picture");
  }
  if (is_png && !has_its_parts(file)) {
    throw mistake(from + ": the picture is damaged: it is cut off");
  }
  if (std::int64_t{width} * height > most_pixels) {
    throw mistake(from + ": the picture has more than 67108864 pixels");
  }
  std::unique_ptr<stbi_uc, void (*)(void*)> const pixels(
      ::stbi_load_from_memory(bytes, static_cast<int>(file.size()), &width, &height, &channels,
                              static_cast<int>(form.channels)),
      ::stbi_image_free);
  if (pixels == nullptr) {
    throw mistake(from + ": the picture is damaged: " + ::stbi_failure_reason());
  }

  auto const size = static_cast<std::size_t>(inlay::elements_of(type.shape)) * sizeof(float);
  tensor t{{}, type, std::string(size, '\0')};
  for (std::int64_t y = 0; y < form.height; ++y) {
    between const row(y, form.height, height);
    for (std::int64_t x = 0; x < form.width; ++x) {
      between const column(x, form.width, width);
      for (std::int64_t c = 0; c < form.channels; ++c) {
        auto const pixel = [&](std::int64_t i, std::int64_t j) {
          return static_cast<double>(pixels.get()[(i * width + j) * form.channels + c]);
        };
        auto const along = [&](std::int64_t i) {
          return std::lerp(pixel(i, column.first), pixel(i, column.second), column.part);
        };
        auto const value = std::lerp(along(row.first), along(row.second), row.part) / 255;
        auto const result =
            (value - of_channel(values.mean, c, 0)) * of_channel(values.scale, c, 1);
        auto const flat = form.is_channels_last ? (y * form.width + x) * form.channels + c
                                                : (c * form.height + y) * form.width + x;
        auto at = static_cast<std::size_t>(flat) * sizeof(float);
        inlay::write_little_endian(static_cast<float>(result),
                                   [&](char byte) { t.elements[at++] = byte; });
      }
    }
  }
  return t;
}

tensor read_image(std::filesystem::path const& path, inlay::tensor_type type,
                  image_values const& values) {
  return parse_image(read_file(path), path.string(), type, values);
}
