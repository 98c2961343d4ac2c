// Tensors in files of their own: NumPy's .npy and .npz, ONNX's TensorProto.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <filesystem>
#include <inlay/frontend/npz.hpp>
#include <inlay/graph/node.hpp>
#include <string>
#include <string_view>
#include <vector>

/// A tensor and its memory.
struct tensor {
  std::string name;
  inlay::tensor_type type;
  std::string elements;  // row-major, little-endian, packed as ONNX packs them
};

/// "float32 1x10"
std::string text_of(inlay::tensor_type const& type);

// All throw `mistake`, with a sentence that names the file.

std::string read_file(std::filesystem::path const& path);
void write_file(std::filesystem::path const& path, std::string_view bytes);

/// A TensorProto. Texts and elements in another file are errors.
tensor read_pb(std::filesystem::path const& path);

tensor read_npy(std::filesystem::path const& path);
void write_npy(std::filesystem::path const& path, tensor const& t);

/// The arrays of a .npz file, stored or deflated. Nothing is unpacked before it is asked for; an
/// array has less than 2^31 bytes.
class npz_file {
 public:
  explicit npz_file(std::filesystem::path const& path);
  /// The bytes of a file; `from` names it in sentences.
  npz_file(std::string bytes, std::string from);
  npz_file(npz_file const&) = delete;  // the entries are views
  npz_file& operator=(npz_file const&) = delete;
  std::vector<std::string> names() const;
  bool contains(std::string_view name) const;
  tensor read(std::string_view name) const;

 private:
  void read_entries();

  std::string from_;
  std::string bytes_;
  std::vector<inlay::npz_entry> entries_;
};

void write_npz(std::filesystem::path const& path, std::vector<tensor> const& tensors);

/// An array as the bytes of a .npy file; `from` names it in sentences.
tensor parse_npy(std::string_view bytes, std::string const& from);
std::string format_npy(tensor const& t);
