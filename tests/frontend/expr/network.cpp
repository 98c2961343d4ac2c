// A network is recorded: its inputs, its parameters, their names.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <inlay/frontend/expr.hpp>
#include <string>

namespace {

using namespace inlay;

inline constexpr auto lenet = network([](input<float, batch, 1, 28, 28> image) {
  image.named("image");
  auto x = max_pool<2>(relu(conv<8, 5>(image, "conv1")));
  x = max_pool<2>(relu(conv<16, 5>(x, "conv2")));
  return softmax(dense<10>(flatten(x), "fc")).named("probabilities");
});

constexpr bool has_parameters_behind_its_input() {
  auto const g = lenet();
  constexpr string_view names[] = {"image",      "conv1.weight", "conv1.bias", "conv2.weight",
                                   "conv2.bias", "fc.weight",    "fc.bias"};
  if (g.failure || g.inputs.size() != 7) return false;
  for (std::size_t i = 0; i < 7; ++i) {
    if (g.values[g.inputs[i]].name != names[i]) return false;
  }
  return g.values[g.inputs[3]].type.shape == shape{16, 8, 5, 5} &&
         g.values[g.inputs[5]].type.shape == shape{10, 256} &&
         g.values[g.outputs[0]].name == string_view("probabilities");
}
static_assert(has_parameters_behind_its_input());
static_assert(lenet.input_count == 1);

// Dimensions get their values afterwards.
static_assert(has_symbol(lenet().values[lenet().outputs[0]].type.shape));
static_assert([] {
  auto const g = lenet.with_dimensions({{"batch", 3}})();
  return !g.failure && g.values[g.outputs[0]].type.shape == shape{3, 10};
}());

// Names begin with those of the scopes around them.
inline constexpr auto scoped = network([](input<float, 1, 4> x) {
  auto const block = [](auto y) { return relu(dense<4>(y, "fc")); };
  x = repeat<2>("layers", x, block);
  return within("head", x, [](auto y) { return dense<2>(y, "fc", {.bias = false}); });
});
static_assert([] {
  auto const g = scoped();
  constexpr string_view names[] = {"input",
                                   "layers.0.fc.weight",
                                   "layers.0.fc.bias",
                                   "layers.1.fc.weight",
                                   "layers.1.fc.bias",
                                   "head.fc.weight"};
  bool is_right = !g.failure && g.inputs.size() == 6;
  for (std::size_t i = 0; is_right && i < 6; ++i) {
    is_right = g.values[g.inputs[i]].name == names[i];
  }
  return is_right && g.nodes[2].name == string_view("layers.1.fc");
}());

// Without a name, as a function.
static_assert([] {
  auto const g = network(
      [](input<float, 4> x) { return inlay::repeat<3>([](auto y) { return relu(y) + 1; })(x); })();
  return !g.failure && g.nodes.size() == 6;
}());

// What captures variables has its names at run time.
TEST_CASE("a network may depend on variables of the program") {
  int const layers = 3;
  auto const deep = network([&](input<float, 1, 4> x) {
    expr::tensor<float> y = x;
    for (int i = 0; i < layers; ++i) {
      y = within(std::to_string(i), y, [](auto z) { return dense<4>(z, "fc"); });
    }
    return y;
  });
  auto const g = deep();
  CHECK(!g.failure);
  CHECK(g.inputs.size() == 7);
  CHECK(g.values[g.inputs[5]].name == std::string("2.fc.weight"));
}

}  // namespace
