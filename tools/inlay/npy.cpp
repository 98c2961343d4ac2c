// NumPy's .npy: a line of Python that describes the array, then its elements.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// *Source*: numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mistake.hpp"
#include "tensor_file.hpp"

namespace {

using inlay::element_type;
using namespace std::string_view_literals;

struct numpy_type {
  std::string_view name;  // without the order of bytes
  element_type element;
};

constexpr numpy_type numpy_types[] = {
    {"f4", element_type::float32},   {"f8", element_type::float64},
    {"f2", element_type::float16},   {"b1", element_type::boolean},
    {"i1", element_type::int8},      {"i2", element_type::int16},
    {"i4", element_type::int32},     {"i8", element_type::int64},
    {"u1", element_type::uint8},     {"u2", element_type::uint16},
    {"u4", element_type::uint32},    {"u8", element_type::uint64},
    {"c8", element_type::complex64}, {"c16", element_type::complex128},
};

constexpr auto magic = "\x93NUMPY"sv;

struct header {
  std::string_view type;
  bool is_fortran = false;
  inlay::shape shape;
};

/// {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
class header_reader {
 public:
  header_reader(std::string_view text, std::string const& from) : rest_(text), from_(from) {}

  header read() {
    header h;
    bool has_type = false, has_order = false, has_shape = false;
    expect("{");
    while (!take("}")) {
      auto const key = quoted();
      expect(":");
      auto& is_there = key == "descr" ? has_type : key == "fortran_order" ? has_order : has_shape;
      if ((&is_there == &has_shape && key != "shape") || is_there) fail();
      is_there = true;
      if (key == "descr") h.type = quoted();
      else if (key == "shape") h.shape = extents();
      else if (take("True")) h.is_fortran = true;
      else expect("False");
      if (!take(",")) {
        expect("}");
        break;
      }
    }
    if (!has_type || !has_order || !has_shape || !blank().empty()) fail();
    return h;
  }

 private:
  [[noreturn]] void fail() { throw mistake(from_ + ": the header of the array is not NumPy's"); }

  std::string_view blank() {
    auto const first = rest_.find_first_not_of(" \n");
    rest_.remove_prefix(first == rest_.npos ? rest_.size() : first);
    return rest_;
  }
  bool take(std::string_view token) {
    if (!blank().starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  void expect(std::string_view token) {
    if (!take(token)) fail();
  }
  std::string_view quoted() {
    auto const quote = take("'") ? '\'' : '"';
    if (quote == '"') expect("\"");
    auto const end = rest_.find(quote);
    if (end == rest_.npos) fail();
    auto const text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return text;
  }
  inlay::shape extents() {
    inlay::shape s;
    expect("(");
    while (!take(")")) {
      std::int64_t extent = 0;
      auto const text = blank();
      auto const [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), extent);
      if (wrong != std::errc{} || extent < 0) fail();
      if (s.size() == inlay::max_rank) {
        throw mistake(from_ + ": the array has more than 8 axes; at most 8 are supported");
      }
      s.push_back(extent);
      rest_.remove_prefix(static_cast<std::size_t>(end - text.data()));
      if (!take(",")) {
        expect(")");
        break;
      }
    }
    return s;
  }

  std::string_view rest_;
  std::string const& from_;
};

/// From the first axis innermost to the last axis innermost.
std::string to_row_major(std::string_view from, inlay::shape const& s, std::size_t size) {
  std::string to(from.size(), '\0');
  std::size_t index[inlay::max_rank]{};
  for (std::size_t i = 0; i < from.size() / size; ++i) {
    std::size_t flat = 0;
    for (int axis = 0; axis < s.size(); ++axis) {
      flat = flat * static_cast<std::size_t>(s[axis]) + index[axis];
    }
    from.copy(to.data() + flat * size, size, i * size);
    for (int axis = 0; axis < s.size(); ++axis) {
      if (++index[axis] < static_cast<std::size_t>(s[axis])) break;
      index[axis] = 0;
    }
  }
  return to;
}

numpy_type const* find_type(std::string_view descr) {
  if (descr.size() < 2 || "<>|="sv.find(descr.front()) == std::string_view::npos) return nullptr;
  for (auto const& t : numpy_types) {
    if (t.name == descr.substr(1)) return &t;
  }
  return nullptr;
}

}  // namespace

tensor parse_npy(std::string_view bytes, std::string const& from) {
  if (!bytes.starts_with(magic)) throw mistake(from + ": it is no .npy array");
  auto const at = [&](std::size_t i) {
    if (i >= bytes.size()) throw mistake(from + ": the array is cut off");
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  auto const version = at(6);
  if (version < 1 || version > 3) {
    throw mistake(from + ": version " + std::to_string(version) + " of .npy is not supported");
  }
  auto size = at(8) | at(9) << 8;
  if (version > 1) size |= at(10) << 16 | at(11) << 24;
  auto const first = version == 1 ? std::size_t{10} : std::size_t{12};
  if (size > bytes.size() - first) throw mistake(from + ": the array is cut off");
  auto const h = header_reader(bytes.substr(first, size), from).read();
  auto const* const type = find_type(h.type);
  if (type == nullptr) {
    throw mistake(from + ": elements of NumPy's type '" + std::string(h.type) +
                  "' are not supported");
  }
  tensor t{{}, {type->element, h.shape}, {}};
  auto const held = bytes.substr(first + size);
  auto const element_size = static_cast<std::size_t>(inlay::bits_of(type->element) / 8);
  if (!inlay::is_in_memory(h.shape) ||
      static_cast<std::uint64_t>(inlay::elements_of(h.shape)) * element_size != held.size()) {
    throw mistake(from + ": an array of " + text_of(t.type) + " does not have " +
                  std::to_string(held.size()) + " bytes");
  }
  t.elements = h.is_fortran ? to_row_major(held, h.shape, element_size) : std::string(held);
  if (h.type.front() == '>') {
    bool const is_complex = h.type[1] == 'c';
    auto const part = static_cast<std::ptrdiff_t>(is_complex ? element_size / 2 : element_size);
    for (auto i = t.elements.begin(); i != t.elements.end(); i += part) std::reverse(i, i + part);
  }
  return t;
}

std::string format_npy(tensor const& t) {
  std::string_view name;
  for (auto const& known : numpy_types) {
    if (known.element == t.type.element) name = known.name;
  }
  if (name.empty()) {
    throw mistake("'" + t.name + "': NumPy has no type for elements of " +
                  std::string(inlay::name_of(t.type.element)));
  }
  std::string text = "{'descr': '";
  text.append(inlay::bits_of(t.type.element) == 8 ? "|" : "<").append(name);
  text += "', 'fortran_order': False, 'shape': (";
  for (auto const extent : t.type.shape) text += std::to_string(extent) + ", ";
  text += "), }";
  // NumPy reads "(2, )" as it reads "(2,)". The elements start at a multiple of 64 bytes.
  constexpr std::size_t fixed = 10;
  text.append((64 - (fixed + text.size() + 1) % 64) % 64, ' ') += '\n';
  std::string bytes(magic);
  bytes += '\1';
  bytes += '\0';
  bytes += static_cast<char>(text.size() & 0xff);
  bytes += static_cast<char>(text.size() >> 8);
  return bytes + text + t.elements;
}

tensor read_npy(std::filesystem::path const& path) {
  return parse_npy(read_file(path), path.string());
}

void write_npy(std::filesystem::path const& path, tensor const& t) {
  write_file(path, format_npy(t));
}
