// Every operator of the list has its function.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <inlay/frontend/expr.hpp>
#include <inlay/graph/print.hpp>
#include <string>

namespace {

using namespace inlay;
using namespace inlay::attributes;

using floats = input<float, 2, 4>;
using image = input<float, 1, 4, 6, 6>;
using integers = input<std::int64_t, 2, 4>;
using truths = input<bool, 2, 4>;

std::string text_of(graph const& g) {
  auto const text = print(g);
  return std::string(text.view().data(), text.view().size());
}

// All in one network: each has its cost.
inline constexpr auto all_operators =
    network([](floats x, floats y, integers i, integers j, truths t, truths u, image m,
               input<float, 8, 2, 3, 3> w, input<float, 4, 2, 2, 2> v, input<float, 4> s,
               input<float, 4, 3> c, input<float, 1, 4, 9> q) {
      constexpr auto use = [](auto const&...) {};
      use(abs(x) + floor(y) - ceil(x) * round(y) / sign(x));
      use(add(x, y), sub(x, 1), mul(x, 2.0f), div(x, y));
      use((i & j) | (i ^ ~j), ((t && u) || (t ^ u)) == !u);
      use(cast_like(cast<double>(x), x), where(x > y, x, 0));
      use(celu(elu(x, alpha = 0.5f), alpha = 2.0f), clip(x, 0, 6), clip(x, nothing, 6));
      use(cos(sin(erf(exp(log(sqrt(tanh(x))))))));
      use((x < y) != (x <= y), (x >= y) == is_nan(x), is_inf(x, detect_negative = 0));
      use(gelu(x, approximate = "tanh"), hard_swish(hard_sigmoid(x, alpha = 0.1f, beta = 0.5f)));
      use(mish(leaky_relu(selu(softplus(softsign(x))), alpha = 0.1f)));
      use(swish(thresholded_relu(sigmoid(relu(identity(x))))));
      use(max(x, y, 0), min(x, y), sum(x, y), mean(x, y));
      use(-pow(reciprocal(x), 3) * prelu(x, 0.25f));
      use(average_pool<2>(max_pool<3>(m, {.stride = 1, .padding = 1})));
      use(max_pool1d<2>(average_pool1d<3>(
          conv_transpose1d<2, 3>(conv1d<8, 3>(q, "c", {.padding = 1, .groups = 2}), "t"))));
      use(global_average_pool(m), global_max_pool(m));
      use(conv(m, w, group = 2), conv_transpose(m, v, strides = {2, 2}));
      use(batch_normalization(m, s, s, s, s), group_norm(m, s, s, num_groups = 2));
      use(instance_norm(m, s, s), rms_norm(layer_norm(x, s, s), s));
      use(gemm(x, c), matmul(x, c), log_softmax(softmax(x), axis = 0));
      use(concat(x, y, axis = 1), expand(unsqueeze(x, {0}), {3, 1, 1}));
      use(squeeze(flatten(transpose(reshape(x, {0, 2, -1}), {2, 0, 1}))));
      use(gather(x, i, axis = 1), slice(pad(x, {0, 1, 0, 1}, 1.0f), 1, 1, -1, 2));
      auto const [a, b] = split<2>(x, 1);
      use(a * b, reduce_l1(reduce_l2(x, {0}), {1}, keepdims = 0));
      use(reduce_log_sum(x) + reduce_log_sum_exp(x, {1}));
      use(reduce_max(x) + reduce_min(x) + reduce_mean(x) + reduce_prod(x));
      return reduce_sum(x, {-1}) + reduce_sum_square(x, {-1});
    });

TEST_CASE("every operator has a function of its inputs and attributes") {
  auto const g = all_operators();
  CHECK(g.failure.text.view() == "");
  bool has[detail::operators_by_name::count + 1]{};
  for (auto const& n : g.nodes) has[static_cast<std::size_t>(n.op)] = true;
  for (std::size_t i = 1; i <= detail::operators_by_name::count; ++i) {
    CAPTURE(std::string(detail::table::names[i - 1]));
    CHECK(has[i]);
  }
}

TEST_CASE("numbers are constants of the tensors' element type, on either side") {
  auto const g = network([](input<double, 3> x) { return 1 - x * 2; })();
  CHECK(text_of(g) == R"(graph "" opset 24
input %0 "input" : float64[3]
constant %1 : float64[]
constant %3 : float64[]
%2 = Mul(%0, %1) : float64[3]
%4 "output" = Sub(%3, %2) : float64[3]
return %4
)");
}

TEST_CASE("what is used twice is recorded once") {
  auto const g = network([](floats a, floats b) {
    auto const square = [](auto x) { return x * x; };
    auto const root = sqrt(square(a) + square(b));
    return pack{root, root / (1 + root)};
  })();
  CHECK(!g.failure);
  CHECK(g.nodes.size() == 6);
  CHECK(g.outputs.size() == 2);
}

// The type of the elements follows the operators.
constexpr auto types = network([](floats x, truths t) {
  static_assert(std::is_same_v<decltype(x > 0), expr::tensor<bool>>);
  static_assert(std::is_same_v<decltype(where(t, 1, x)), expr::tensor<float>>);
  static_assert(std::is_same_v<decltype(cast<std::int32_t>(x)), expr::tensor<std::int32_t>>);
  return where(t && x > 0, 1, x);
});
static_assert(!types().failure && types().nodes.size() == 3);

// A variable may stand for one tensor after the other, an input too.
static_assert([] {
  auto const g = network([](floats x) {
    x = relu(x);
    x += 1;
    return x;
  })();
  return !g.failure && g.nodes.size() == 2 && g.inputs.size() == 1;
}());

}  // namespace
