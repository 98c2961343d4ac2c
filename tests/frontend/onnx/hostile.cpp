// Files made to break the reader end in a sentence, soon and in little memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include "inlay/frontend/onnx/read.hpp"
#include "inlay/pass/optimize.hpp"
#include "inlay/program/interpret-inl.hpp"
#include "inlay/program/lower.hpp"
#include "protobuf.hpp"

// The library's vectors are arrays: what they hold at a time is counted here.
namespace {
std::size_t allocated = 0;
std::size_t most_allocated = 0;
constexpr std::size_t header = 2 * sizeof(std::max_align_t);
}  // namespace

void* operator new[](std::size_t size, std::nothrow_t const&) noexcept {
  auto* const block = static_cast<char*>(std::malloc(size + header));
  if (block == nullptr) return nullptr;
  new (block) std::size_t(size);
  allocated += size;
  if (allocated > most_allocated) most_allocated = allocated;
  return block + header;
}
void* operator new[](std::size_t size) {
  auto* const array = operator new[](size, std::nothrow);
  if (array == nullptr) throw std::bad_alloc();
  return array;
}
void operator delete[](void* array) noexcept {
  if (array == nullptr) return;
  auto* const block = static_cast<char*>(array) - header;
  allocated -= *reinterpret_cast<std::size_t*>(block);
  std::free(block);
}
void operator delete[](void* array, std::size_t) noexcept { operator delete[](array); }

namespace {

using namespace std::string_literals;
using protobuf::message;

constexpr std::size_t megabyte = 1 << 20;

/// What a file may cost beyond its own bytes, whatever stands in it.
constexpr std::size_t limit = 100 * megabyte;

/// What becomes of a file on its way to a program, in less than so much memory.
std::string end_of(std::string_view file, std::size_t most = megabyte) {
  auto const before = allocated;
  most_allocated = allocated;
  auto const start = std::clock();
  auto const program = inlay::lower(inlay::optimize(inlay::read_onnx(file)));
  // Only said: how long it takes is up to the machine as well.
  WARN(std::clock() - start < CLOCKS_PER_SEC);
  CHECK(most_allocated - before < most);
  return std::string(program.failure.text.view());
}
std::string end_of(message const& file, std::size_t most = megabyte) {
  return end_of(file.view(), most);
}

/// So many times the same bytes.
std::string repeat(std::string_view bytes, std::size_t count) {
  std::string all(bytes);
  auto const size = bytes.size() * count;
  all.reserve(size);
  while (all.size() < size) all.append(all, 0, size - all.size());
  return all;
}

message model_of_parts(std::string_view parts) {
  return protobuf::model(protobuf::relu_graph().raw(parts));
}

message input_of(std::string_view name, std::initializer_list<std::int64_t> extents) {
  message shape;
  for (auto const extent : extents) shape.sub(1, message().integer(1, extent));
  return message().text(1, name).sub(2, message().sub(1, message().integer(1, 1).sub(2, shape)));
}

/// Nodes of one type in a row, over an input of these extents.
message chain(std::initializer_list<std::int64_t> extents, int length,
              std::string_view type = "Relu") {
  message graph;
  graph.sub(11, input_of("0", extents));
  for (int i = 0; i < length; ++i) {
    graph.sub(1, protobuf::node(type, "", std::to_string(i), std::to_string(i + 1)));
  }
  return protobuf::model(graph.sub(12, protobuf::output(std::to_string(length))));
}

TEST_CASE("2 GB of zeros are not a model") {
  constexpr auto size = std::size_t{1} << 31;
  std::unique_ptr<char, void (*)(void*)> const zeros(static_cast<char*>(std::calloc(size, 1)),
                                                     std::free);
  REQUIRE(zeros);
  CHECK(end_of({zeros.get(), size - 1}) ==
        "a field of the model at byte 0 has number 0; 1 to 536870911 are possible");
  CHECK(end_of({zeros.get(), size}) ==
        "the file has 2147483648 bytes; an ONNX file has less than 2147483648");
}

TEST_CASE("ten million parts of a graph are too many") {
  auto constexpr sentence =
      "the graph has more than 1048576 parts (nodes, initializers, inputs, ...)";
  CHECK(end_of(model_of_parts(repeat("\x0a\x00"s, 10'000'000)), limit) == sentence);
  CHECK(end_of(model_of_parts(repeat("\x2a\x00"s, 2'000'000)), limit) == sentence);
  CHECK(end_of(model_of_parts(repeat("\x6a\x00"s, 2'000'000)), limit) == sentence);
}

TEST_CASE("a million outputs of a node, or parts of an attribute, are too many") {
  auto constexpr nameless = "node 1 (Foo): the graph has more than 262144 tensors without a name";
  auto const node = [](message const& m) {
    return model_of_parts(message().sub(1, message().text(4, "Foo").raw(m.view())).view());
  };
  auto const attribute = [&](std::string_view bytes, std::size_t count) {
    return node(message().sub(5, message().text(1, "a").raw(repeat(bytes, count))));
  };
  CHECK(end_of(node(message().raw(repeat("\x12\x00"s, 1'000'000))), limit) == nameless);
  CHECK(end_of(attribute("\x52\x04\x08\x00\x10\x01"s, 1'000'000), limit) == nameless);
  CHECK(end_of(attribute("\x7a\x00"s, 1'000'000), limit) ==
        "node 1 (Foo): the attributes of the graph hold more than 262144 types");
  CHECK(end_of(attribute("\x5a\x00"s, 1'000'000), limit) ==
        "node 1 (Foo): its attributes hold more than 262144 graphs");
}

TEST_CASE("a million names of outputs are too many") {
  message node = message().text(4, "Foo");
  char name[] = "aaaa";
  for (int i = 0; i <= 1 << 20; ++i) {
    for (int k = 0; k < 4; ++k) name[k] = static_cast<char>('!' + (i >> 6 * k & 63));
    node.text(2, name);
  }
  CHECK(end_of(model_of_parts(message().sub(1, node).view()), limit) ==
        "node 1 (Foo): the graph has more than 1048576 tensors");
}

TEST_CASE("a million graphs in the attributes of some nodes, at length" * doctest::skip()) {
  message parts;
  for (auto const* const name : {"p", "q", "r", "s"}) {
    auto const graphs = message().text(1, "a").raw(repeat("\x5a\x00"s, 250'000));
    parts.sub(1, message().text(2, name).text(4, "Odd").sub(5, graphs));
  }
  CHECK(end_of(model_of_parts(parts.view()), limit) ==
        "node 1 (Odd): the operator 'Odd' is not supported");
}

TEST_CASE("two million remarks or containers, or a thousand depths, are too many") {
  auto const odd = message().text(2, "z").text(4, "Odd");
  auto const remarked = [&](std::size_t count) {
    auto const remarks = repeat("\x32\x00"s, count);
    return model_of_parts(message().sub(1, message(odd).raw(remarks)).view());
  };
  CHECK(end_of(remarked(2'000'000), limit) ==
        "the file has more than 1048576 documentations and other remarks");
  CHECK(end_of(remarked(1'000'000), limit) == "node 1 (Odd): the operator 'Odd' is not supported");
  auto const type = message().raw(repeat("\x22\x00"s, 2'000'000));
  auto const typed = message().sub(13, message().text(1, "y").sub(2, type));
  CHECK(end_of(model_of_parts(typed.view()), limit) ==
        "the graph has more than 1048576 sequences and other containers");
  message nest;
  for (int i = 0; i < 1'000; ++i) {
    auto const graph = message().text(1, "a").sub(6, nest);
    nest = message().sub(1, message(odd).sub(5, graph));
  }
  CHECK(end_of(model_of_parts(nest.view())) ==
        "a graph at byte 537 stands inside 64 others; no more are supported");
}

TEST_CASE("functions that would come to ten million values are too many") {
  auto const wide = message().text(1, "F").text(4, "a").text(5, "b").sub(
      7, message().text(1, "a").text(2, "b").text(4, "Odd").raw(repeat("\x12\x00"s, 10'000)));
  message graph = message().sub(11, input_of("0", {1}));
  for (int i = 0; i < 1000; ++i) {
    graph.sub(1, protobuf::node("F", "", std::to_string(i), std::to_string(i + 1)));
  }
  auto const file = protobuf::model(graph.sub(12, protobuf::output("1000"))).sub(25, wide);
  CHECK(end_of(file, limit) ==
        "node 26 (F): the functions of the model come to more than 262144 nodes, values or "
        "attributes");
}

TEST_CASE("a cycle is a name that is not defined yet") {
  auto const graph = message()
                         .sub(11, protobuf::input("x"))
                         .sub(1, protobuf::node("Relu", "a", "b", "c"))
                         .sub(1, protobuf::node("Relu", "b", "c", "b"))
                         .sub(12, protobuf::output("c"));
  CHECK(end_of(protobuf::model(graph)) ==
        "node 0 'a' (Relu): it reads 'b', which nothing before it defines");
  auto const self =
      message().sub(1, protobuf::node("Relu", "a", "b", "b")).sub(12, protobuf::output("b"));
  CHECK(end_of(protobuf::model(self)) ==
        "node 0 'a' (Relu): it reads 'b', which nothing before it defines");
}

TEST_CASE("a name is defined once") {
  auto const twice = message().sub(1, protobuf::node("Relu", "s", "x", "y"));
  CHECK(end_of(model_of_parts(twice.view())) == "node 1 's' (Relu): the name 'y' is defined twice");
  CHECK(end_of(model_of_parts(message().sub(11, protobuf::input("x")).view())) ==
        "the name 'x' is defined twice");
}

TEST_CASE("a hundred thousand names made to collide are defined once each") {
  // tests/core/index_table.cpp says why all of them have one hash in FNV-1a.
  auto const loops = {"\0\0\0\0\0\0\0\0\0"s, "\x97\xf0\x13\x1a\x62\xcd\xd9\x7d\xbd"s};
  message node;
  for (std::size_t i = 0; i < 1 << 17; ++i) {
    auto name = "\xd5\x6b\xb9\x53\x42\x87\x08\x36"s;
    for (int bit = 0; bit < 17; ++bit) name += loops.begin()[i >> bit & 1];
    node.text(2, name);
  }
  CHECK(end_of(model_of_parts(message().sub(1, node.text(4, "Foo")).view()), limit) ==
        "node 1 (Foo): the operator 'Foo' is not supported");
}

TEST_CASE("external data that is named a million times, or by a million tensors, is refused") {
  auto const key = message().text(1, "location").text(2, "a");
  auto const entry = message().sub(13, key);
  auto const tensor = message().integer(1, 1).integer(2, 1).text(8, "w").integer(14, 1);
  auto const many = message(tensor).raw(repeat(entry.view(), 1'000'000));
  CHECK(end_of(protobuf::model_of_tensor(many)) ==
        "the elements of 'w' stand in the file 'a', which has not been read");
  auto const nameless =
      message().sub(5, message().integer(1, 1).integer(2, 1).integer(14, 1).raw(entry.view()));
  auto attribute = message().text(1, "a").raw(repeat(nameless.view(), 1'000'000));
  auto const reader = message().text(4, "Foo").text(2, "z").sub(5, attribute.integer(20, 4));
  CHECK(end_of(model_of_parts(message().sub(1, reader).view()), limit) ==
        "node 1 (Foo): the operator 'Foo' is not supported");
}

TEST_CASE("extents of 2^62 do not fit into memory") {
  constexpr auto huge = std::int64_t{1} << 62;
  CHECK_FALSE(end_of(chain({huge}, 1)).empty());
  CHECK_FALSE(end_of(chain({huge, huge}, 1)).empty());
  CHECK_FALSE(end_of(chain({0, huge, huge}, 1)).empty());
  CHECK_FALSE(end_of(chain({huge, 0, huge}, 1)).empty());
  auto const constant = message().integer(1, huge).integer(1, huge).integer(2, 1).text(8, "w");
  CHECK(end_of(protobuf::model_of_tensor(constant)) ==
        "tensor 'w' (float32 4611686018427387904x4611686018427387904) has 2^63 bits or more");
  auto const empty = message().integer(1, 0).integer(1, huge).integer(1, huge).integer(2, 1);
  CHECK_FALSE(end_of(protobuf::model_of_tensor(message(empty).text(8, "w"))).empty());
}

TEST_CASE("lowering plans an arena of terabytes without allocating it") {
  CHECK(end_of(chain({1 << 20, 1 << 20}, 100)).empty());
}

TEST_CASE("a tensor without elements takes no time, however long its other axes are") {
  for (auto const* const type : {"Softmax", "Relu", "Flatten"}) {
    auto const file = chain({std::int64_t{1} << 40, 0}, 2, type);
    auto const program = inlay::lower(inlay::optimize(inlay::read_onnx(file.view())));
    REQUIRE(std::string(program.failure.text.view()) == "");
    float none = 0;
    void const* const in = &none;
    void* const out = &none;
    inlay::interpret(program, inlay::span(&in, 1), inlay::span(&out, 1));
  }
}

TEST_CASE("a name of twenty megabytes is cut in the sentence") {
  auto const name = std::string(20'000'000, 'n');
  auto const text = end_of(model_of_parts(message().sub(12, protobuf::output(name)).view()));
  CHECK(text == "output '" + std::string(244, 'n') + "...");
}

TEST_CASE("twenty thousand nodes of one type and shape that differ in an attribute") {
  message graph;
  graph.sub(11, input_of("x", {1, 1}));
  for (int i = 0; i < 20'000; ++i) {
    auto const alpha = message().text(1, "alpha").real(2, static_cast<float>(i)).integer(20, 1);
    auto const name = std::to_string(i);
    graph.sub(1, message()
                     .text(1, i == 0 ? "x" : std::to_string(i - 1))
                     .text(1, "x")
                     .text(2, name)
                     .text(4, "Gemm")
                     .sub(5, alpha));
  }
  graph.sub(12, protobuf::output("19999"));
  CHECK(end_of(protobuf::model(graph, 17), limit).empty());
}

}  // namespace
