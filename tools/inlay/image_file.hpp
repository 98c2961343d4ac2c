// Pictures as tensors.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <filesystem>
#include <inlay/graph/node.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tensor_file.hpp"

/// What becomes of a channel: (value - mean) * scale, for values from 0 to 1. One number is for all
/// channels; none is for nothing.
struct image_values {
  std::vector<double> mean;
  std::vector<double> scale;
};

/// The picture in a PNG or JPEG file as a tensor of a type: float32 [1, channels, height, width],
/// with the channels last, without the 1, or [height, width]; 1 channel is grey, 3 are red, green,
/// blue, 4 have alpha too. A number of pictures without a value is 1.
/// *Errors*: throws `mistake` where the file is none, or the type is not one of these.
tensor read_image(std::filesystem::path const& path, inlay::tensor_type type,
                  image_values const& values);

/// The same for the bytes of a file; `from` names it in sentences.
tensor parse_image(std::string_view bytes, std::string const& from, inlay::tensor_type type,
                   image_values const& values);
