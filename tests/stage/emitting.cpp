// What the emitting stage writes computes, once compiled, what the scalar stage does.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/stage/emitting.hpp"

#include <doctest/doctest.h>

#include "compiled_stage.hpp"
#include "conformance.hpp"
#include "type_conformance.hpp"

namespace {
using namespace inlay;
using suite = inlay_test::type_conformance<emitting>;

// Of each size one, with a sign and without.
using integers = type_list<std::int8_t, std::uint16_t, std::int32_t, std::uint64_t>;
}  // namespace

TEST_CASE("the emitting stage conforms") {
  using conformance = inlay_test::conformance<emitting>;
  conformance::run(type_list<float, double>{});
  conformance::run(integers{});
}
TEST_CASE("the emitting stage chooses by comparisons") {
  suite::run_choices(type_list<float, double, std::int8_t, std::uint16_t, std::uint32_t>{});
}
TEST_CASE("the emitting stage has the bits of integers") { suite::run_bits(integers{}); }
TEST_CASE("the emitting stage converts") {
  suite::run_conversions(type_list<float, double, std::uint8_t, std::int32_t, std::int64_t>{},
                         type_list<float, double, std::int8_t, std::uint8_t, std::int32_t,
                                   std::uint32_t, std::int64_t>{});
  suite::run_rounding();
}
TEST_CASE("the emitting stage adds products of bytes") { suite::run_products(); }
TEST_CASE("products of bytes are one instruction where there is one") {
  auto host = inlay_test::checked(jit::host_machine::detect());
  if (!host.builder.getTargetTriple().isX86()) return;
  auto const assembly_for = [&](char const* machine, std::vector<std::string> const& features) {
    auto other = host;
    other.builder.setCPU(machine);
    other.builder.getFeatures() = llvm::SubtargetFeatures();
    other.builder.addFeatures(features);
    other.registers = {};
    other.abilities = {};
    other.look_at_features();
    jit::llvm_module m(other);
    if (auto e = m.start()) throw std::runtime_error(llvm::toString(std::move(e)));
    m.add("f", 0, [&](llvm_emitter& to, llvm::Function& f) {
      emitting s(to);
      emitted_pointer<std::uint8_t> const bytes(f.getArg(0));
      emitted_pointer<std::int8_t> const factors(f.getArg(0));
      emitted_pointer<std::int32_t> const sums(f.getArg(0));
      full<16, emitted_index> const j{0};
      auto const x = s.load_quads(tensor<std::uint8_t const, emitted_memory>{bytes, {}, {4, 1}}, j);
      auto const w =
          s.load_quads(tensor<std::int8_t const, emitted_memory>{factors, {}, {4, 1}}, j);
      tensor<std::int32_t, emitted_memory> const y{sums, {}, {1}};
      s.store(y, j, s.add_products(x, w, s.load(y, j)));
    });
    return inlay_test::checked(m.print(jit::code_form::assembly));
  };
  auto const count = [](std::string const& text) {
    std::size_t found = 0;
    for (auto at = text.find("vpdpbusd"); at != text.npos; at = text.find("vpdpbusd", at + 1)) {
      ++found;
    }
    return found;
  };
  CHECK(count(assembly_for("icelake-server", {"+avx512f", "+avx512vl", "+avx512vnni"})) == 1);
  CHECK(count(assembly_for("alderlake", {"+avx", "+avx2", "+avxvnni"})) == 2);
  CHECK(count(assembly_for("haswell", {"+avx", "+avx2"})) == 0);
}
TEST_CASE("the emitting stage gathers and transposes") {
  suite::run_memory(type_list<float, double, std::int8_t, std::int16_t, std::int64_t>{});
}
