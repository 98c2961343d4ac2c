// The interpreter and the compiler, built with a program's operators, have the bits of constants.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <inlay/execute/interpreter.hpp>
#include <inlay/frontend/expr.hpp>
#include <inlay/frontend/onnx/write.hpp>
#include <inlay/inlay.hpp>
#if defined(WITH_JIT)
#include <inlay/execute/jit.hpp>
#endif
#include <string>
#include <string_view>
#include <vector>

#include "test_operators.hpp"

/// Of the source that is compiled without the operators.
std::string refusal_without(std::string const& file);

namespace {

using inlay::expr::apply;
inline constexpr inlay::expr::attribute_name decay{"decay"};
inline constexpr inlay::expr::attribute_name ratio{"ratio"};

// 37 columns are no whole number of vectors.
template <class T>
constexpr auto summed = inlay::network([](inlay::input<T, 5, 37> x) {
  return apply<test::integrate>(apply<test::cube>(x), decay = 0.75f) * 2;
});
template <class T>
constexpr auto lifted = inlay::network([](inlay::input<T, 5, 37> x) {
  return apply<test::knee>(apply<test::cube>(apply<test::lift>(x)), ratio = 3.0f) + x;
});
template <class T>
constexpr auto behind_product = inlay::network([](inlay::input<T, 5, 37> x) {
  return apply<test::knee>(relu(matmul(x, transpose(x, {1, 0}))));
});
template <class T>
constexpr auto cubed =
    inlay::network([](inlay::input<T, 5, 37> x) { return apply<test::cube>(x) - 1; });

int failures = 0;
void check(bool holds, char const* what) {
  if (holds) return;
  std::printf("%s does not hold\n", what);
  ++failures;
}

inlay::result<inlay::interpreter::session> load(std::string const& file, bool compiled) {
  inlay::string_view const bytes(file.data(), file.size());
#if defined(WITH_JIT)
  if (compiled) return inlay::jit::load(bytes);
#else
  static_cast<void>(compiled);
#endif
  return inlay::interpreter::load(bytes);
}

std::string file_of(inlay::graph g) {
  auto const file = inlay::write_onnx(std::move(g));
  if (!file) return {};
  return {file->data(), file->size()};
}

/// Whether a session has these outputs, bit by bit; what it says where it has none.
template <class T>
void check_session(std::string const& file, bool compiled, inlay::shape const& shape,
                   T const* input, T const* expected, std::size_t count, char const* what) {
  auto const session = load(file, compiled);
  inlay::interpreter::context context;
  auto const y =
      session
          ? session->run(context, {{session->inputs()[0].name, inlay::view<T const>(input, shape)}})
          : inlay::result<inlay::span<inlay::any_view const>>(session.failure());
  if (!y) std::printf("%s\n", std::string(std::string_view(y.failure().text.view())).c_str());
  check(y && session->same_bits() &&
            std::memcmp((*y)[0].template elements<T>(), expected, count * sizeof(T)) == 0,
        what);
}

template <auto const& Net, class T> void check_network(char const* what) {
  T x[5][37];
  for (int i = 0; i < 5 * 37; ++i) x[i / 37][i % 37] = static_cast<T>((i * 29 % 83 - 41) / 16.0);
  inlay::model<Net> const model;
  typename inlay::model<Net>::context context;
  auto const expected = model(context, x);
  auto const file = file_of(Net());
  for (bool const compiled : {false, true}) {
    check_session<T>(file, compiled, {5, 37}, x[0], expected.data(),
                     static_cast<std::size_t>(expected.size()), what);
  }
}

/// Rows of a number that each run says.
void check_sizes() {
  inlay::builder b;
  b.unfinished().opset = 22;
  auto const x = b.input("x", {inlay::element_type::float32, {b.symbol("rows"), 2}});
  auto const cubes = inlay::apply<test::cube>(b, "", {x});
  b.output(inlay::apply<test::integrate>(b, "", {cubes}), "y");
  auto const file = file_of(b.finish());
  float const rows[3][2] = {{1, 2}, {3, -4}, {0, 5}};
  float const sums[3][2] = {{1, 8}, {28, -56}, {28, 69}};
  for (bool const compiled : {false, true}) {
    for (std::int64_t count = 1; count <= 3; ++count) {
      check_session<float>(file, compiled, {count, 2}, rows[0], sums[0],
                           static_cast<std::size_t>(count * 2), "as many rows as there are");
    }
  }
}

}  // namespace

int main() {
  check_network<summed<float>, float>("a kernel over float32");
  check_network<summed<double>, double>("a kernel over float64");
  check_network<lifted<float>, float>("element functions behind a kernel over float32");
  check_network<lifted<double>, double>("element functions behind a kernel over float64");
  check_network<behind_product<float>, float>("element functions behind a product");
  check_network<cubed<std::int32_t>, std::int32_t>("an element function of integers");
  check_sizes();
  check(refusal_without(file_of(cubed<float>())) ==
            "node 0 (Cube): the operator 'com.example.Cube' is not supported",
        "what knows no operators refuses them");
  std::printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
