// Gives the constants of a graph the elements that stand in other files.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "inlay/core/result.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// The bytes of `file` that the elements of a tensor of `wanted` bytes are.
constexpr result<string_view> external_bytes(external_data const& e, string_view file,
                                             std::int64_t wanted) {
  auto const size = static_cast<std::int64_t>(file.size());
  if (e.offset < 0 || e.offset > size) {
    return make_error(rule::external_data_must_lie_in_its_file, "its elements begin at byte ",
                      e.offset, " of the file '", e.location, "', which has ", size, " bytes");
  }
  auto const length = e.length < 0 ? size - e.offset : e.length;
  if (length > size - e.offset) {
    return make_error(rule::external_data_must_lie_in_its_file, "its elements have ", length,
                      " bytes from byte ", e.offset, " of the file '", e.location, "', which has ",
                      size, " bytes");
  }
  if (length != wanted) {
    return make_error(rule::a_tensor_must_hold_as_many_bytes_as_its_shape, "it must hold ", wanted,
                      " bytes, not the ", length, " from byte ", e.offset, " of the file '",
                      e.location, "'");
  }
  return file.substr(static_cast<std::size_t>(e.offset), static_cast<std::size_t>(length));
}

}  // namespace detail

/// Every constant whose elements stand in another file views them there. `lookup(location)` is a
/// `result<string_view>`: the bytes of the file of that name, which must outlive the graph, or
/// why there are none. The constants still say where their elements are from.
///   before   constant %1 "w" : float32[2] = external("weights.bin", 64, 8)
///   after    constant %1 "w" : float32[2] = external("weights.bin", 64, 8) AAAAPwAAgL8=
/// *Errors*: those of `lookup`; elements outside of the file; more or fewer than the tensor has.
/// *Costs*: one call of `lookup` for each such constant. The elements are not touched.
template <class Lookup> constexpr graph resolve_external(graph g, Lookup&& lookup) {
  if (g.failure || g.externals.empty()) return g;
  for (auto const& v : g.values) {
    if (v.constant >= g.constants.size()) continue;
    auto& c = g.constants[v.constant];
    if (c.external >= g.externals.size() || !g.bytes_of(c).empty()) continue;
    auto const& e = g.externals[c.external];
    result<string_view> bytes = lookup(e.location);
    if (bytes && !is_in_memory(v.type.shape)) {
      bytes = make_error(rule::a_tensor_must_fit_in_memory, "it is too large");
    } else if (bytes) {
      bytes =
          detail::external_bytes(e, *bytes, bytes_of(v.type.element, elements_of(v.type.shape)));
    }
    if (!bytes) {
      auto const& why = bytes.failure();
      g.fail(make_error(why.broken, "tensor '", v.name, "': ", why.text));
      return g;
    }
    c.bytes = *bytes;
  }
  return g;
}

}  // namespace inlay::inline INLAY_VERSION
