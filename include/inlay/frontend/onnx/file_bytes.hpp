// The bytes of a file, and where a model may have other files.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <system_error>
#include <utility>

#include "inlay/core/result.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/graph/rule.hpp"

namespace inlay::inline INLAY_VERSION {

/// How a file becomes bytes: seen through the memory of the process, where the system reads what is
/// touched, or read as a whole.
enum class file_access : std::uint8_t { map, copy };

/// The bytes of one file, as long as this lives.
class file_bytes {
 public:
  using release_function = void (*)(char*, std::size_t);

  file_bytes() = default;
  /// Bytes that `release` gives back, of which `forget` gives back what a file has again.
  file_bytes(char* data, std::size_t size, release_function release,
             release_function forget = nullptr)
      : data_(data), size_(size), release_(release), forget_(forget) {}
  file_bytes(file_bytes&& other) noexcept { swap(other); }
  file_bytes& operator=(file_bytes other) noexcept {
    swap(other);
    return *this;
  }
  ~file_bytes() {
    if (release_ != nullptr) release_(data_, size_);
  }

  string_view view() const { return {data_, size_}; }
  /// Gives the memory of what is mapped back to the system, which reads it again where it is looked
  /// at.
  void forget_pages() const {
    if (forget_ != nullptr) forget_(data_, size_);
  }

  /// Memory for so many bytes; empty where there is none.
  static file_bytes allocate(std::size_t size) {
    auto* const data = new (std::nothrow) char[size];
    if (data == nullptr) return {};
    return {data, size, [](char* memory, std::size_t) { delete[] memory; }};
  }
  char* data() { return data_; }

 private:
  void swap(file_bytes& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(release_, other.release_);
    std::swap(forget_, other.forget_);
  }

  char* data_ = nullptr;
  std::size_t size_ = 0;
  release_function release_ = nullptr;
  release_function forget_ = nullptr;
};

namespace detail {

inline error cannot(string_view act, string_view path, string_view why) {
  return make_error(rule::the_file_must_be_readable, "cannot ", act, " '", path, "': ", why);
}
inline error cannot(string_view act, string_view path, std::errc why) {
  return cannot(act, path, std::make_error_code(why).message());
}

inline error too_large_for_onnx(std::uint64_t size) {
  return make_error(rule::the_file_must_be_smaller_than_2_gib, "the file has ", size,
                    " bytes; an ONNX file has less than 2147483648");
}

inline error leads_astray(string_view location, string_view how) {
  return make_error(rule::external_data_must_stay_beneath_the_model, "the file '", location,
                    "' may not be read: ", how);
}

/// A path beneath the model's folder, in the one form that each file has: without parts that are
/// empty or a dot. `./a//b` → `a/b`
inline result<std::string> normal_location(string_view location) {
  if (location.empty() || location.front() == '/') {
    return leads_astray(location, "it must be relative to the model's folder");
  }
  if (location.find('\0') != location.npos) {
    return leads_astray(location, "its name holds a zero");
  }
  std::string normal;
  for (auto rest = location; !rest.empty();) {
    auto const part = rest.substr(0, rest.find('/'));
    if (part == "..") return leads_astray(location, "it leads out of a folder");
    if (!part.empty() && part != ".") {
      if (!normal.empty()) normal += '/';
      normal += part;
    }
    rest.remove_prefix(part.size() == rest.size() ? part.size() : part.size() + 1);
  }
  if (normal.empty()) return leads_astray(location, "it is the model's folder");
  return normal;
}

/// Calls `visit` with each part of a path in that form, and whether it is the last, until one is
/// wrong.
template <class Visit> error each_part(string_view location, Visit&& visit) {
  for (auto rest = location;;) {
    auto const end = rest.find('/');
    if (auto e = visit(std::string(rest.substr(0, end)), end == rest.npos)) return e;
    if (end == rest.npos) return {};
    rest.remove_prefix(end + 1);
  }
}

}  // namespace detail

}  // namespace inlay::inline INLAY_VERSION
