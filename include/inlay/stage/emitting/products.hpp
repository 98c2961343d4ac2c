// Sums of four products of bytes, as code that computes them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/stage/emitting/memory.hpp"

namespace inlay::inline INLAY_VERSION {

/// Four elements of `T`, a byte each, in every lane of 32 bits.
template <class T> struct emitted_quads {
  emitted words = nullptr;
  int lanes = 0;
};

class emitting_products : public emitting_memory {
 public:
  using emitting_memory::emitting_memory;
  /// Only the emitter knows the machine.
  static constexpr bool has_quad_products = false;

  /// The four elements along the last axis of `t`, which are contiguous, at each position.
  template <class T, class... Index> auto load_quads(tensor_here<T> const& t, Index... i) {
    auto const [place, stride, j] = element_at(t, i...);
    auto const run = run_of(j);
    emitted_quads<std::remove_const_t<T>> all{nullptr, run.lanes};
    if (stride == 0) {
      all.words = repeated(word_at(place), run.lanes);
    } else if (stride == 4) {
      lane_run bytes{4 * run.lanes, nullptr};
      if (run.count != nullptr) {
        bytes.count = to().index(index_operation::multiply, run.count, to().index(4));
      }
      auto const loaded = to().load(element_type::uint8, place, {1}, bytes);
      all.words = to().reinterpret({element_type::int32, run.lanes}, loaded);
    } else {
      all.words = words_of(place, stride, run);
    }
    return all;
  }
  /// The same four in every lane.
  template <class T, class... Index> auto broadcast_quads(tensor_here<T> const& t, Index... i) {
    constexpr int lanes = emitted_width<std::int32_t>;
    auto const [place, stride, j] = element_at(t, i..., full<lanes, index>{0});
    return emitted_quads<std::remove_const_t<T>>{repeated(word_at(place), lanes), lanes};
  }
  /// c and the four products of each lane. The sum wraps, and nothing before it does.
  vector<std::int32_t> add_products(emitted_quads<std::uint8_t> const& a,
                                    emitted_quads<std::int8_t> const& b,
                                    vector<std::int32_t> const& c) {
    return {to().add_byte_products(c.lanes, a.words, b.words, c.value), c.lanes};
  }

 private:
  emitted word_at(emitted place) {
    auto const bytes = to().load(element_type::uint8, place, {1}, {4, nullptr});
    return to().reinterpret({element_type::int32, 1}, bytes);
  }
  emitted repeated(emitted word, int lanes) {
    int const first[64]{};
    return to().shuffle(word, word, span<int const>(first, static_cast<std::size_t>(lanes)));
  }
  /// Byte after byte.
  emitted words_of(emitted from, element_distance stride, lane_run run) {
    vector_type const bytes{element_type::uint8, run.lanes};
    vector_type const words{element_type::int32, run.lanes};
    emitted all = nullptr;
    for (int k = 0; k < 4; ++k) {
      auto const at = to().place(from, nullptr, k, 1);
      auto const loaded = to().load(bytes.element, at, stride, run);
      auto const wide = to().convert(bytes, words.element, loaded, false);
      auto const shift = to().number(words, static_cast<std::uint64_t>(8 * k));
      auto const moved = to().binary(binary_operation::shift_left, words, wide, shift);
      all = k == 0 ? moved : to().binary(binary_operation::bit_or, words, all, moved);
    }
    return all;
  }
};

}  // namespace inlay::inline INLAY_VERSION
