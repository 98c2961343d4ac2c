// A network of one node, which the compiler runs; and the bytes of this file.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <inlay/inlay.hpp>
#include <program.cpp.hpp>

inline constexpr auto net = [] {
  using namespace inlay;
  builder b("net", newest_opset);
  auto const x = b.input("x", {element_type::float32, {2, 2}});
  b.output(apply<op::relu>(b, "act", {x}), "y");
  return b.finish();
};

static_assert(inlay::model<net>::steps == 1);
static_assert(program_cpp[0] == '/');

int main() {
  inlay::model<net> const model;
  inlay::model<net>::context context;
  float const x[2][2] = {{-1, 2}, {3, -4}};
  auto const y = model(context, x);
  return y[0] == 0 && y[1] == 2 && y[2] == 3 && y[3] == 0 ? 0 : 1;
}
