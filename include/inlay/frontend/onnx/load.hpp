// Loads a model from its file and those beside it; at run time only.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "inlay/core/index_table.hpp"
#include "inlay/core/result.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/frontend/onnx/external.hpp"
#include "inlay/frontend/onnx/file_bytes.hpp"
#include "inlay/frontend/onnx/read.hpp"

#if __has_include(<sys/mman.h>) && __has_include(<unistd.h>)
#include "inlay/frontend/onnx/posix_files.hpp"
#else
#include "inlay/frontend/onnx/portable_files.hpp"
#endif

namespace inlay::inline INLAY_VERSION {

/// A graph, and the files that its names and constants are views of. It may be moved: the views
/// stay right.
struct onnx_file {
  inlay::graph graph;
  file_bytes model;
  std::vector<file_bytes> externals;

  /// See `file_bytes`.
  void forget_pages() const {
    model.forget_pages();
    for (auto const& e : externals) e.forget_pages();
  }
};

namespace detail {

#if __has_include(<sys/mman.h>) && __has_include(<unistd.h>)
using files_of_system = posix_files;
#else
using files_of_system = portable_files;
#endif

/// The files of external data of one model, each opened once.
template <class Files> class external_files {
 public:
  external_files(std::filesystem::path const& model, file_access access)
      : folder_(Files::open_folder(model.has_parent_path() ? model.parent_path() : ".")),
        access_(access) {}

  result<string_view> operator()(string_view location) {
    if (!folder_) return folder_.failure();
    auto normal = normal_location(location);
    if (!normal) return normal.failure();
    auto const hash = hash_text(*normal);
    auto const is_same = [&](std::uint32_t i) { return locations_[i] == *normal; };
    auto const found = table_.find(hash, is_same);
    if (found != index_table::absent) return files_[found].view();
    auto file = folder_->open_beneath(*normal, access_);
    if (!file) return file.failure();
    table_.insert(hash, static_cast<std::uint32_t>(files_.size()));
    locations_.push_back(std::move(*normal));
    files_.push_back(std::move(*file));
    return files_.back().view();
  }

  std::vector<file_bytes> take() { return std::move(files_); }

 private:
  result<Files> folder_;
  file_access access_;
  index_table table_;
  std::vector<std::string> locations_;
  std::vector<file_bytes> files_;
};

template <class Files>
result<onnx_file> load_onnx(std::filesystem::path const& path, file_access access) {
  auto model = Files::open(path, access, (std::uint64_t{1} << 31) - 1);
  if (!model) return model.failure();
  if (model->view().empty()) return cannot("read", path.string(), "it is empty");
  onnx_file loaded;
  loaded.model = std::move(*model);
  loaded.graph = read_onnx(loaded.model.view());
  if (!loaded.graph.failure && !loaded.graph.externals.empty()) {
    external_files<Files> externals(path, access);
    loaded.graph = resolve_external(std::move(loaded.graph), externals);
    loaded.externals = externals.take();
  }
  if (loaded.graph.failure) return loaded.graph.failure;
  return loaded;
}

}  // namespace detail

/// The model in the file of that path. The file is mapped, where the system can: weights are read
/// when they are used, and never copied. A file that becomes shorter meanwhile ends the program;
/// `load_onnx_copy` is for those.
/// *Errors*: a file that cannot be read or is none; those of `read_onnx`; those of
/// `resolve_external`. Elements in other files must lie beneath the model's folder, in regular
/// files that no symbolic link leads to.
/// *Costs*: as `read_onnx`, for both the model and the files beside it.
inline result<onnx_file> load_onnx(std::filesystem::path const& path) {
  return detail::load_onnx<detail::files_of_system>(path, file_access::map);
}

/// As `load_onnx`, with all files read into memory.
inline result<onnx_file> load_onnx_copy(std::filesystem::path const& path) {
  return detail::load_onnx<detail::files_of_system>(path, file_access::copy);
}

}  // namespace inlay::inline INLAY_VERSION
