// Compiled code on disk, for the next load: of systems with POSIX files.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "inlay/core/result.hpp"
#include "inlay/frontend/onnx/posix_files.hpp"
#include "inlay/graph/rule.hpp"

namespace inlay::inline INLAY_VERSION::jit {

/// A folder of files, each the object files of one program. A file is named by a hash of its key,
/// holds the key itself, and ends with a checksum: what does not fit is not there. Files are
/// written beside their place and renamed, so that who reads sees a whole one or none, whoever else
/// writes and whenever that one is stopped.
/// *Costs*: at most `most_bytes` of files; the ones written first go first.
class code_cache {
 public:
  static constexpr std::int64_t usual_size = std::int64_t{256} << 20;

  /// The folder of that path, which is made if it is not there.
  /// *Errors*: where it is no folder, or another user owns it, or may write to it or read it.
  static result<code_cache> open(std::string const& folder, std::int64_t most_bytes = usual_size) {
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path(folder).parent_path(), ignored);
    ::mkdir(folder.c_str(), S_IRWXU);
    code_cache made;
    made.most_bytes_ = most_bytes;
    constexpr int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;
    made.folder_ = std::make_shared<detail::descriptor const>(::open(folder.c_str(), flags));
    if (!*made.folder_) return refused(folder, std::strerror(errno));
    struct stat about{};
    if (::fstat(made.folder_->number(), &about) != 0) return refused(folder, std::strerror(errno));
    if (about.st_uid != ::geteuid()) return refused(folder, "another user owns it");
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
      return refused(folder, "its mode lets other users in; it must be 0700");
    }
    return made;
  }

  /// Where programs keep what they can make again, by the XDG Base Directory Specification; empty
  /// where the user has no such place.
  static std::string folder_of_user() {
    auto const path = [](char const* name, char const* below) {
      auto const* const value = std::getenv(name);
      return value != nullptr && value[0] == '/' ? value + std::string(below) : std::string();
    };
    auto const usual = path("XDG_CACHE_HOME", "/inlay");
    return usual.empty() ? path("HOME", "/.cache/inlay") : usual;
  }

  /// What was kept under that key; nothing if it is not there as it was written.
  std::vector<std::string> find(std::string_view key) const {
    auto const bytes = read(name_of(key));
    constexpr auto least = magic.size() + 2 * word + word;
    if (bytes.size() < least || !bytes.starts_with(magic)) return {};
    std::string_view rest(bytes);
    auto const sum = number_at(rest, rest.size() - word);
    rest.remove_suffix(word);
    if (sum != checksum(rest)) return {};
    rest.remove_prefix(magic.size());
    if (take(rest) != key) return {};
    std::vector<std::string> objects;
    while (!rest.empty()) objects.emplace_back(take(rest));
    return objects;
  }

  /// Keeps objects under a key, if the disk lets it.
  void keep(std::string_view key, std::vector<std::string_view> const& objects) const {
    std::string bytes(magic);
    append(bytes, key);
    for (auto const& object : objects) append(bytes, object);
    append_number(bytes, checksum(bytes));
    if (static_cast<std::int64_t>(bytes.size()) > most_bytes_) return;
    write(name_of(key), bytes);
    sweep();
  }

 private:
  static constexpr std::string_view magic = "inlay code 1\n";
  static constexpr std::size_t word = 8;

  static error refused(std::string const& folder, char const* why) {
    return make_error(rule::the_cache_must_be_a_folder_of_the_user, "the cache '", folder.c_str(),
                      "' cannot be used: ", why);
  }

  /// FNV-1a: every byte changes it.   *Source*: Fowler, Noll, Vo, RFC 9923.
  static std::uint64_t checksum(std::string_view bytes) {
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325;
    for (char const byte : bytes) {
      hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100'0000'01b3;
    }
    return hash;
  }
  static std::string name_of(std::string_view key) {
    constexpr char digits[] = "0123456789abcdef";
    auto const hash = checksum(key);
    std::string name;
    for (int shift = 60; shift >= 0; shift -= 4) name += digits[hash >> shift & 15];
    return name + ".code";
  }
  static void append_number(std::string& to, std::uint64_t number) {
    for (std::size_t i = 0; i < word; ++i) to += static_cast<char>(number >> 8 * i & 255);
  }
  static std::uint64_t number_at(std::string_view from, std::size_t at) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < word; ++i) {
      number |= std::uint64_t{static_cast<unsigned char>(from[at + i])} << 8 * i;
    }
    return number;
  }
  static void append(std::string& to, std::string_view part) {
    append_number(to, part.size());
    to += part;
  }
  /// The next part; the rest if its size says more than there is.
  static std::string_view take(std::string_view& from) {
    if (from.size() < word) return std::exchange(from, {});
    auto const size = number_at(from, 0);
    from.remove_prefix(word);
    auto const part = from.substr(0, static_cast<std::size_t>(size));
    from.remove_prefix(part.size());
    return part;
  }

  /// The bytes of a file of the user's own, or none.
  std::string read(std::string const& name) const {
    constexpr int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    detail::descriptor const file(::openat(folder_->number(), name.c_str(), flags));
    struct stat about{};
    if (!file || ::fstat(file.number(), &about) != 0 || !S_ISREG(about.st_mode) ||
        about.st_uid != ::geteuid() || about.st_size > most_bytes_) {
      return {};
    }
    std::string bytes(static_cast<std::size_t>(about.st_size), '\0');
    for (std::size_t at = 0; at < bytes.size();) {
      auto const count = ::read(file.number(), bytes.data() + at, bytes.size() - at);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return {};
      at += static_cast<std::size_t>(count);
    }
    return bytes;
  }

  void write(std::string const& name, std::string_view bytes) const {
    static std::atomic<unsigned> number = 0;
    auto const beside = name + '.' + std::to_string(::getpid()) + '.' + std::to_string(++number);
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    auto const folder = folder_->number();
    bool is_whole = true;
    {
      detail::descriptor const file(::openat(folder, beside.c_str(), flags, S_IRUSR | S_IWUSR));
      if (!file) return;
      while (is_whole && !bytes.empty()) {
        auto const count = ::write(file.number(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        is_whole = count > 0;
        if (is_whole) bytes.remove_prefix(static_cast<std::size_t>(count));
      }
    }
    if (is_whole) is_whole = ::renameat(folder, beside.c_str(), folder, name.c_str()) == 0;
    if (!is_whole) ::unlinkat(folder, beside.c_str(), 0);
  }

  /// Removes the oldest files while there are too many bytes of them, and what processes that were
  /// stopped an hour ago or earlier left behind.
  void sweep() const {
    struct entry {
      std::string name;
      std::int64_t bytes;
      std::int64_t written;
    };
    auto const copy = ::openat(folder_->number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    auto* const listing = copy < 0 ? nullptr : ::fdopendir(copy);
    if (listing == nullptr) return;
    std::vector<entry> all;
    std::int64_t bytes = 0;
    auto const now = static_cast<std::int64_t>(std::time(nullptr));
    while (auto const* const found = ::readdir(listing)) {
      std::string name(found->d_name);
      struct stat about{};
      if (name.find(".code") == name.npos ||
          ::fstatat(folder_->number(), name.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0) {
        continue;
      }
      auto const written = static_cast<std::int64_t>(about.st_mtime);
      bool const is_left_behind = !name.ends_with(".code") && written + 3600 < now;
      if (is_left_behind) ::unlinkat(folder_->number(), name.c_str(), 0);
      else if (name.ends_with(".code")) {
        all.push_back({std::move(name), static_cast<std::int64_t>(about.st_size), written});
        bytes += all.back().bytes;
      }
    }
    ::closedir(listing);
    std::sort(all.begin(), all.end(), [](entry const& a, entry const& b) {
      return a.written != b.written ? a.written < b.written : a.name < b.name;
    });
    for (auto const& oldest : all) {
      if (bytes <= most_bytes_) break;
      ::unlinkat(folder_->number(), oldest.name.c_str(), 0);
      bytes -= oldest.bytes;
    }
  }

  std::shared_ptr<detail::descriptor const> folder_;
  std::int64_t most_bytes_ = usual_size;
};

}  // namespace inlay::inline INLAY_VERSION::jit
