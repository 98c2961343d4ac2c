// Programs of steps of every kind in an arena of exactly their bytes, with nothing in front of it
// and nothing behind it: an access beside it stops the program.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../stage/guarded.hpp"
#include "inlay/execute/static-inl.hpp"
#include "inlay/graph/verify.hpp"
#include "inlay/pass/infer_types.hpp"
#include "inlay/program/copy_weight.hpp"
#include "inlay/program/interpreter-inl.hpp"
#include "inlay/program/lower.hpp"

namespace {
using namespace inlay;
using inlay_test::guarded;

constexpr auto f = element_type::float32;

/// A graph in the making whose weights are small numbers.
struct network {
  builder b{"", newest_opset};

  constexpr value_id weights(shape const& s) {
    vector<float> elements;
    for (std::int64_t i = 0; i < elements_of(s); ++i) {
      elements.push_back(static_cast<float>(i * 29 % 31) / 32 - 0.4375f);
    }
    return b.constant("", s, span<float const>(elements.data(), elements.size()));
  }
  constexpr value_id conv(value_id x, shape const& w, std::int64_t padding,
                          std::int64_t groups = 1) {
    return apply<op::conv>(b, "", {x, weights(w), weights({w[0]})},
                           {{"pads", {padding, padding, padding, padding}}, {"group", groups}});
  }
  constexpr value_id relu(value_id x) { return apply<op::relu>(b, "", {x}); }
  constexpr value_id add(value_id x, value_id y) { return apply<op::add>(b, "", {x, y}); }
};

/// Of an image [1, 3, n, n + 1]: borders, of values and of copies; depthwise and others, packed;
/// what is fused behind them; poolings; what is computed in place; products of odd sizes.
constexpr graph every_kind_of_step(std::int64_t n) {
  network net;
  auto& b = net.b;
  auto const x = b.input("x", {f, {1, 3, n, n + 1}});
  auto const a = net.relu(net.conv(x, {5, 3, 3, 3}, 1));
  auto const c = net.relu(net.conv(a, {5, 1, 3, 3}, 1, 5));
  auto const d = net.conv(net.add(a, c), {5, 5, 5, 5}, 2);
  auto const e = net.add(net.relu(d), a);
  auto const half = b.constant<float>("half", {5}, {0.5f, 0.5f, 0.5f, 0.5f, 0.5f});
  auto const normal = apply<op::batch_normalization>(b, "", {e, half, half, half, half});
  auto const pooled =
      apply<op::max_pool>(b, "", {normal}, {{"kernel_shape", {3, 3}}, {"pads", {1, 1, 1, 1}}});
  auto const mean =
      apply<op::average_pool>(b, "", {pooled}, {{"kernel_shape", {2, 2}}, {"pads", {1, 0, 0, 1}}});
  auto const group = apply<op::group_norm>(b, "", {mean, half, half}, {{"num_groups", 5}});
  auto const wide = apply<op::conv_transpose>(b, "", {group, net.weights({5, 2, 2, 2})},
                                              {{"pads", {1, 0, 0, 1}}});
  b.output(wide, "wide");
  // Rows of n + 1 elements.
  auto const rows = apply<op::reduce_sum>(b, "", {e, b.constant<std::int64_t>("axes", {1}, {1})},
                                          {{"keepdims", 0}});
  auto const scale = net.weights({n + 1});
  auto const scaled = apply<op::layer_norm>(b, "", {rows, scale, scale});
  auto const columns = apply<op::transpose>(b, "", {scaled}, {{"perm", {0, 2, 1}}});
  auto const scores = apply<op::softmax>(b, "", {apply<op::matmul>(b, "", {scaled, columns})});
  auto const mixed = apply<op::matmul>(b, "", {scores, scaled});
  auto const flat = apply<op::flatten>(b, "", {net.add(mixed, scaled)});
  auto const dense = apply<op::gemm>(
      b, "", {flat, net.weights({n * (n + 1), 19}), net.weights({19})}, {{"alpha", 0.125f}});
  auto const p = apply<op::softmax>(b, "", {dense}, {{"axis", 0}});
  b.output(apply<op::log_softmax>(b, "", {net.add(p, dense)}), "y");
  return b.finish();
}

/// The memory of a program, each part of it guarded.
class guarded_memory {
 public:
  guarded_memory(program const& p, bool is_at_start)
      : arena_(static_cast<std::size_t>(p.arena_bytes), is_at_start),
        pool_(static_cast<std::size_t>(p.pools[f]), is_at_start) {
    std::memset(arena_.data(), 0xee, static_cast<std::size_t>(p.arena_bytes));
    for (auto const& w : p.weights) {
      REQUIRE(w.element == f);
      copy_weight(w, p.packings, p.storage.data(),
                  reinterpret_cast<float*>(pool_.data() + w.offset));
    }
    auto const add = [&](auto const& ports, auto& to) {
      for (auto const& port : ports) {
        auto const size = static_cast<std::size_t>(elements_of(port.type.shape));
        to.push_back(std::make_unique<guarded<float>>(size, is_at_start));
        for (std::size_t i = 0; i < size; ++i) {
          to.back()->data()[i] = static_cast<float>(i * 37 % 64) / 64;
        }
      }
    };
    add(p.inputs, inputs_);
    add(p.outputs, outputs_);
  }

  std::byte* arena() const { return arena_.data(); }
  float* input(std::size_t port) const { return inputs_[port]->data(); }
  float* output(std::size_t port) const { return outputs_[port]->data(); }

  template <class T> T const* read(location const& l) {
    switch (l.where) {
      case place::weights: return reinterpret_cast<T const*>(pool_.data() + l.offset);
      case place::input:
        return reinterpret_cast<T const*>(reinterpret_cast<std::byte*>(input(l.port)) + l.offset);
      default: return write<T>(l);
    }
  }
  template <class T> T* write(location const& l) {
    switch (l.where) {
      case place::arena: return reinterpret_cast<T*>(arena_.data() + l.offset);
      case place::output:
        return reinterpret_cast<T*>(reinterpret_cast<std::byte*>(output(l.port)) + l.offset);
      default: return nullptr;
    }
  }

 private:
  guarded<std::byte> arena_;
  guarded<std::byte> pool_;
  std::vector<std::unique_ptr<guarded<float>>> inputs_;
  std::vector<std::unique_ptr<guarded<float>>> outputs_;
};

program lowered(graph g, bool fuses) {
  lower_options how;
  how.fuses = fuses;
  auto p = lower(infer_types(verify(std::move(g))), how);
  REQUIRE_MESSAGE(!p.failure, std::string(std::string_view(p.failure.text.view())));
  return p;
}

/// The last output, by the scalar interpreter.
std::vector<float> interpret_guarded(program const& p, bool is_at_start) {
  guarded_memory memory(p, is_at_start);
  scalar_interpreter<guarded_memory>::run(p, memory);
  auto const last = p.outputs.size() - 1;
  auto const* const y = memory.output(last);
  return {y, y + elements_of(p.outputs[last].type.shape)};
}

inline constexpr auto static_network = [] { return every_kind_of_step(4); };

}  // namespace

TEST_CASE("the scalar interpreter touches nothing beside an arena of exactly its bytes") {
  for (std::int64_t n = 3; n <= 9; ++n) {
    CAPTURE(n);
    std::vector<float> first;
    for (bool const fuses : {true, false}) {
      auto const p = lowered(every_kind_of_step(n), fuses);
      REQUIRE(p.arena_bytes > 0);
      for (bool const is_at_start : {true, false}) {
        auto const y = interpret_guarded(p, is_at_start);
        if (first.empty()) first = y;
        CHECK(y == first);
        CHECK(y.size() == 19);
      }
    }
  }
}

TEST_CASE("the static executor touches nothing beside an arena of exactly its bytes") {
  using compiled = network_program<static_network>;
  auto const p = lowered(static_network(), true);
  CHECK(compiled::facts.arena_bytes == p.arena_bytes);
  auto const wanted = interpret_guarded(p, true);
  for (bool const is_at_start : {true, false}) {
    guarded_memory const memory(p, is_at_start);
    input_pointer const inputs[] = {static_cast<float const*>(memory.input(0))};
    output_pointer const outputs[] = {memory.output(0), memory.output(1)};
    byte_arena arena{memory.arena()};
    using memory_type = program_memory<compiled, byte_arena>;
    memory_type of_program{arena, inputs, outputs};
    static_executor<compiled, memory_type, scalar>::run(of_program);
    CHECK(std::memcmp(memory.output(1), wanted.data(), wanted.size() * sizeof(float)) == 0);
  }
}
