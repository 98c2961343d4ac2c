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

/// Which operators were recorded, and the first thing that was wrong.
struct coverage {
  bool has[detail::operators_by_name::count + 1]{};
  std::string mistake;

  template <class... F> void record(F... f) { (record_one(f), ...); }

 private:
  template <class F> void record_one(F f) {
    auto const g = network(f)();
    if (g.failure && mistake.empty()) mistake = std::string(g.failure.text.view());
    for (auto const& n : g.nodes) has[static_cast<std::size_t>(n.op)] = true;
  }
};

TEST_CASE("every operator has a function of its inputs and attributes") {
  coverage c;
  c.record(
      [](floats x, floats y) { return abs(x) + floor(y) - ceil(x) * round(y) / sign(x); },
      [](floats x, floats y) { return pack{add(x, y), sub(x, 1), mul(x, 2.0f), div(x, y)}; },
      [](integers x, integers y) { return (x & y) | (x ^ ~y); },
      [](truths x, truths y) { return ((x && y) || (x ^ y)) == !y; },
      [](floats x) { return cast_like(cast<double>(x), x); },
      [](floats x) { return celu(elu(x, alpha = 0.5f), alpha = 2.0f); },
      [](floats x) { return clip(x, 0, 6); }, [](floats x) { return clip(x, nothing, 6); },
      [](floats x) { return cos(sin(erf(exp(log(sqrt(tanh(x))))))); },
      [](floats x, floats y) { return where(x > y, x, 0); },
      [](floats x, floats y) { return (x < y) != (x <= y); },
      [](floats x, floats y) { return (x >= y) == is_nan(x); },
      [](floats x) { return is_inf(x, detect_negative = 0); },
      [](floats x) { return gelu(x, approximate = "tanh"); },
      [](floats x) { return hard_swish(hard_sigmoid(x, alpha = 0.1f, beta = 0.5f)); },
      [](floats x) { return mish(leaky_relu(selu(softplus(softsign(x))), alpha = 0.1f)); },
      [](floats x) { return swish(thresholded_relu(sigmoid(relu(identity(x))))); },
      [](floats x, floats y) { return pack{max(x, y, 0), min(x, y), sum(x, y), mean(x, y)}; },
      [](floats x) { return -pow(reciprocal(x), 3) * prelu(x, 0.25f); },
      [](image x) { return average_pool<2>(max_pool<3>(x, {.stride = 1, .padding = 1})); },
      [](image x) { return pack{global_average_pool(x), global_max_pool(x)}; },
      [](image x, input<float, 8, 2, 3, 3> w) { return conv(x, w, group = 2); },
      [](image x, input<float, 4, 2, 2, 2> w) { return conv_transpose(x, w, strides = {2, 2}); },
      [](image x, input<float, 4> s) { return batch_normalization(x, s, s, s, s); },
      [](image x, input<float, 4> s) { return group_norm(x, s, s, num_groups = 2); },
      [](image x, input<float, 4> s) { return instance_norm(x, s, s); },
      [](floats x, input<float, 4> s) { return rms_norm(layer_norm(x, s, s), s); },
      [](floats x, input<float, 4, 3> w) { return pack{gemm(x, w), matmul(x, w)}; },
      [](floats x) { return log_softmax(softmax(x), axis = 0); },
      [](floats x, floats y) { return concat(x, y, axis = 1); },
      [](floats x) { return expand(unsqueeze(x, {0}), {3, 1, 1}); },
      [](floats x) { return squeeze(flatten(transpose(reshape(x, {0, 2, -1}), {2, 0, 1}))); },
      [](floats x, integers i) { return gather(x, i, axis = 1); },
      [](floats x) { return slice(pad(x, {0, 1, 0, 1}, 1.0f), 1, 1, -1, 2); },
      [](floats x) {
        auto const [a, b] = split<2>(x, 1);
        return a * b;
      },
      [](floats x) { return reduce_l1(reduce_l2(x, {0}), {1}, keepdims = 0); },
      [](floats x) { return reduce_log_sum(x) + reduce_log_sum_exp(x, {1}); },
      [](floats x) { return reduce_max(x) + reduce_min(x) + reduce_mean(x) + reduce_prod(x); },
      [](floats x) { return reduce_sum(x, {-1}) + reduce_sum_square(x, {-1}); });
  CHECK(c.mistake == "");
  for (std::size_t i = 1; i <= detail::operators_by_name::count; ++i) {
    CAPTURE(std::string(detail::table::names[i - 1]));
    CHECK(c.has[i]);
  }
}

TEST_CASE("numbers are constants of the tensors' element type, on either side") {
  auto const g = network([](input<double, 3> x) { return 1 - x * 2; })();
  CHECK(text_of(g) == R"(graph "" opset 28
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
