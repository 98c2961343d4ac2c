// The arenas of well-known networks, beside what lives at once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "inlay/graph/verify.hpp"
#include "inlay/pass/infer_types.hpp"
#include "inlay/program/lower.hpp"

namespace {
using namespace inlay;

constexpr auto f = element_type::float32;

/// A value and its shape.
struct tensor_in_graph {
  value_id id;
  shape s;
};

/// A network in the making. Its weights are inputs, so that none of their elements are needed.
class network {
 public:
  using value = tensor_in_graph;

  network() { names_.reserve(1'000); }

  value input(shape const& s) {
    names_.push_back("value" + std::to_string(names_.size()));
    auto const& name = names_.back();
    return {b_.input({name.data(), name.size()}, {f, s}), s};
  }
  value relu(value x) { return {apply<op::relu>(b_, "", {x.id}), x.s}; }
  value add(value x, value y) { return {apply<op::add>(b_, "", {x.id, y.id}), x.s}; }
  /// A square window, or one of two extents; as many pixels around the image as keep its size.
  value conv(value x, std::int64_t outputs, std::int64_t rows, std::int64_t stride = 1,
             std::int64_t groups = 1, std::int64_t columns = 0) {
    if (columns == 0) columns = rows;
    auto const w = input({outputs, x.s[1] / groups, rows, columns});
    auto const bias = input({outputs});
    auto const top = (rows - 1) / 2;
    auto const left = (columns - 1) / 2;
    auto const y = apply<op::conv>(b_, "", {x.id, w.id, bias.id},
                                   {{"pads", {top, left, rows - 1 - top, columns - 1 - left}},
                                    {"strides", {stride, stride}},
                                    {"group", groups}});
    return {y, {1, outputs, (x.s[2] - 1) / stride + 1, (x.s[3] - 1) / stride + 1}};
  }
  value conv_relu(value x, std::int64_t outputs, std::int64_t rows, std::int64_t stride = 1,
                  std::int64_t groups = 1, std::int64_t columns = 0) {
    return relu(conv(x, outputs, rows, stride, groups, columns));
  }
  value max_pool(value x, std::int64_t size, std::int64_t stride) {
    auto const y = apply<op::max_pool>(
        b_, "", {x.id}, {{"kernel_shape", {size, size}}, {"strides", {stride, stride}}});
    return {y, {1, x.s[1], (x.s[2] - size) / stride + 1, (x.s[3] - size) / stride + 1}};
  }
  value mean_pool(value x) {
    auto const y =
        apply<op::average_pool>(b_, "", {x.id}, {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}});
    return {y, {1, x.s[1], x.s[2] / 2, x.s[3] / 2}};
  }
  value join_channels(value x, value y) {
    auto const z = apply<op::concat>(b_, "", {x.id, y.id}, {{"axis", 1}});
    return {z, {1, x.s[1] + y.s[1], x.s[2], x.s[3]}};
  }
  value mean_of_image(value x) {
    return flatten({apply<op::global_average_pool>(b_, "", {x.id}), {1, x.s[1], 1, 1}});
  }
  value flatten(value x) { return {apply<op::flatten>(b_, "", {x.id}), {1, elements_of(x.s)}}; }
  value dense(value x, std::int64_t outputs) {
    auto const w = input({outputs, x.s[1]});
    auto const bias = input({outputs});
    return {apply<op::gemm>(b_, "", {x.id, w.id, bias.id}, {{"transB", 1}}), {1, outputs}};
  }
  value matmul(value x, value y) {
    auto s = x.s;
    s[s.size() - 1] = y.s.back();
    return {apply<op::matmul>(b_, "", {x.id, y.id}), s};
  }
  value linear(value x, std::int64_t outputs) {
    return add(matmul(x, input({x.s.back(), outputs})), input({outputs}));
  }
  value normalize(value x) {
    auto const scale = input({x.s.back()});
    return {apply<op::layer_norm>(b_, "", {x.id, scale.id, input({x.s.back()}).id}), x.s};
  }
  value softmax(value x) { return {apply<op::softmax>(b_, "", {x.id}), x.s}; }
  /// [1, s, h·d] → [1, h, s, d], or with the last two axes the other way round.
  value heads(value x, std::int64_t count, bool flips = false) {
    auto const length = x.s[1];
    auto const size = x.s[2] / count;
    auto const split = reshape(x, {1, length, count, size});
    if (flips) {
      return {apply<op::transpose>(b_, "", {split.id}, {{"perm", {0, 2, 3, 1}}}),
              {1, count, size, length}};
    }
    return {apply<op::transpose>(b_, "", {split.id}, {{"perm", {0, 2, 1, 3}}}),
            {1, count, length, size}};
  }
  value join_heads(value x) {
    auto const y = apply<op::transpose>(b_, "", {x.id}, {{"perm", {0, 2, 1, 3}}});
    return reshape({y, {1, x.s[2], x.s[1], x.s[3]}}, {1, x.s[2], x.s[1] * x.s[3]});
  }
  value reshape(value x, shape const& s) {
    std::vector<std::int64_t> const extents(s.begin(), s.begin() + s.size());
    auto const to = b_.constant("", {std::int64_t{s.size()}},
                                span<std::int64_t const>(extents.data(), extents.size()));
    return {apply<op::reshape>(b_, "", {x.id, to}), s};
  }

  program lowered(value y, bool fuses) {
    b_.output(y.id);
    lower_options how;
    how.fuses = fuses;
    return lower(infer_types(verify(b_.finish())), how);
  }

 private:
  builder b_{"", newest_opset};
  std::vector<std::string> names_;
};
using value = network::value;

// Y. LeCun et al., Gradient-based learning applied to document recognition, 1998.
value lenet(network& n) {
  auto x = n.max_pool(n.conv_relu(n.input({1, 1, 28, 28}), 6, 5), 2, 2);
  x = n.max_pool(n.conv_relu(x, 16, 5), 2, 2);
  x = n.relu(n.dense(n.flatten(x), 120));
  return n.softmax(n.dense(n.relu(n.dense(x, 84)), 10));
}

// The networks of MLPerf Tiny. C. Banbury et al., MLPerf Tiny benchmark, 2021.
value keyword_spotting(network& n) {
  auto x = n.conv_relu(n.input({1, 1, 49, 10}), 64, 10, 2, 1, 4);
  for (int i = 0; i < 4; ++i) x = n.conv_relu(n.conv_relu(x, 64, 3, 1, 64), 64, 1);
  return n.softmax(n.dense(n.mean_of_image(x), 12));
}
value visual_wake_words(network& n) {
  auto x = n.conv_relu(n.input({1, 3, 96, 96}), 8, 3, 2);
  auto const add = [&](std::int64_t channels, std::int64_t stride) {
    x = n.conv_relu(n.conv_relu(x, x.s[1], 3, stride, x.s[1]), channels, 1);
  };
  add(16, 1);
  for (std::int64_t const channels : {32, 64}) {
    add(channels, 2);
    add(channels, 1);
  }
  add(128, 2);
  for (int i = 0; i < 5; ++i) add(128, 1);
  add(256, 2);
  add(256, 1);
  return n.softmax(n.dense(n.mean_of_image(x), 2));
}
value image_classification(network& n) {
  auto x = n.conv_relu(n.input({1, 3, 32, 32}), 16, 3);
  for (std::int64_t const channels : {16, 32, 64}) {
    std::int64_t const stride = channels == 16 ? 1 : 2;
    auto const y = n.conv(n.conv_relu(x, channels, 3, stride), channels, 3);
    x = n.relu(n.add(y, stride == 1 ? x : n.conv(x, channels, 1, stride)));
  }
  return n.softmax(n.dense(n.mean_of_image(x), 10));
}
value anomaly_detection(network& n) {
  auto x = n.input({1, 640});
  for (std::int64_t const outputs : {128, 128, 128, 128, 8, 128, 128, 128, 128}) {
    x = n.relu(n.dense(x, outputs));
  }
  return n.dense(x, 640);
}

// M. Sandler et al., MobileNetV2: inverted residuals and linear bottlenecks, 2018.
value mobilenet_v2(network& n) {
  struct block {
    std::int64_t factor, channels, times, stride;
  };
  auto x = n.conv_relu(n.input({1, 3, 224, 224}), 32, 3, 2);
  for (auto const& of :
       {block{1, 16, 1, 1}, block{6, 24, 2, 2}, block{6, 32, 3, 2}, block{6, 64, 4, 2},
        block{6, 96, 3, 1}, block{6, 160, 3, 2}, block{6, 320, 1, 1}}) {
    for (std::int64_t i = 0; i < of.times; ++i) {
      auto const stride = i == 0 ? of.stride : 1;
      auto const inner = of.factor * x.s[1];
      auto y = of.factor == 1 ? x : n.conv_relu(x, inner, 1);
      y = n.conv(n.conv_relu(y, inner, 3, stride, inner), of.channels, 1);
      x = stride == 1 && x.s[1] == of.channels ? n.add(x, y) : y;
    }
  }
  return n.dense(n.mean_of_image(n.conv_relu(x, 1280, 1)), 1000);
}

// K. He et al., Deep residual learning for image recognition, 2015.
value resnet_50(network& n) {
  struct stage_of_blocks {
    std::int64_t width, blocks, stride;
  };
  auto x = n.max_pool(n.conv_relu(n.input({1, 3, 224, 224}), 64, 7, 2), 2, 2);
  for (auto const& of : {stage_of_blocks{64, 3, 1}, stage_of_blocks{128, 4, 2},
                         stage_of_blocks{256, 6, 2}, stage_of_blocks{512, 3, 2}}) {
    for (std::int64_t i = 0; i < of.blocks; ++i) {
      auto const stride = i == 0 ? of.stride : 1;
      auto y = n.conv_relu(n.conv_relu(x, of.width, 1), of.width, 3, stride);
      y = n.conv(y, 4 * of.width, 1);
      x = n.relu(n.add(y, i == 0 ? n.conv(x, 4 * of.width, 1, stride) : x));
    }
  }
  return n.dense(n.mean_of_image(x), 1000);
}

// K. Simonyan and A. Zisserman, Very deep convolutional networks, 2014.
value vgg_19(network& n) {
  auto x = n.input({1, 3, 224, 224});
  struct block {
    std::int64_t channels;
    int convolutions;
  };
  for (auto const& of :
       {block{64, 2}, block{128, 2}, block{256, 4}, block{512, 4}, block{512, 4}}) {
    for (int i = 0; i < of.convolutions; ++i) x = n.conv_relu(x, of.channels, 3);
    x = n.max_pool(x, 2, 2);
  }
  x = n.relu(n.dense(n.flatten(x), 4096));
  return n.softmax(n.dense(n.relu(n.dense(x, 4096)), 1000));
}

// G. Huang et al., Densely connected convolutional networks, 2016, its normalizations folded.
value densenet_121(network& n) {
  auto x = n.max_pool(n.conv_relu(n.input({1, 3, 224, 224}), 64, 7, 2), 2, 2);
  for (int const layers : {6, 12, 24, 16}) {
    for (int i = 0; i < layers; ++i) {
      auto const y = n.conv(n.conv_relu(n.relu(x), 128, 1), 32, 3);
      x = n.join_channels(x, y);
    }
    if (layers != 16) x = n.mean_pool(n.conv(n.relu(x), x.s[1] / 2, 1));
  }
  return n.dense(n.mean_of_image(n.relu(x)), 1000);
}

// J. Devlin et al., BERT, 2018: two layers of the base model, a sequence of 128.
value bert(network& n) {
  auto x = n.normalize(n.input({1, 128, 768}));
  for (int i = 0; i < 2; ++i) {
    auto const q = n.heads(n.linear(x, 768), 12);
    auto const k = n.heads(n.linear(x, 768), 12, true);
    auto const v = n.heads(n.linear(x, 768), 12);
    auto const attention = n.join_heads(n.matmul(n.softmax(n.matmul(q, k)), v));
    x = n.normalize(n.add(n.linear(attention, 768), x));
    x = n.normalize(n.add(n.linear(n.relu(n.linear(x, 3072)), 768), x));
  }
  return x;
}

struct named_network {
  std::string name;
  value (*build)(network&);
};

}  // namespace

TEST_CASE("the arenas of well-known networks have at most 1.05 of what lives at once") {
  for (auto const& each : {named_network{"LeNet-5", lenet},
                           {"DS-CNN", keyword_spotting},
                           {"MobileNetV1 0.25", visual_wake_words},
                           {"ResNet-8", image_classification},
                           {"autoencoder", anomaly_detection},
                           {"MobileNetV2", mobilenet_v2},
                           {"ResNet-50", resnet_50},
                           {"VGG-19", vgg_19},
                           {"DenseNet-121", densenet_121},
                           {"BERT-base, 2 layers", bert}}) {
    for (bool const fuses : {true, false}) {
      CAPTURE(each.name);
      CAPTURE(fuses);
      network n;
      auto const y = each.build(n);
      auto const p = n.lowered(y, fuses);
      REQUIRE_MESSAGE(!p.failure, std::string(std::string_view(p.failure.text.view())));
      auto const what = each.name + (fuses ? ", fused: " : ", node by node: ");
      MESSAGE(what, p.steps.size(), " steps, ", p.arena_bytes, " bytes, of which ", p.live_bytes,
              " live at once");
      REQUIRE(p.live_bytes > 0);
      CHECK(p.arena_bytes * 100 <= p.live_bytes * 105);
    }
  }
}
