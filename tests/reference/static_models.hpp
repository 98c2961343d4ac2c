// A model that is compiled, against the same model from its file.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstring>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "files.hpp"
#include "inlay/frontend/onnx/read.hpp"
#include "inlay/inlay.hpp"
#include "inlay/pass/optimize.hpp"
#include "inlay/program/interpret-inl.hpp"
#include "inlay/program/lower.hpp"

namespace reference {

using bytes_of_tensors = std::vector<std::string>;

/// What the program of a file computes.
inline bytes_of_tensors interpret(std::string_view file, bytes_of_tensors const& inputs) {
  auto const p = inlay::lower(inlay::optimize(inlay::read_onnx(file)));
  std::vector<void const*> from;
  for (auto const& x : inputs) from.push_back(x.data());
  bytes_of_tensors results;
  for (auto const& port : p.outputs) {
    auto const bytes = inlay::bytes_of(port.type.element, inlay::elements_of(port.type.shape));
    results.emplace_back(static_cast<std::size_t>(bytes), '\0');
  }
  std::vector<void*> to;
  for (auto& y : results) to.push_back(y.data());
  inlay::interpret(p, from, to);
  return results;
}

template <class View> bool has_bits(View const& y, std::string const& expected) {
  return std::memcmp(y.data(), expected.data(), expected.size()) == 0;
}

template <class... View>
void compare_each(inlay::pack<View...> const& outputs, auto const& compare) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (compare(inlay::get<I>(outputs), I), ...);
  }(std::index_sequence_for<View...>{});
}

template <auto const& Network, std::size_t... I>
bytes_of_tensors different(bytes_of_tensors const& inputs, bytes_of_tensors const& expected,
                           std::index_sequence<I...>) {
  using model = inlay::model<Network>;
  static typename model::context context;
  auto const outputs = model{}(
      context,
      typename model::template input<I>(
          reinterpret_cast<decltype(std::declval<typename model::template input<I>>().data())>(
              inputs[I].data()))...);
  bytes_of_tensors names;
  auto const compare = [&](auto const& y, std::size_t i) {
    if (!has_bits(y, expected[i])) names.push_back("output " + std::to_string(i));
  };
  if constexpr (requires { outputs.data(); }) compare(outputs, 0);
  else compare_each(outputs, compare);
  return names;
}

/// Whether a network of so many inputs has the bits of the program of its file, for the inputs in
/// input_0.bin and so on of a folder; says where it has not.
template <auto const& Network, std::size_t Inputs>
bool check(std::string_view file, std::string const& folder) {
  bytes_of_tensors inputs;
  for (std::size_t i = 0; i < Inputs; ++i) {
    inputs.push_back(read_file(folder + "/input_" + std::to_string(i) + ".bin"));
  }
  auto const wrong =
      different<Network>(inputs, interpret(file, inputs), std::make_index_sequence<Inputs>{});
  for (auto const& name : wrong) std::cout << folder << ": " << name << " has other bits\n";
  return wrong.empty();
}

}  // namespace reference
