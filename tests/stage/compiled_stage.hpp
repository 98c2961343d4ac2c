// How the tests of stages run what the emitting stage writes: compiled by LLVM.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/ExecutionEngine/Orc/LLJIT.h>

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "inlay/execute/jit/llvm_module.hpp"
#include "inlay/stage/emitting.hpp"
#include "stage_checks.hpp"

namespace inlay_test {

template <class T> T checked(llvm::Expected<T> x) {
  if (!x) throw std::runtime_error(llvm::toString(x.takeError()));
  return std::move(*x);
}

/// A function of pointers and a number, compiled for this machine.
class compiled_function {
 public:
  using code = void (*)(void const* const* tensors, std::int64_t n);

  /// `write(stage, n, pointers)` writes it.
  template <class Write> explicit compiled_function(std::size_t pointers, Write const& write) {
    static auto const host = checked(jit::host_machine::detect());
    jit::llvm_module m(host);
    if (auto e = m.start()) throw std::runtime_error(llvm::toString(std::move(e)));
    m.add("f", 1, [&](llvm_emitter& to, llvm::Function& f) {
      emitting stage(to);
      std::vector<emitted> places(pointers);
      for (std::size_t i = 0; i < pointers; ++i) {
        places[i] = to.load_pointer(f.getArg(0), i * sizeof(void*));
      }
      write(stage, emitted_index(to, f.getArg(1)), places.data());
    });
    linker_ = checked(llvm::orc::LLJITBuilder().create());
    if (auto e = linker_->addObjectFile(checked(m.compile()))) {
      throw std::runtime_error(llvm::toString(std::move(e)));
    }
    run = checked(linker_->lookup("f")).template toPtr<code>();
  }
  code run = nullptr;

 private:
  std::unique_ptr<llvm::orc::LLJIT> linker_;
};

/// Kernels are compiled once for tensors of the same strides; how many elements they are for is a
/// number of the call.
template <> struct stage_runner<emitting> {
  template <class Kernel, class... T>
  INLAY_CALLS_CODE static void run(Kernel const& kernel, std::int64_t n,
                                   tensor<T> const&... tensors) {
    static std::map<std::string, std::unique_ptr<compiled_function>> compiled;
    std::string strides;
    auto const name = [&](shape const& s) {
      for (int i = 0; i < s.size(); ++i) strides += std::to_string(s[i]) + " ";
    };
    (name(tensors.strides), ...);
    auto& f = compiled[strides];
    if (f == nullptr) {
      f = std::make_unique<compiled_function>(
          sizeof...(T), [&](emitting& s, emitted_index count, emitted const* places) {
            auto const seen = [&]<class U>(tensor<U> const& t) {
              return tensor<U, emitted_memory>{
                  emitted_pointer<std::remove_const_t<U>>(*places++), {}, t.strides};
            };
            // Braces evaluate from left to right.
            auto const arguments = pack<tensor<T, emitted_memory>...>{seen(tensors)...};
            apply_pack([&](auto const&... t) { kernel(s, count, t...); }, arguments);
          });
    }
    void const* const pointers[] = {tensors.data...};
    f->run(pointers, n);
  }
};

}  // namespace inlay_test
