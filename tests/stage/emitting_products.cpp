// Products of bytes, as instructions of several machines.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "compiled_stage.hpp"
#include "inlay/stage/emitting.hpp"

namespace {
using namespace inlay;

/// A processor of the kind that a builder is for, with these features alone.
jit::host_machine machine_of(llvm::orc::JITTargetMachineBuilder const& builder, char const* name,
                             std::vector<std::string> const& features) {
  jit::host_machine other{builder, {}, {}};
  other.builder.setCPU(name);
  other.builder.getFeatures() = llvm::SubtargetFeatures();
  other.builder.addFeatures(features);
  other.look_at_features();
  return other;
}

/// f(p): to each of 16 sums at p, the products of the four bytes there, without a sign and with
/// one, 64 and 128 bytes behind them.
void write_products(jit::llvm_module& m) {
  if (auto e = m.start()) throw std::runtime_error(llvm::toString(std::move(e)));
  m.add("f", 0, [&](llvm_emitter& to, llvm::Function& f) {
    emitting s(to);
    emitted_pointer<std::uint8_t> bytes(f.getArg(0));
    emitted_pointer<std::int8_t> factors(f.getArg(0));
    bytes += 64;
    factors += 128;
    emitted_pointer<std::int32_t> const sums(f.getArg(0));
    full<16, emitted_index> const j{0};
    auto const x = s.load_quads(tensor<std::uint8_t const, emitted_memory>{bytes, {}, {4, 1}}, j);
    auto const w = s.load_quads(tensor<std::int8_t const, emitted_memory>{factors, {}, {4, 1}}, j);
    tensor<std::int32_t, emitted_memory> const y{sums, {}, {1}};
    s.store(y, j, s.add_products(x, w, s.load(y, j)));
  });
}
std::string assembly_for(jit::host_machine const& machine) {
  jit::llvm_module m(machine);
  write_products(m);
  return inlay_test::checked(m.print(jit::code_form::assembly));
}
/// How often an instruction stands in a text.
std::size_t count(std::string const& text, std::string const& name) {
  std::size_t found = 0;
  for (auto at = text.find("\t" + name); at != text.npos; at = text.find("\t" + name, at + 1)) {
    ++found;
  }
  return found;
}
}  // namespace

TEST_CASE("products of bytes are one instruction where there is one") {
  auto const host = inlay_test::checked(jit::host_machine::detect());
  if (!host.builder.getTargetTriple().isX86()) return;
  auto const found = [&](char const* name, std::vector<std::string> const& features) {
    return count(assembly_for(machine_of(host.builder, name, features)), "vpdpbusd");
  };
  CHECK(found("icelake-server", {"+avx512f", "+avx512vl", "+avx512vnni"}) == 1);
  CHECK(found("alderlake", {"+avx", "+avx2", "+avxvnni"}) == 2);
  CHECK(found("haswell", {"+avx", "+avx2"}) == 0);
}

#if defined(INLAY_LLVM_HAS_AARCH64)
namespace {

llvm::orc::JITTargetMachineBuilder arm() {
  LLVMInitializeAArch64TargetInfo();
  LLVMInitializeAArch64Target();
  LLVMInitializeAArch64TargetMC();
  LLVMInitializeAArch64AsmPrinter();
  llvm::orc::JITTargetMachineBuilder builder(llvm::Triple("aarch64-linux-gnu"));
  builder.setRelocationModel(llvm::Reloc::PIC_);
  return builder;
}

/// A program that checks f for bytes of every value, the extremes together.
constexpr char harness[] = R"(
  #include <stdint.h>
  extern "C" void f(void* memory);
  int main(void) {
    int wrong = 0;
    for (int round = 0; round < 1000; ++round) {
      union { struct { int32_t sums[16]; uint8_t x[64]; int8_t w[64]; } of; char bytes[192]; } m;
      int32_t wanted[16];
      for (int i = 0; i < 64; ++i) {
        m.of.x[i] = (uint8_t)(round < 4 ? (round & 1) * 255 : i * 37 + round * 11);
        m.of.w[i] = (int8_t)(round < 4 ? (round & 2) ? -128 : 127 : i * 59 - round * 7);
      }
      for (int i = 0; i < 16; ++i) {
        m.of.sums[i] = (int32_t)(i * 0x12345679u + (unsigned)round * 0x01020305u);
        uint32_t sum = (uint32_t)m.of.sums[i];
        for (int k = 0; k < 4; ++k) sum += (uint32_t)(m.of.x[4 * i + k] * m.of.w[4 * i + k]);
        wanted[i] = (int32_t)sum;
      }
      f(&m);
      for (int i = 0; i < 16; ++i) wrong += m.of.sums[i] != wanted[i];
    }
    return wrong != 0;
  }
)";

bool is_there(char const* command) {
  auto const look = std::string("command -v ") + command + " > /dev/null 2>&1";
  return std::system(look.c_str()) == 0;
}

}  // namespace

TEST_CASE("products of bytes are instructions of ARM where there are some") {
  struct processor {
    char const* name;
    std::vector<std::string> features;
    std::size_t usdot;
    std::size_t sdot;
  };
  bool const can_run = is_there("aarch64-linux-gnu-g++-12") && is_there("qemu-aarch64");
  std::string folder = (std::filesystem::temp_directory_path() / "inlay-arm-XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  std::ofstream(folder + "/main.cpp") << harness;
  for (auto const& p : {processor{"generic", {}, 0, 0},
                        {"generic", {"+dotprod"}, 0, 8},
                        {"generic", {"+dotprod", "+i8mm"}, 4, 0},
                        {"neoverse-n1", {}, 0, 8},
                        {"neoverse-v1", {}, 4, 0}}) {
    auto const name = std::string(p.name);
    CAPTURE(name);
    auto const machine = machine_of(arm(), p.name, p.features);
    auto const text = assembly_for(machine);
    CHECK(count(text, "usdot") == p.usdot);
    CHECK(count(text, "sdot") == p.sdot);
    if (!can_run) continue;
    jit::llvm_module m(machine);
    write_products(m);
    auto const object = inlay_test::checked(m.compile());
    std::ofstream(folder + "/f.o", std::ios::binary)
        .write(object->getBufferStart(), static_cast<std::streamsize>(object->getBufferSize()));
    auto const run = "cd " + folder +
                     " && aarch64-linux-gnu-g++-12 -O1 -static main.cpp f.o -o f && " +
                     "qemu-aarch64 -cpu max ./f";
    CHECK(std::system(run.c_str()) == 0);
  }
  std::filesystem::remove_all(folder);
}
#endif
