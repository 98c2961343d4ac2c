// The tiles of products whose extents only the code knows: which ones it has, and when one fits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "inlay/execute/jit/step_writer.hpp"
#include "inlay/execute/jit/tiles.hpp"
#include "inlay/kernel/matrix_product.hpp"
#include "inlay/kernel/tile.hpp"
#include "inlay/kernel/window-inl.hpp"

namespace inlay::inline INLAY_VERSION::jit {

/// A product by a kernel, of which some extents may be unknown while the code is written.
template <class Kernel> class guarded_product {
 public:
  /// `example` has the extents of one of the sizes that the code is for.
  guarded_product(emitting& s, Kernel const& kernel, step_form const& form,
                  step_tensors const& tensors, product_extents const& example)
      : s_(&s),
        example_(example),
        x_(&tensors.layouts.front().extents),
        y_(&tensors.layouts.back().extents) {
    auto const& unknown = form.unknown.back();
    auto const rank = y_->size();
    auto const is_unknown = [&](int axis) { return (unknown.extents >> axis & 1) != 0; };
    if constexpr (of_windows) {
      rows_ = with_pad(kernel.rows, tensors.words[pad_words[0]]);
      columns_ = with_pad(kernel.columns, tensors.words[pad_words[1]]);
      // Whether windows lie on the image as a whole depends on its own extents, too.
      auto const extents = unknown.extents | form.unknown.front().extents;
      has_rows_ = (extents & unknown_numbers::image_axes) == 0;
      is_one_line_ = s.known((*y_)[2], 0) == 1;
    } else {
      has_rows_ = !is_unknown(rank - 2);
      has_columns_ = !is_unknown(rank - 1);
    }
  }

  /// Calls `write(order)` with the tiles that the code tries, by their numbers in the list; the
  /// last one fits all extents.
  template <class Write>
  void each_kind(tile_list const& tiles, step_form const& form, int element_bytes,
                 Write const& write) const {
    auto const order = [&](bool is_halved) {
      std::vector<std::size_t> all;
      for (auto const& e : examples(is_halved)) {
        auto const tile = choose_written_tile(tiles, e, element_bytes, form.registers);
        if (all.empty() || all.back() != tile) all.push_back(tile);
      }
      return all;
    };
    if (has_columns_) return write(order(example_.is_halved));
    s_->if_at_most(y_->back(), panel_columns, [&](auto are_few) { write(order(are_few.value)); });
  }

  /// An index that is negative where the tile does not fit.
  emitted_index margin(tile_shape const& tile) const {
    emitted_index least = 0;
    auto const take = [&](emitted_index margin) { least = s_->smaller(least, margin); };
    auto const panels = tile.vectors * tile.width / panel_columns;
    if (!has_columns_ && panels > 1) take(y_->back() - ((panels - 1) * panel_columns + 1));
    if (has_rows_) return least;
    if constexpr (of_windows) {
      if (is_of_channels(example_)) {
        auto const whole = windows_inside(*s_, columns_, (*x_)[3], (*y_)[3]);
        take(whole.end - whole.begin - tile.rows);
      } else {
        int const of_result = tile.is_pooled ? 4 : 1;
        take((*y_)[2] * (*y_)[3] * of_result - tile.rows);
        if (tile.is_inside && !tile.is_pooled) take(inside(rows_, (*x_)[2], (*y_)[2]));
      }
      if (tile.is_inside && !tile.is_pooled) take(inside(columns_, (*x_)[3], (*y_)[3]));
    } else {
      take((*y_)[y_->size() - 2] - tile.rows);
    }
    return least;
  }

 private:
  static constexpr bool of_windows = requires(Kernel const& k) { k.rows.stride; };

  /// Products for which tiles are chosen: the one that is known, or a large one, a small one and
  /// the least.
  std::vector<product_extents> examples(bool is_halved) const {
    auto large = example_;
    large.is_halved = is_halved;
    if (has_rows_ && has_columns_) return {large};
    if (!has_columns_) large.columns = is_halved ? panel_columns : 4 * panel_columns;
    if (!has_rows_) large.rows = 1 << 14;
    auto const with_even_rows = [&](product_extents some) {
      if (!has_rows_) {
        bool const is_even = !of_windows || is_one_line_ || is_of_channels(some);
        some.even_rows = is_even ? some.rows : some.is_pooled ? 4 : 1;
      }
      return some;
    };
    auto small = large;
    if (!has_columns_ && !is_halved) small.columns = panel_columns + 1;
    if (!has_rows_) small.rows = 4;
    auto least = small;
    if (!has_rows_) {
      least.rows = least.is_pooled ? 4 : 1;
      least.is_inside = !of_windows;
      least.taps = 0;
    }
    return {with_even_rows(large), with_even_rows(small), with_even_rows(least)};
  }
  using window = window_along<emitted_index>;

  /// How far in front of the end of the input the last window ends, or behind its start the first
  /// one begins, if that is less.
  emitted_index inside(window const& w, emitted_index inputs, emitted_index outputs) const {
    auto const last = (outputs - 1) * w.stride + ((w.size - 1) * w.dilation - w.pad);
    auto const left = inputs - 1 - last;
    return w.pad == 0 ? left : s_->smaller(left, -w.pad);
  }

  emitting* s_;
  product_extents example_;
  emitted_numbers const* x_;
  emitted_numbers const* y_;
  window rows_;
  window columns_;
  bool has_rows_ = true;
  bool has_columns_ = true;
  bool is_one_line_ = false;
};

}  // namespace inlay::inline INLAY_VERSION::jit
