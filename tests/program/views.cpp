// Views: which steps they cost, and that what they show is what copies hold.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/program/views.hpp"

#include <doctest/doctest.h>

#include <string>

#include "network.hpp"

namespace {
using namespace inlay_test;

/// The operators of the steps of a network, whose last value is its output.
template <class Build> std::string steps_of(Build const& build) {
  auto const together = programs_of(build).first;
  std::string names;
  for (auto const& s : together.steps) {
    auto const name = entry_of<graph>(together.structures[s.structure].op).name;
    names.append(names.empty() ? "" : " ").append(name.data(), name.size());
  }
  return names;
}

value_id shape_of(network& n, std::initializer_list<std::int64_t> extents) {
  return n.b.constant<std::int64_t>("", {static_cast<std::int64_t>(extents.size())}, extents);
}

}  // namespace

TEST_CASE("a transposed input is read where it lies") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {2, 3, 5}});
          n.add<op::relu>({n.add<op::transpose>({x}, {{"perm", {2, 0, 1}}})});
        }) == "Relu");
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {3, 5}});
          auto const t = n.add<op::transpose>({x});
          n.add<op::matmul>({t, n.constant({3, 20})});
        }) == "MatMul");
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {2, 5, 6, 3}});
          auto const t = n.add<op::transpose>({x}, {{"perm", {0, 3, 1, 2}}});
          n.add<op::conv>({t, n.constant({4, 3, 3, 3})});
        }) == "Conv");
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {4, 2, 6}});
          auto const t = n.add<op::transpose>({x}, {{"perm", {1, 0, 2}}});
          n.add<op::layer_norm>({n.add<op::unsqueeze>({t, shape_of(n, {0})}), n.constant({6})});
        }) == "Identity LayerNormalization");
}

TEST_CASE("what a caller reads is contiguous: a kernel writes it so, or it is copied") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {2, 3, 5}});
          n.add<op::transpose>({x}, {{"perm", {2, 0, 1}}});
        }) == "Transpose");
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {2, 3, 5}});
          n.add<op::transpose>({n.add<op::relu>({x})}, {{"perm", {2, 0, 1}}});
        }) == "Relu");
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {1, 3, 6, 6}});
          auto const c = n.add<op::conv>({x, n.constant({20, 3, 3, 3})});
          n.add<op::transpose>({n.add<op::relu>({c})}, {{"perm", {0, 2, 3, 1}}});
        }) == "Conv");
  // Another one reads it as it is as well.
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {2, 3}});
          auto const r = n.add<op::softmax>({x});
          auto const t = n.add<op::transpose>({r});
          n.add<op::transpose>({n.add<op::matmul>({t, r})});
        }) == "Softmax MatMul");
}

TEST_CASE("axes that lie apart are joined where a kernel writes them together, or in a copy") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {4, 2, 6}});
          auto const t = n.add<op::transpose>({x}, {{"perm", {1, 0, 2}}});
          auto const r = n.add<op::reshape>({t, shape_of(n, {2, 24})});
          n.add<op::matmul>({r, n.constant({24, 3})});
        }) == "Identity MatMul");
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {4, 2, 6}});
          auto const s = n.add<op::relu>({x});
          auto const t = n.add<op::transpose>({s}, {{"perm", {1, 0, 2}}});
          auto const r = n.add<op::reshape>({t, shape_of(n, {2, 24})});
          n.add<op::matmul>({r, n.constant({24, 3})});
        }) == "Relu MatMul");
  // One copy for all.
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {4, 3, 6}});
          auto const t = n.add<op::transpose>({x}, {{"perm", {0, 2, 1}}});
          auto const a = n.add<op::softmax>({t});
          auto const b = n.add<op::softmax>({t}, {{"axis", 1}});
          auto const r = n.add<op::reshape>({t, shape_of(n, {4, 18})});
          auto const c = n.add<op::softmax>({r});
          auto const back = n.add<op::reshape>({c, shape_of(n, {4, 6, 3})});
          n.add<op::add>({n.add<op::add>({a, b}), back});
        }) == "Transpose Softmax Softmax Softmax");
}

TEST_CASE("parts of a tensor, backwards too, and what repeats are read where they are") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {4, 7}});
          auto const s = n.add<op::slice>({x, shape_of(n, {-1, 1}), shape_of(n, {-9, 7}),
                                           shape_of(n, {0, 1}), shape_of(n, {-1, 2})});
          n.add<op::relu>({s});
        }) == "Relu");
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {3, 4}});
          auto const e = n.add<op::expand>({x, shape_of(n, {2, 3, 4})});
          n.add<op::matmul>({e, n.constant({2, 4, 20})});
        }) == "MatMul");
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {2, 18}});
          auto const m = n.add<op::matmul>({x, n.constant({18, 18})});
          auto const q = n.b.add(id_of<op::split>, "Split", "", {m}, {{"axis", -1}}, 3);
          for (value_id i = 0; i < 3; ++i) n.values.push_back(q + i);
          auto const r = n.add<op::relu>({q});
          n.add<op::add>({r, n.add<op::add>({q + 1, q + 2})});
        }) == "MatMul Add Relu");
  // A caller wants its own copy of a part.
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {4, 7}});
          auto const r = n.add<op::relu>({x});
          n.add<op::slice>({r, shape_of(n, {1}), shape_of(n, {3})});
        }) == "Relu Identity");
}

TEST_CASE("attention copies nothing") {
  auto const attention = [](network& n) {
    auto const x = n.b.input("x", {f, {2, 5, 12}});
    auto const heads = [&](std::initializer_list<std::int64_t> perm) {
      auto const m = n.add<op::matmul>({x, n.constant({12, 12})});
      auto const a = n.add<op::add>({m, n.constant({12})});
      auto const r = n.add<op::reshape>({a, shape_of(n, {2, 5, 3, 4})});
      return n.add<op::transpose>({r}, {{"perm", perm}});
    };
    auto const q = heads({0, 2, 1, 3});
    auto const k = heads({0, 2, 3, 1});
    auto const v = heads({0, 2, 1, 3});
    auto const scores = n.add<op::add>({n.add<op::matmul>({q, k}), n.constant({2, 1, 1, 5})});
    auto const context = n.add<op::matmul>({n.add<op::softmax>({scores}), v});
    auto const t = n.add<op::transpose>({context}, {{"perm", {0, 2, 1, 3}}});
    auto const r = n.add<op::reshape>({t, shape_of(n, {2, 5, 12})});
    auto const y = n.add<op::matmul>({r, n.constant({12, 12})});
    n.add<op::add>({x, n.add<op::add>({y, n.constant({12})})});
  };
  CHECK(steps_of(attention) == "MatMul MatMul MatMul MatMul MatMul MatMul");
  auto const p = programs_of(attention).first;
  // Three tensors of 480 bytes, and the scores.
  CHECK(p.arena_bytes == 3 * 512 + 640);
}

TEST_CASE("parts of a whole are written where they belong") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {2, 6}});
          auto const a = n.add<op::matmul>({x, n.constant({6, 20})});
          auto const r = n.add<op::relu>({x});
          auto const c = n.add<op::concat>({a, r}, {{"axis", 1}});
          n.add<op::matmul>({c, n.constant({26, 3})});
        }) == "MatMul Relu MatMul");
  // The caller sees the whole.
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {1, 3, 6, 6}});
          auto const a = n.add<op::conv>({x, n.constant({4, 3, 1, 1})});
          auto const c = n.add<op::conv>({x, n.constant({2, 3, 1, 1})});
          n.add<op::concat>({a, n.add<op::relu>({c})}, {{"axis", 1}});
        }) == "Conv Conv");
  // A whole that is a part of another one, as layers are that see all before.
  CHECK(steps_of([](network& n) {
          auto y = n.b.input("x", {f, {1, 3, 4, 4}});
          y = n.add<op::relu>({y});
          for (std::int64_t i = 0; i < 3; ++i) {
            auto const c = n.add<op::conv>({y, n.constant({2, 3 + 2 * i, 1, 1})});
            y = n.add<op::concat>({y, c}, {{"axis", 1}});
          }
          n.add<op::relu>({y});
        }) == "Relu Conv Conv Conv Relu");
  // Through views: heads side by side.
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {4, 6}});
          auto const t = n.add<op::transpose>({n.add<op::matmul>({x, n.constant({6, 5})})});
          n.add<op::concat>({t, n.add<op::transpose>({n.add<op::relu>({x})})}, {{"axis", 0}});
        }) == "MatMul Relu");
}

TEST_CASE("what no kernel of its own computes is copied into the whole") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {2, 3}});
          auto const r = n.add<op::relu>({x});
          n.add<op::concat>({x, r, n.constant({2, 2}), r}, {{"axis", 1}});
        }) == "Relu Identity Identity Identity");
}

TEST_CASE("a padded value is written into the inside, around which it is filled") {
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {2, 3}});
          auto const r = n.add<op::relu>({x});
          auto const p = n.add<op::pad>({r, shape_of(n, {0, 1, 1, 2}), n.constant({})});
          n.add<op::softmax>({p});
        }) == "Relu Identity Identity Identity Softmax");
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {4, 5}});
          auto const r = n.add<op::relu>({x});
          auto const p = n.add<op::pad>({r, shape_of(n, {2, 0, 0, -1})}, {{"mode", "constant"}});
          n.add<op::softmax>({p});
        }) == "Relu Identity Identity Softmax");
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {4, 5}});
          auto const r = n.add<op::relu>({x});
          n.add<op::pad>({r, shape_of(n, {2, 1, 0, 0})}, {{"mode", "reflect"}});
        }) == "Relu Identity Identity");
}

TEST_CASE("channels side by side are those of one image, which has its channels last") {
  auto const dense = [](network& n) {
    auto const x = n.b.input("x", {f, {2, 3, 5, 6}});
    auto y = n.add<op::conv>({x, n.constant({4, 3, 1, 1})});
    for (std::int64_t i = 0; i < 2; ++i) {
      auto const c =
          n.add<op::conv>({y, n.constant({4, 4 + 4 * i, 3, 3})}, {{"pads", {1, 1, 1, 1}}});
      y = n.add<op::concat>({y, n.add<op::relu>({c})}, {{"axis", 1}});
    }
    auto const p = n.add<op::max_pool>({y}, {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}});
    n.add<op::add>({n.add<op::conv>({p, n.constant({3, 12, 1, 1})}), n.constant({3, 1, 1})});
  };
  auto const p = programs_of(dense).first;
  std::size_t convolutions = 0;
  for (auto const& s : p.steps) {
    auto const& what = p.structures[s.structure];
    if (what.op != id_of<op::conv> || ++convolutions == 1) continue;
    // Twelve channels: of those before, the next ones are made.
    auto const& read = p.layouts[what.layouts.first];
    CHECK(read.strides[1] == 1);
    CHECK(read.strides[3] == 12);
  }
  CHECK(convolutions == 4);
  // Three steps clear the border.
  CHECK(steps_of(dense) == "Identity Identity Identity Conv Conv Conv MaxPool Conv");
  CHECK(steps_of([](network& n) {
          auto const x = n.b.input("x", {f, {1, 3, 4, 4}});
          auto const c = n.add<op::conv>({x, n.constant({8, 3, 1, 1})});
          auto const q = n.b.add(id_of<op::split>, "Split", "", {c}, {{"axis", 1}}, 2);
          for (value_id i = 0; i < 2; ++i) n.values.push_back(q + i);
          auto const a = n.add<op::conv>({q, n.constant({4, 4, 3, 3})}, {{"pads", {1, 1, 1, 1}}});
          n.add<op::relu>({n.add<op::concat>({a, q + 1}, {{"axis", 1}})});
        }) == "Identity Identity Identity Conv Conv Identity Relu");
}
