// The static executor: its constants, and an arena that is exactly as large as it says.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/execute/static-inl.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <memory>
#include <new>

#include "networks.hpp"

namespace {
using namespace inlay_test;

using dense_program = network_program<dense>;
static_assert(!dense_program::facts.failure);
static_assert(dense_program::get<&program::steps>().size() == 1);
static_assert(dense_program::get<&program::inputs>()[0].name == "x");
static_assert(dense_program::facts.arena_bytes == 0 && dense_program::facts.multiply_adds == 6);

// Weights are elements of their type, each tensor at a multiple of 64 bytes.
using weights = weight_pool<dense_program, float>;
static_assert(weights::size == 32);
static_assert(weights::elements[0] == 1 && weights::elements[5] == 6 && weights::elements[6] == 0);
static_assert(weights::elements[16] == 0.5f && weights::elements[17] == -100);
static_assert(weight_pool<dense_program, double>::size == 0);

using code = step_code<dense_program, dense_program::get<&program::steps>()[0].structure, scalar>;
static_assert(std::is_same_v<code::operator_type, op::gemm> && code::inputs == 3 &&
              std::is_same_v<code::element, float>);

using table = step_table<dense_program>;
static_assert(table::size == 1 && table::entries[0].first_location == 0);
static_assert(table::locations[0].where == place::input &&
              table::locations[3].where == place::output);

struct aligned_delete {
  void operator()(std::byte* p) const {
    ::operator delete[](p, std::align_val_t{static_cast<std::size_t>(tensor_alignment)});
  }
};

}  // namespace

TEST_CASE("a network touches its whole arena, and nothing behind it") {
  using compiled = network_program<image_network<50>>;
  constexpr auto size = static_cast<std::size_t>(compiled::facts.arena_bytes);
  // On the heap, exactly: the address sanitizer sees what passes its end.
  std::unique_ptr<std::byte[], aligned_delete> const bytes(
      new (std::align_val_t{static_cast<std::size_t>(tensor_alignment)}) std::byte[size]);
  std::memset(bytes.get(), 0xee, size);
  float const image[144] = {1, 2, 3};
  float answer[10];
  input_pointer const inputs[] = {image};
  output_pointer const outputs[] = {answer};
  byte_arena arena{bytes.get()};
  using memory_type = program_memory<compiled, byte_arena>;
  memory_type memory{arena, inputs, outputs};
  static_executor<compiled, memory_type, scalar>::run(memory);

  std::size_t touched = size;
  while (touched > 0 && bytes[touched - 1] == std::byte{0xee}) --touched;
  CHECK(touched > size - 64);
  float sum = 0;
  for (auto const y : answer) sum += y;
  CHECK(sum == doctest::Approx(1));
}
