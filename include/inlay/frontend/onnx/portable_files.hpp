// Files of a system of which only the standard library is known.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "inlay/core/string_view.hpp"
#include "inlay/frontend/onnx/file_bytes.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// As `posix_files`, and always by copy. Links are looked for before a file is opened: one that is
/// made in between is not seen.
class portable_files {
 public:
  static result<file_bytes> open(std::filesystem::path const& path, file_access,
                                 std::uint64_t size_limit) {
    return read(path, path.string(), size_limit);
  }

  static result<portable_files> open_folder(std::filesystem::path const& path) {
    portable_files files;
    files.folder_ = path;
    return files;
  }

  result<file_bytes> open_beneath(std::string const& location, file_access) const {
    auto path = folder_;
    auto const open_part = [&](std::string const& part, bool) -> error {
      // A drive, a stream of a file, or another way to write a folder.
      if (part.find_first_of("\\:") != part.npos) {
        return leads_astray(location, "its path holds a colon or a backslash");
      }
      path /= part;
      std::error_code ignored;
      if (std::filesystem::is_symlink(std::filesystem::symlink_status(path, ignored))) {
        return leads_astray(location, "it leads through a symbolic link");
      }
      return {};
    };
    if (auto const e = each_part(location, open_part)) return e;
    return read(path, location, INT64_MAX);
  }

 private:
  static result<file_bytes> read(std::filesystem::path const& path, string_view name,
                                 std::uint64_t size_limit) {
    std::error_code why;
    auto const status = std::filesystem::status(path, why);
    if (!std::filesystem::exists(status)) {
      return cannot("open", name, std::errc::no_such_file_or_directory);
    }
    if (std::filesystem::is_directory(status)) {
      return cannot("read", name, std::errc::is_a_directory);
    }
    if (!std::filesystem::is_regular_file(status)) {
      return cannot("read", name, "it is no regular file");
    }
    auto const size = std::filesystem::file_size(path, why);
    if (why) return cannot("read", name, why.message());
    if (size > size_limit) return too_large_for_onnx(size);
    if (size > SIZE_MAX / 2) return cannot("read", name, std::errc::not_enough_memory);
    std::ifstream file(path, std::ios::binary);
    if (!file) return cannot("open", name, std::errc::permission_denied);
    if (size == 0) return file_bytes{};
    auto bytes = file_bytes::allocate(static_cast<std::size_t>(size));
    if (bytes.data() == nullptr) return cannot("read", name, std::errc::not_enough_memory);
    if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) {
      return cannot("read", name, std::errc::io_error);
    }
    return bytes;
  }

  std::filesystem::path folder_;
};

}  // namespace inlay::inline INLAY_VERSION::detail
