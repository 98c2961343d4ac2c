// NumPy's .npz: a ZIP archive of .npy files.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// *Source*: PKWARE's APPNOTE.TXT, sections 4.3.7 (local header), 4.3.12 (central directory) and
// 4.3.16 (its end).
#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <inlay/core/bytes.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "mistake.hpp"
#include "tensor_file.hpp"

namespace {

constexpr std::uint32_t local_signature = 0x04034b50, entry_signature = 0x02014b50,
                        end_signature = 0x06054b50;
constexpr std::size_t local_size = 30, entry_size = 46, end_size = 22;
constexpr std::uint32_t largest_array = 0x7fff'ffff;

/// A number at a byte of an archive; the byte must be there.
template <class T> T number_at(std::string_view bytes, std::size_t at) {
  return inlay::read_little_endian<T>(bytes.substr(at), 0);
}

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
  auto const fail = [&](std::string const& why) { throw mistake(from_ + ": " + why); };
  std::string_view const all = bytes_;
  auto const end = all.rfind(std::string_view("PK\5\6", 4));
  if (end == all.npos || all.size() - end < end_size) fail("it is no .npz file, or is cut off");
  auto const count = number_at<std::uint16_t>(all, end + 10);
  std::size_t at = number_at<std::uint32_t>(all, end + 16);
  std::set<std::string> names;
  for (unsigned i = 0; i < count; ++i) {
    if (at > end || end - at < entry_size || number_at<std::uint32_t>(all, at) != entry_signature) {
      fail("its list of arrays is damaged");
    }
    entry e;
    e.method = number_at<std::uint16_t>(all, at + 10);
    e.checksum = number_at<std::uint32_t>(all, at + 16);
    auto const packed = number_at<std::uint32_t>(all, at + 20);
    e.size = number_at<std::uint32_t>(all, at + 24);
    std::size_t const name_size = number_at<std::uint16_t>(all, at + 28);
    std::size_t const more = std::size_t{number_at<std::uint16_t>(all, at + 30)} +
                             number_at<std::uint16_t>(all, at + 32);
    std::size_t const local = number_at<std::uint32_t>(all, at + 42);
    if (name_size + more > end - at - entry_size) fail("its list of arrays is damaged");
    e.name = all.substr(at + entry_size, name_size);
    if (e.name.ends_with(".npy")) e.name.resize(e.name.size() - 4);
    if ((number_at<std::uint16_t>(all, at + 8) & 1) != 0) {
      fail("the array '" + e.name + "' is encrypted");
    }
    if (e.method != 0 && e.method != 8) {
      fail("the array '" + e.name + "' is packed by method " + std::to_string(e.method) +
           "; only stored and deflated ones are supported");
    }
    if (e.size > largest_array || packed > largest_array) {
      fail("the array '" + e.name + "' has 2147483648 bytes or more");
    }
    if (local > end || end - local < local_size ||
        number_at<std::uint32_t>(all, local) != local_signature) {
      fail("the array '" + e.name + "' is not where the list of arrays says");
    }
    auto const first = local + local_size + number_at<std::uint16_t>(all, local + 26) +
                       number_at<std::uint16_t>(all, local + 28);
    if (first > end || end - first < packed) fail("the array '" + e.name + "' is cut off");
    e.packed = all.substr(first, packed);
    if (!names.insert(e.name).second) fail("there are two arrays '" + e.name + "'");
    entries_.push_back(e);
    at += entry_size + name_size + more;
  }
}

std::vector<std::string> npz_file::names() const {
  std::vector<std::string> all;
  for (auto const& e : entries_) all.push_back(e.name);
  return all;
}

bool npz_file::contains(std::string_view name) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](auto& e) { return e.name == name; });
}

tensor npz_file::read(std::string_view name) const {
  for (auto const& e : entries_) {
    if (e.name != name) continue;
    auto const from = from_ + ": '" + e.name + "'";
    std::string unpacked;
    auto bytes = e.packed;
    if (e.method != 0) {
      if (!inflate_to(unpacked, e.packed, e.size)) throw mistake(from + ": its bytes are damaged");
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
