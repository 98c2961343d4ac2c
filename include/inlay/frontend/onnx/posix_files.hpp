// Files of a system with openat and mmap.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "inlay/core/string_view.hpp"
#include "inlay/frontend/onnx/file_bytes.hpp"

namespace inlay::inline INLAY_VERSION::detail {

/// What an open file or folder is called in the process.
class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int number) : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

class posix_files {
 public:
  /// The bytes of a regular file, of whatever path.
  static result<file_bytes> open(std::filesystem::path const& path, file_access access,
                                 std::uint64_t size_limit) {
    // Opening a pipe would wait for somebody who writes.
    descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file) return cannot("open", path.native(), std::errc{errno});
    return bytes_of(file, path.native(), access, size_limit);
  }

  /// The folder of that path.
  static result<posix_files> open_folder(std::filesystem::path const& path) {
    posix_files files;
    files.folder_ = descriptor(::open(path.c_str(), folder_flags));
    if (!files.folder_) return cannot("open", path.native(), std::errc{errno});
    return files;
  }

  /// The bytes of a regular file beneath the folder, its path in the form of `normal_location`. No
  /// part of its path may be a symbolic link: each is opened from the folder before it, so that
  /// none can become one in between.
  result<file_bytes> open_beneath(std::string const& location, file_access access) const {
    descriptor last;
    auto const open_part = [&](std::string const& part, bool is_last) -> error {
      auto const from = last ? last.number() : folder_.number();
      auto const flags = is_last ? O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK : folder_flags;
      descriptor next(::openat(from, part.c_str(), flags | O_NOFOLLOW));
      if (!next) {
        auto const why = std::errc{errno};
        struct stat facts{};
        if (::fstatat(from, part.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISLNK(facts.st_mode)) {
          return leads_astray(location, "it leads through a symbolic link");
        }
        return cannot("open", location, why);
      }
      last = std::move(next);
      return {};
    };
    if (auto const e = each_part(location, open_part)) return e;
    return bytes_of(last, location, access, INT64_MAX);
  }

 private:
#if defined(O_PATH)
  static constexpr int folder_flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
#else
  static constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
#endif

  static result<file_bytes> bytes_of(descriptor const& file, string_view name, file_access access,
                                     std::uint64_t size_limit) {
    struct stat facts{};
    if (::fstat(file.number(), &facts) != 0) return cannot("read", name, std::errc{errno});
    if (S_ISDIR(facts.st_mode)) return cannot("read", name, std::errc::is_a_directory);
    if (!S_ISREG(facts.st_mode)) return cannot("read", name, "it is no regular file");
    auto const size = static_cast<std::uint64_t>(facts.st_size);
    if (size > size_limit) return too_large_for_onnx(size);
    if (size > SIZE_MAX / 2) return cannot("read", name, std::errc::not_enough_memory);
    if (size == 0) return file_bytes{};
    return access == file_access::map ? map(file, name, static_cast<std::size_t>(size))
                                      : read(file, name, static_cast<std::size_t>(size));
  }

  static result<file_bytes> map(descriptor const& file, string_view name, std::size_t size) {
    auto* const memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number(), 0);
    if (memory == MAP_FAILED) return cannot("map", name, std::errc{errno});
    return file_bytes(
        static_cast<char*>(memory), size,
        [](char* data, std::size_t count) { ::munmap(data, count); },
        [](char* data, std::size_t count) { ::madvise(data, count, MADV_DONTNEED); });
  }

  static result<file_bytes> read(descriptor const& file, string_view name, std::size_t size) {
    auto bytes = file_bytes::allocate(size);
    if (bytes.data() == nullptr) return cannot("read", name, std::errc::not_enough_memory);
    for (std::size_t done = 0; done < size;) {
      auto const count = ::read(file.number(), bytes.data() + done, size - done);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return cannot("read", name, std::errc{errno});
      if (count == 0) return cannot("read", name, "it has become shorter meanwhile");
      done += static_cast<std::size_t>(count);
    }
    return bytes;
  }

  descriptor folder_;
};

}  // namespace inlay::inline INLAY_VERSION::detail
