// The code of links: of those that are applied to results, and of those that a kernel reads
// through.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "inlay/core/element_type.hpp"
#include "inlay/execute/jit/step_writer.hpp"
#include "inlay/kernel/results-inl.hpp"
#include "inlay/stage/emitting.hpp"

INLAY_BEGIN_TARGET

namespace jit_code {

using namespace jit;

/// Links read at most so many tensors beside the results.
inline constexpr int most_tensors = int{most_others} + int{most_operands};

/// Writes links, one after the other: what the last one makes. `first` is what is there before
/// them, if it is, and `tensor(k)` the elements of another tensor.
template <class Tensor>
emitted write_links(emitting& s, std::vector<written_link> const& links, emitted first, int lanes,
                    Tensor const& tensor) {
  emitted results[most_links + 2]{first};
  std::size_t count = 0;
  for (auto const& l : links) {
    emitted operands[most_operands]{};
    for (std::uint32_t k = 0; k < l.what.operands.count; ++k) {
      auto const from = l.what.operands.of[k];
      operands[k] = from < 0 ? tensor(-1 - from) : results[from];
    }
    results[++count] = l.write(s, l.what.words.of, operands, lanes);
  }
  return results[count];
}

/// Links, written where results are.
class written_tape {
 public:
  explicit written_tape(step_form const& form, std::size_t kernel_inputs)
      : links_(&form.links), others_(static_cast<int>(form.layouts.size() - 1 - kernel_inputs)) {}

  int others() const { return others_; }
  template <class T, class S, class V, class Other>
  V apply(S& s, V const& x, Other const& other) const {
    auto const tensor = [&](int k) -> emitted {
      if constexpr (reads_conditions<Other>) {
        if (other.is_condition(k)) return other.condition(k).value;
      }
      return other(k).value;
    };
    return {write_links(s, *links_, x.value, x.lanes, tensor), x.lanes};
  }

 private:
  std::vector<written_link> const* links_;
  int others_;
};

template <template <int, class> class Position, int Lanes, class Index>
constexpr int count_lanes(Position<Lanes, Index> const&) {
  return Lanes;
}

/// A tensor of elements of any type.
struct written_tensor {
  element_type element = element_type::undefined;
  emitted_pointer<std::byte> begin;
  emitted_numbers strides;

  written_tensor inner(emitted_index const* at, int axes) const {
    written_tensor part{element, begin, strides.inner_axes(axes)};
    for (int i = 0; i < axes; ++i) part.begin += at[i] * strides[i];
    return part;
  }
  /// Calls `use` with it, as of its elements, of so many axes.
  template <class Use> void use(emitted_numbers const& extents, Use const& use) const {
    with_type(element, stored_types{}, [&]<class T>(T) {
      emitted_pointer<T> from(begin.base);
      from += begin.offset;
      use(tensor<T, emitted_memory>{from, extents, strides});
    });
  }
};
inline written_tensor written_tensor_at(step_form const& form, step_tensors const& tensors,
                                        std::size_t i) {
  return {form.layouts[i].element, emitted_pointer<std::byte>(tensors.places[i]),
          tensors.layouts[i].strides};
}

/// What links make of the first tensors of a step, as a kernel reads it: see
/// kernel/reader-inl.hpp.
template <class T> class written_reader {
 public:
  emitted_numbers extents;

  written_reader(step_form const& form, step_tensors const& tensors)
      : extents(tensors.layouts[0].extents), links_(&form.readers) {
    for (std::size_t k = 0; k < form.first_tensors(); ++k) {
      tensors_.push_back(written_tensor_at(form, tensors, k));
    }
  }

  written_reader inner(emitting&, emitted_index const* at, int axes) const {
    auto part = *this;
    part.extents = extents.inner_axes(axes);
    for (auto& t : part.tensors_) t = t.inner(at, axes);
    return part;
  }
  template <class J> emitted_vector<T> read(emitting& s, J j) const {
    int const lanes = count_lanes(j);
    auto const load = [&](int k) {
      emitted loaded = nullptr;
      tensors_[static_cast<std::size_t>(k)].use(
          extents, [&](auto const& row) { loaded = s.load(row, j).value; });
      return loaded;
    };
    return {write_links(s, *links_, nullptr, lanes, load), lanes};
  }

 private:
  std::vector<written_link> const* links_;
  std::vector<written_tensor> tensors_;
};

}  // namespace jit_code

INLAY_END_TARGET
