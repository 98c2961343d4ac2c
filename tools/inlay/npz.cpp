// NumPy's .npz: a ZIP archive of .npy files.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <inlay/core/bytes.hpp>
#include <inlay/frontend/npz.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "mistake.hpp"
#include "tensor_file.hpp"

namespace {

constexpr std::uint32_t local_signature = 0x04034b50, entry_signature = 0x02014b50,
                        end_signature = 0x06054b50;
constexpr std::uint32_t largest_array = 0x7fff'ffff;

template <class T> void put(std::string& to, T number) {
  inlay::write_little_endian(number, [&](char byte) { to += byte; });
}

std::uint32_t checksum_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32_z(0, reinterpret_cast<Bytef const*>(bytes.data()), bytes.size()));
}

/// What deflated bytes are, if these are `size` bytes; memory is taken as they come.
bool inflate_to(std::string& to, std::string_view packed, std::size_t size) {
  z_stream stream{};
  if (::inflateInit2(&stream, -MAX_WBITS) != Z_OK) return false;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  char part[1 << 14];
  int state = Z_OK;
  while (state == Z_OK && to.size() <= size) {
    stream.next_out = reinterpret_cast<Bytef*>(part);
    stream.avail_out = sizeof part;
    state = ::inflate(&stream, Z_NO_FLUSH);
    to.append(part, sizeof part - stream.avail_out);
  }
  ::inflateEnd(&stream);
  return state == Z_STREAM_END && to.size() == size;
}

}  // namespace

npz_file::npz_file(std::filesystem::path const& path) : npz_file(read_file(path), path.string()) {}

npz_file::npz_file(std::string bytes, std::string from)
    : from_(std::move(from)), bytes_(std::move(bytes)) {
  read_entries();
}

void npz_file::read_entries() {
  std::set<std::string> names;
  auto const failure = inlay::read_npz_entries(bytes_, [&](inlay::npz_entry const& e) {
    if (!names.insert(std::string(std::string_view(e.name))).second) {
      throw mistake(from_ + ": there are two arrays '" + std::string(std::string_view(e.name)) +
                    "'");
    }
    entries_.push_back(e);
  });
  if (failure) throw mistake(from_ + ": " + std::string(failure.text.view()));
}

std::vector<std::string> npz_file::names() const {
  std::vector<std::string> all;
  for (auto const& e : entries_) all.emplace_back(std::string_view(e.name));
  return all;
}

bool npz_file::contains(std::string_view name) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](auto& e) { return e.name == name; });
}

tensor npz_file::read(std::string_view name) const {
  for (auto const& e : entries_) {
    if (e.name != name) continue;
    auto const from = from_ + ": '" + std::string(name) + "'";
    std::string unpacked;
    std::string_view bytes = e.packed;
    if (e.is_deflated) {
      if (!inflate_to(unpacked, bytes, e.size)) throw mistake(from + ": its bytes are damaged");
      bytes = unpacked;
    }
    if (bytes.size() != e.size || checksum_of(bytes) != e.checksum) {
      throw mistake(from + ": its bytes are damaged");
    }
    auto t = parse_npy(bytes, from);
    t.name = e.name;
    return t;
  }
  throw mistake(from_ + ": there is no array '" + std::string(name) + "'");
}

void write_npz(std::filesystem::path const& path, std::vector<tensor> const& tensors) {
  if (tensors.size() > 65535) throw mistake(path.string() + " cannot hold more than 65535 arrays");
  std::string bytes, list;
  for (auto const& t : tensors) {
    auto const array = format_npy(t);
    auto const name = t.name + ".npy";
    auto const offset = bytes.size();
    if (array.size() > largest_array || offset + array.size() > UINT32_MAX || name.size() > 65535) {
      throw mistake("'" + t.name + "' is too large for " + path.string());
    }
    auto const size = static_cast<std::uint32_t>(array.size());
    auto const put_common = [&](std::string& to) {  // what both headers say
      put<std::uint16_t>(to, 20);                   // the version that it takes to unpack
      put<std::uint16_t>(to, 1 << 11);              // names are UTF-8
      put<std::uint16_t>(to, 0);                    // stored
      put<std::uint16_t>(to, 0);                    // midnight
      put<std::uint16_t>(to, 1 << 5 | 1);           // of 1 January 1980
      put(to, checksum_of(array));
      put(to, size);
      put(to, size);
      put(to, static_cast<std::uint16_t>(name.size()));
      put<std::uint16_t>(to, 0);
    };
    put(bytes, local_signature);
    put_common(bytes);
    bytes += name + array;
    put(list, entry_signature);
    put<std::uint16_t>(list, 20);
    put_common(list);
    list.append(10, '\0');  // no comment, first disk, no attributes
    put(list, static_cast<std::uint32_t>(offset));
    list += name;
  }
  auto const count = static_cast<std::uint16_t>(tensors.size());
  auto const first = static_cast<std::uint32_t>(bytes.size());
  bytes += list;
  put(bytes, end_signature);
  put<std::uint32_t>(bytes, 0);
  put(bytes, count);
  put(bytes, count);
  put(bytes, static_cast<std::uint32_t>(list.size()));
  put(bytes, first);
  put<std::uint16_t>(bytes, 0);
  write_file(path, bytes);
}
