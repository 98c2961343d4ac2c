// Loads and stores, as code that does them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "inlay/core/pack.hpp"
#include "inlay/stage/emitting/numbers.hpp"
#include "inlay/stage/host.hpp"

namespace inlay::inline INLAY_VERSION {

class emitting_memory : public emitting_numbers {
 public:
  using emitting_numbers::emitting_numbers;
  using index = emitted_index;
  using memory = emitted_memory;
  template <class T> using tensor_here = tensor<T, emitted_memory>;

  template <class T, class... Index> auto load(tensor_here<T> const& t, Index... i) {
    auto const [place, stride, j] = element_at(t, i...);
    return load_lanes<std::remove_const_t<T>>(place, stride, j);
  }
  template <class T, class J> auto load_or_broadcast(tensor_here<T> const& t, J j) {
    return load(t, j);
  }
  template <class Lane = void, class T, class... Index>
  auto broadcast(tensor_here<T> const& t, Index... i) {
    using lane = std::conditional_t<std::is_void_v<Lane>, std::remove_const_t<T>, Lane>;
    constexpr int lanes = emitted_width<lane>;
    auto const at = offset(t, std::index_sequence_for<Index...>{}, i...);
    return load_lanes<std::remove_const_t<T>>(place<T>(t.data, at), {0}, full<lanes, index>{0});
  }
  template <class T, class... Rest> void store(tensor_here<T> const& t, Rest const&... rest) {
    store_last(t, std::make_index_sequence<sizeof...(Rest) - 1>{}, rest...);
  }
  /// The elements t[n], as many as there are at `j`.
  template <class T, class J>
  auto gather(tensor_here<T> const& t, vector<std::int32_t> const& n, J j) {
    using element = std::remove_const_t<T>;
    auto const from = place<T>(t.data, index(0));
    auto const stride = distance_of(t.strides[0]);
    return vector<element>{to().gather(element_of<element>, from, n.value, stride, run_of(j)),
                           n.lanes};
  }

  /// An element as an index of an axis of `count`: the nearest one that there is.
  template <class... Index>
  index index_of(tensor_here<std::int64_t const> const& t, index count, Index... i) {
    auto const at = offset(t, std::index_sequence_for<Index...>{}, i...);
    index const given(to(), to().load_index(place<std::int64_t const>(t.data, at)));
    auto const minus_if_negative = index::smaller(index::larger(given, -1), 0);
    auto const from_front = given - minus_if_negative * count;
    return index::larger(index::smaller(from_front, count - 1), 0);
  }

  /// The tensor that starts at `at` along the first `axes` axes, which it no longer has.
  template <class T> tensor_here<T> slice(tensor_here<T> const& t, index const* at, int axes) {
    tensor_here<T> part{t.data, t.extents.inner_axes(axes), t.strides.inner_axes(axes)};
    for (int i = 0; i < axes; ++i) part.data += at[i] * t.strides[i];
    return part;
  }

  /// Memory of a kernel's own, for as long as it runs.
  template <class T, int Size> class workspace {
   public:
    explicit workspace(emitting_memory& s)
        : elements_(s.to().workspace(std::int64_t{Size} * int{sizeof(T)})) {}
    /// Rows of so many elements.
    tensor_here<T> rows(int width) const { return {elements_, {Size / width, width}, {width, 1}}; }

   private:
    emitted_pointer<T> elements_;
  };

  // Blocks of rows that become columns.

  template <class T> static constexpr int block_rows = sizeof(T) == 8 ? 4 : 8;
  template <class T> static constexpr int block_columns = block_rows<T>;
  /// Each round zips the rows of one half with those of the other.
  template <class T>
  void transpose_block(tensor_here<T const> const& x, tensor_here<T> const& y, index i, index j) {
    constexpr int n = block_rows<T>;
    full<n, index> const columns{j};
    full<n, index> const rows{i};
    tensor_here<T const> const from{x.data, {}, {x.strides[0], 1}};
    tensor_here<T> const into{y.data, {}, {y.strides[0], 1}};
    vector<T> row[n];
    for (int r = 0; r < n; ++r) row[r] = load(from, i + r, columns);
    for (int round = 1; round < n; round *= 2) {
      vector<T> zipped[n];
      for (int r = 0; r < n / 2; ++r) {
        zipped[2 * r] = zip<n>(row[r], row[r + n / 2], 0);
        zipped[2 * r + 1] = zip<n>(row[r], row[r + n / 2], n / 2);
      }
      for (int r = 0; r < n; ++r) row[r] = zipped[r];
    }
    for (int r = 0; r < n; ++r) store(into, j + r, rows, row[r]);
  }

 protected:
  /// Lanes `first` and on of both, in turn.
  template <int N, class T> vector<T> zip(vector<T> const& a, vector<T> const& b, int first) {
    int lanes[N];
    for (int l = 0; l < N; ++l) lanes[l] = first + l / 2 + l % 2 * N;
    return {to().shuffle(a.value, b.value, span<int const>(lanes, N)), N};
  }

  /// Whether an index is a position along lanes.
  template <class Index>
  static constexpr bool is_position = requires(Index const& i) { static_cast<index>(i.at); };

  template <class... Index> static constexpr std::size_t position_of() {
    constexpr bool is[] = {is_position<Index>...};
    static_assert((0 + ... + is_position<Index>) == 1, "one index is a position along lanes");
    std::size_t i = 0;
    while (!is[i]) ++i;
    return i;
  }
  template <class T, std::size_t... Axis, class... Index>
  static index offset(tensor_here<T> const& t, std::index_sequence<Axis...>, Index... i) {
    index at{0};
    ((at += static_cast<index>(i) * t.strides.extents[Axis]), ...);
    return at;
  }
  template <class T> emitted place(emitted_pointer<std::remove_const_t<T>> from, index at) {
    from += at;
    return to().place(from.base, from.offset.variable, from.offset.constant, int{sizeof(T)});
  }

  template <class J> struct located {
    emitted place;
    element_distance stride;
    J j;
  };
  template <class T, class... Index> auto element_at(tensor_here<T> const& t, Index... i) {
    constexpr auto axis = position_of<Index...>();
    auto const arguments = pack<Index...>(i...);
    auto const j = get<axis>(arguments);
    auto const at = offset(t, std::index_sequence_for<Index...>{}, i...);
    return located<std::remove_const_t<decltype(j)>>{place<T>(t.data, at),
                                                     distance_of(t.strides.extents[axis]), j};
  }
  template <class T, std::size_t... Axis, class... Rest>
  void store_last(tensor_here<T> const& t, std::index_sequence<Axis...>, Rest const&... rest) {
    auto const arguments = pack<Rest...>(rest...);
    auto const [place, stride, j] = element_at(t, get<Axis>(arguments)...);
    auto const& x = get<sizeof...(Axis)>(arguments);
    to().store(element_of<T>, place, stride, run_of(j), x.value);
  }
  template <class T, class J> vector<T> load_lanes(emitted from, element_distance stride, J j) {
    auto const run = run_of(j);
    return {to().load(element_of<T>, from, stride, run), run.lanes};
  }

  element_distance distance_of(index stride) const {
    if (stride.is_known()) return {stride.constant};
    return {0, stride.in(to())};
  }
  template <int Lanes> lane_run run_of(full<Lanes, index>) { return {Lanes, nullptr}; }
  template <int Lanes> lane_run run_of(partial<Lanes, index> j) {
    bool const are_all = j.count.is_known() && j.count.constant >= Lanes;
    return {Lanes, are_all ? nullptr : j.count.in(to())};
  }
};

}  // namespace inlay::inline INLAY_VERSION
