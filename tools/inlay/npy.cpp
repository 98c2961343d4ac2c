// NumPy's .npy: a line of Python that describes the array, then its elements.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/frontend/npy.hpp>

#include <string>
#include <string_view>

#include "mistake.hpp"
#include "tensor_file.hpp"

tensor parse_npy(std::string_view bytes, std::string const& from) {
  auto const array = inlay::read_npy(bytes);
  if (!array) throw mistake(from + ": " + std::string(array.failure().text.view()));
  tensor t{{}, {array->element, array->shape}, {}};
  if (array->is_fortran || array->is_big_endian) {
    inlay::put_elements(*array, [&](char byte) { t.elements += byte; });
  } else {
    t.elements = std::string_view(array->elements);
  }
  return t;
}

std::string format_npy(tensor const& t) {
  std::string_view name;
  for (auto const& known : inlay::npy_format::numpy_types) {
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
  std::string bytes{std::string_view(inlay::npy_format::magic)};
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
