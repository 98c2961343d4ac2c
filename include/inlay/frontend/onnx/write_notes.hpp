// Documentations and metadata, written from a graph's annotations.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "inlay/core/string_view.hpp"
#include "inlay/frontend/onnx/annotation_lists.hpp"
#include "inlay/frontend/onnx/wire_writer.hpp"
#include "inlay/graph/graph.hpp"

namespace inlay::inline INLAY_VERSION::onnx_format {

/// A StringStringEntryProto.
constexpr void write_entry(wire_writer& to, std::uint64_t field, string_view key,
                           string_view text) {
  to.message(field, [&] {
    to.text(1, key);
    to.text(2, text);
  });
}

/// The annotation as an entry of metadata, if its key says that it is one.
constexpr void write_metadata(wire_writer& to, std::uint64_t field, string_view key,
                              string_view text) {
  if (auto const m = match_key(key, "metadata:"); m.is) write_entry(to, field, m.rest, text);
}

/// The documentation and the metadata of a part, whose message has them in these fields.
constexpr void write_notes(wire_writer& to, annotation_lists const& notes, annotated what,
                           std::size_t index, std::uint64_t documentation, std::uint64_t metadata) {
  notes.each(what, index, [&](string_view key, string_view text) {
    if (key == "doc_string") to.text(documentation, text);
    write_metadata(to, metadata, key, text);
  });
}

}  // namespace inlay::inline INLAY_VERSION::onnx_format
