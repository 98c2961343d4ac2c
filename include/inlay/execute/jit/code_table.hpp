// Which code there is, and for which steps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "inlay/execute/interpreter/kernel_call.hpp"
#include "inlay/execute/jit/step_writer.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION::jit {

/// All that the code of a step follows from: what it computes, as text, but for the parameters that
/// extents may change; those, and how its tensors lie, and what of that is unknown; whether it may
/// take for granted that what it writes is apart from what it reads.
struct step_identity {
  std::string what;
  std::vector<layout> layouts;
  std::vector<unknown_numbers> unknown;
  std::vector<std::int64_t> words;
  std::uint32_t unknown_words = 0;  // a bit each
  bool is_apart = false;

  /// Whether the code of this step is that of the other one, of which all is known.
  bool serves(step_identity const& other) const {
    if (what != other.what || (is_apart && !other.is_apart)) return false;
    for (std::size_t i = 0; i < layouts.size(); ++i) {
      auto const differs = differences(layouts[i], other.layouts[i]);
      if ((differs.extents & ~unknown[i].extents) != 0) return false;
      if ((differs.strides & ~unknown[i].strides) != 0) return false;
    }
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] != other.words[i] && !is_word_of(unknown_words, i)) return false;
    }
    return true;
  }
  /// What it is, and the numbers that are known.
  std::string text() const {
    auto all = what + (is_apart ? "apart " : "");
    auto const add = [&](std::int64_t number, bool is_unknown) {
      all += is_unknown ? std::string("?") : std::to_string(number);
      all += ' ';
    };
    for (std::size_t i = 0; i < layouts.size(); ++i) {
      auto const add_all = [&](shape const& numbers, std::uint8_t unknown_axes) {
        for (int axis = 0; axis < numbers.size(); ++axis) {
          add(numbers[axis], (unknown_axes >> axis & 1) != 0);
        }
      };
      add_all(layouts[i].extents, unknown[i].extents);
      add_all(layouts[i].strides, unknown[i].strides);
    }
    for (std::size_t i = 0; i < words.size(); ++i) add(words[i], is_word_of(unknown_words, i));
    return all += '\n';
  }
  /// The numbers of two layouts of one rank that are not the same.
  static unknown_numbers differences(layout const& a, layout const& b) {
    unknown_numbers all;
    for (int axis = 0; axis < a.extents.size(); ++axis) {
      auto const bit = static_cast<std::uint8_t>(1 << axis);
      if (a.extents[axis] != b.extents[axis]) all.extents |= bit;
      if (a.strides[axis] != b.strides[axis]) all.strides |= bit;
    }
    return all;
  }
};

/// Code by what it is for.
class code_table {
 public:
  struct entry {
    step_identity step;
    interpreter_kernels_v0_1::kernel_function code = nullptr;
    std::shared_ptr<void const> memory;
  };

  /// Null where there is none.
  entry const* find(step_identity const& s) const {
    auto const [first, last] = entries_.equal_range(s.what);
    for (auto i = first; i != last; ++i) {
      if (i->second.step.serves(s)) return &i->second;
    }
    return nullptr;
  }
  void add(entry e) {
    auto what = e.step.what;
    entries_.emplace(std::move(what), std::move(e));
  }

 private:
  std::unordered_multimap<std::string, entry> entries_;
};

}  // namespace inlay::inline INLAY_VERSION::jit
