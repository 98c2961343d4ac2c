// Errors of a model as errors of the compiler.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <utility>

#include "inlay/core/error.hpp"
#include "inlay/core/string_view.hpp"
#include "inlay/graph/rule.hpp"

namespace inlay::inline INLAY_VERSION {

/// A piece of a sentence, as a template argument. Every character is set one by one: Clang prints
/// an array whose last zero is implied as a list of numbers.
template <std::size_t Size> struct text {
  char characters[Size]{};
  constexpr explicit text(string_view piece) {
    for (std::size_t i = 0; i + 1 < Size; ++i) characters[i] = piece[i];
    characters[Size - 1] = '\0';
  }
};

/// Left undefined: the arguments are the message. They are what a compiler prints when it is asked
/// for the size.
template <rule Rule, text... Sentence> struct model_error;

namespace detail {

struct sentence_piece {
  std::size_t first;
  std::size_t size;
};

/// Clang cuts a text argument near 38 characters, so a sentence is split at spaces into pieces
/// shorter than that.
inline constexpr std::size_t longest_piece = 35;

/// Piece `index` of a sentence; empty behind the last.
constexpr sentence_piece piece_of(string_view s, std::size_t index) {
  std::size_t at = 0;
  for (std::size_t i = 0;; ++i) {
    auto const rest = s.size() - at;
    auto size = rest;
    if (rest > longest_piece) {
      size = longest_piece;
      while (size > 0 && s[at + size] != ' ') --size;
      if (size == 0) size = longest_piece;
    }
    if (i == index) return {at, size};
    at += size;
    if (at < s.size() && s[at] == ' ') ++at;
  }
}

constexpr std::size_t count_pieces(string_view s) {
  std::size_t count = 0;
  while (piece_of(s, count).size != 0) ++count;
  return count;
}

template <error const& Error, std::size_t Index> constexpr auto text_of() {
  constexpr auto piece = piece_of(Error.text.view(), Index);
  return text<piece.size + 1>(Error.text.view().substr(piece.first, piece.size));
}

template <class ModelError> constexpr bool report() { return sizeof(ModelError) != 0; }

template <error const& Error, std::size_t... Index>
constexpr bool report(std::index_sequence<Index...>) {
  return report<model_error<Error.broken, text_of<Error, Index>()...>>();
}

}  // namespace detail

/// Stops the compilation where `Error` is one, with a message that is its sentence; else true.
template <error const& Error> constexpr bool check() {
  if constexpr (Error) {
    return detail::report<Error>(
        std::make_index_sequence<detail::count_pieces(Error.text.view())>{});
  } else {
    return true;
  }
}

}  // namespace inlay::inline INLAY_VERSION
