// Reads handwriting: LeNet is a file that is loaded while this program runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/execute/interpreter.hpp>
#if defined(WITH_JIT)
#include <inlay/execute/jit.hpp>
#endif
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include "digits.hpp"

namespace {

/// How many images the session reads right, all of them in one batch; below 0 where it cannot.
int count_right(inlay::interpreter::session const& session, digits::collection const& d) {
  // Images stand one after the other: the batch is a view of them.
  auto const count = static_cast<std::int64_t>(d.images.size());
  inlay::view<float const> const batch(d.images[0].data(), {count, 1, 28, 28});
  inlay::interpreter::context context;
  auto const outputs = session.run(context, {{"image", batch}});
  if (!outputs) {
    auto const text = outputs.failure().text.view();
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
    return -1;
  }
  auto const* probabilities = (*outputs)[0].elements<float>();
  int right = 0;
  for (auto const label : d.labels) {
    if (std::max_element(probabilities, probabilities + 10) - probabilities == label) ++right;
    probabilities += 10;
  }
  return right;
}

inlay::result<inlay::interpreter::session> load(std::string const& model, bool compiled) {
#if defined(WITH_JIT)
  if (compiled) return inlay::jit::load(model.c_str());
#else
  static_cast<void>(compiled);
#endif
  return inlay::interpreter::load(model.c_str());
}

bool read_all(std::string const& model, digits::collection const& d, bool compiled) {
  auto const session = load(model, compiled);
  if (!session) {
    auto const text = session.failure().text.view();
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
    return false;
  }
  auto const right = count_right(*session, d);
  if (right < 0) return false;
  auto const target = session->target();
  std::printf("accuracy %.3f over %zu images, %s for %.*s\n",
              right / static_cast<double>(d.images.size()), d.images.size(),
              compiled ? "compiled" : "interpreted", static_cast<int>(target.size()),
              target.data());
  return true;
}

}  // namespace

/// session [MODEL]: an ONNX file with the inputs and outputs of LeNet.
int main(int count, char** arguments) {
  std::string const folder = DIGITS_FOLDER;
  std::string const model = count > 1 ? arguments[1] : folder + "/lenet.onnx";
  auto const d = digits::read(folder);
  if (d.images.empty() || d.images.size() != d.labels.size()) {
    std::fprintf(stderr, "%s holds no digits\n", folder.c_str());
    return 1;
  }
  if (!read_all(model, d, false)) return 1;
#if defined(WITH_JIT)
  if (!read_all(model, d, true)) return 1;
#endif
}
