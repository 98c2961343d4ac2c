// inlay embed: a model as a C++ header.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstddef>
#include <filesystem>
#include <inlay/frontend/onnx/read.hpp>
#include <inlay/pass/bind_dimensions.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "command.hpp"
#include "options.hpp"
#include "passes.hpp"
#include "tensor_file.hpp"

namespace {

struct embed_options {
  std::string model;
  std::string header;
  dimension_options dimensions;
  inlay::lower_options lowering;
};

/// As CMake's string(MAKE_C_IDENTIFIER).
std::string identifier_of(std::string name) {
  auto const is_digit = [](char c) { return '0' <= c && c <= '9'; };
  for (auto& c : name) {
    if (!is_digit(c) && !('a' <= c && c <= 'z') && !('A' <= c && c <= 'Z')) c = '_';
  }
  return !name.empty() && is_digit(name.front()) ? "_" + name : name;
}

/// The header, byte for byte as cmake/embed_file.cmake writes it; a test compares them.
std::string header_of(std::string const& identifier, std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  constexpr std::size_t row = 32;
  std::string text =
      "#pragma once\n\n"
      "#if __has_include(<inlay/frontend/onnx/read.hpp>)\n"
      "#include <inlay/frontend/onnx/read.hpp>\n"
      "#elif __has_include(<inlay/inlay.hpp>)\n"
      "#include <inlay/inlay.hpp>\n"
      "#endif\n\n";
  text.reserve(bytes.size() * 4 + bytes.size() / row * 5 + 256);
  text += "inline constexpr char " + identifier + "[] =";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i % row == 0) text += i == 0 ? "\n  \"" : "\"\n  \"";
    auto const byte = static_cast<unsigned char>(bytes[i]);
    text += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
  }
  return text + "\";\n";
}

status embed(embed_options const& o) {
  auto const values = parse_dimensions(o.dimensions);
  auto const bytes = read_file(o.model);
  if (bytes.empty()) throw mistake("cannot read '" + o.model + "': it is empty");
  // A dimension may get its value where the header is used: inlay::onnx(name, {{"batch", 1}}).
  auto g = optimize(inlay::bind_dimensions(
      inlay::read_onnx(bytes),
      inlay::span<inlay::dimension_value const>(values.data(), values.size())));
  auto const p = lower(std::move(g), o.lowering);
  if (p.failure && p.failure.broken != inlay::rule::every_dimension_must_have_a_value) {
    throw mistake(sentence_of(o.model, p.failure.text.view()));
  }
  write_file(o.header,
             header_of(identifier_of(std::filesystem::path(o.model).filename().string()), bytes));
  return status::fine;
}

}  // namespace

void add_embed(CLI::App& app, status& result) {
  auto* const command =
      app.add_subcommand("embed", "Writes a model as a header for inlay::onnx(NAME)");
  auto const o = std::make_shared<embed_options>();
  command->add_option("MODEL", o->model, "An ONNX file")->required();
  command->add_option("-o,--output", o->header, "The header; lenet.onnx is lenet_onnx in it")
      ->required();
  command
      ->add_option("--dim", o->dimensions,
                   "NAME=VALUE: check the model with this value of a named dimension")
      ->allow_extra_args(false);
  add_arena_limit(*command, o->lowering.most_arena_bytes);
  command->callback([o, &result] { result = embed(*o); });
}
