// Weights in NumPy's .npz, a ZIP archive of .npy files, in the compiler and at run time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/bytes.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/frontend/npy.hpp"
#include "inlay/graph/builder.hpp"
#include "inlay/graph/graph.hpp"
#include "inlay/graph/store_constant.hpp"

namespace inlay::inline INLAY_VERSION {

/// An array of an archive, as it is packed.
struct npz_entry {
  string_view name;  // without ".npy"
  std::uint32_t checksum = 0;
  std::uint32_t size = 0;    // when unpacked
  bool is_deflated = false;  // else stored as it is
  string_view packed;
};

/// Calls `visit` with each array of the bytes of an archive, up to the first that is wrong: of less
/// than 2^31 bytes each.
/// *Source*: PKWARE's APPNOTE.TXT, sections 4.3.7 (local header), 4.3.12 (central directory) and
/// 4.3.16 (its end).
template <class Visit> constexpr error read_npz_entries(string_view bytes, Visit&& visit) {
  constexpr std::size_t local_size = 30;
  constexpr std::size_t entry_size = 46;
  constexpr std::size_t end_size = 22;
  constexpr std::size_t most_comment = 65535;
  constexpr std::uint32_t largest_array = 0x7fff'ffff;
  auto const damaged = [] {
    return make_error(rule::the_text_must_follow_the_grammar, "its list of arrays is damaged");
  };
  auto const number = [&]<class T>(T, std::size_t at) {
    return read_little_endian<T>(bytes.substr(at), 0);
  };
  auto const two = [&](std::size_t at) { return std::size_t{number(std::uint16_t{}, at)}; };
  auto const four = [&](std::size_t at) { return number(std::uint32_t{}, at); };
  auto const begins = [&](std::size_t at, char third, char fourth) {
    return bytes[at] == 'P' && bytes[at + 1] == 'K' && bytes[at + 2] == third &&
           bytes[at + 3] == fourth;
  };

  // Behind the end of the list there is a comment, as a rule an empty one.
  auto const size = bytes.size();
  bool has_end = false;
  auto end = size;
  for (auto at = size; at >= end_size && size - at <= most_comment && !has_end; --at) {
    end = at - end_size;
    has_end = begins(end, '\5', '\6');
  }
  if (!has_end) {
    return make_error(rule::the_file_must_not_be_truncated, "it is no .npz file, or is cut off");
  }
  auto const count = two(end + 10);
  auto at = std::size_t{four(end + 16)};
  for (std::size_t i = 0; i < count; ++i) {
    if (at > end || end - at < entry_size || !begins(at, '\1', '\2')) return damaged();
    auto const method = two(at + 10);
    auto const packed = four(at + 20);
    auto const name_size = two(at + 28);
    auto const more = two(at + 30) + two(at + 32);
    auto const local = std::size_t{four(at + 42)};
    if (name_size + more > end - at - entry_size) return damaged();
    npz_entry e;
    e.checksum = four(at + 16);
    e.size = four(at + 24);
    e.is_deflated = method == 8;
    e.name = bytes.substr(at + entry_size, name_size);
    if (e.name.size() > 4 && e.name.substr(e.name.size() - 4) == ".npy") e.name.remove_suffix(4);
    auto const wrong = [&](rule broken, auto const&... why) {
      return make_error(broken, "the array '", e.name, "' ", why...);
    };
    if ((two(at + 8) & 1) != 0) {
      return wrong(rule::the_text_must_follow_the_grammar, "is encrypted");
    }
    if (method != 0 && method != 8) {
      return wrong(rule::the_text_must_follow_the_grammar, "is packed by method ", method,
                   "; only stored and deflated ones are supported");
    }
    if (e.size > largest_array || packed > largest_array) {
      return wrong(rule::a_tensor_must_fit_in_memory, "has 2147483648 bytes or more");
    }
    if (local > end || end - local < local_size || !begins(local, '\3', '\4')) {
      return wrong(rule::the_text_must_follow_the_grammar, "is not where the list of arrays says");
    }
    auto const first = local + local_size + two(local + 26) + two(local + 28);
    if (first > end || end - first < packed) {
      return wrong(rule::the_file_must_not_be_truncated, "is cut off");
    }
    e.packed = bytes.substr(first, packed);
    visit(e);
    at += entry_size + name_size + more;
  }
  return {};
}

/// The arrays of a .npz file, as numpy.savez writes it, as constants of a graph, under their names;
/// the bytes must outlive it. `net.with(read_npz(bytes))` is a network with these weights.
/// *Errors*: `failure` of the graph; what numpy.savez_compressed has deflated is not supported.
/// *Costs*: linear in the names; only elements in Fortran's order, or big-endian ones, are copied.
template <class Graph = graph> constexpr Graph read_npz(string_view bytes) {
  basic_builder<Graph> b;
  auto& g = b.unfinished();
  auto const failure = read_npz_entries(bytes, [&](npz_entry const& e) {
    if (g.failure) return;
    if (e.is_deflated) {
      return g.fail(make_error(rule::the_text_must_follow_the_grammar, "the array '", e.name,
                               "' is deflated; numpy.savez stores what can be read here"));
    }
    auto const array = read_npy(e.packed);
    if (!array) {
      return g.fail(make_error(array.failure().broken, "the array '", e.name,
                               "': ", array.failure().text.view()));
    }
    tensor_type const type{array->element, array->shape};
    if (!array->is_fortran && !array->is_big_endian) {
      b.constant(e.name, type, array->elements);
    } else {
      auto const id = b.constant(e.name, type, string_view());
      g.values[id].constant = store_constant(g, [&](auto put) {
        put_elements(*array, [&](char byte) { put(static_cast<std::int8_t>(byte)); });
      });
    }
  });
  g.fail(failure);
  return b.finish();
}

}  // namespace inlay::inline INLAY_VERSION
