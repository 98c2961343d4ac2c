// Modules of LLVM for the machine that runs this.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/SmallVectorMemoryBuffer.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>
#include <llvm/Transforms/Scalar/LICM.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "inlay/execute/jit.hpp"
#include "inlay/execute/jit/step_writer.hpp"
#include "inlay/stage/llvm.hpp"

namespace inlay::inline INLAY_VERSION::jit {

/// The machine that runs this, as LLVM knows it.
struct host_machine {
  llvm::orc::JITTargetMachineBuilder builder;
  machine_registers registers;
  machine_abilities abilities;

  /// *Errors*: where LLVM does not know it.
  static llvm::Expected<host_machine> detect() {
    static bool const has_target =
        !llvm::InitializeNativeTarget() && !llvm::InitializeNativeTargetAsmPrinter();
    if (!has_target) return llvm::createStringError("LLVM was built without this machine");
    auto builder = llvm::orc::JITTargetMachineBuilder::detectHost();
    if (!builder) return builder.takeError();
    // Constants are near the code, which need not be where it was told to be.
    builder->setCodeModel(llvm::CodeModel::Small);
    builder->setRelocationModel(llvm::Reloc::PIC_);
    builder->setCodeGenOptLevel(llvm::CodeGenOptLevel::Default);
    host_machine host{std::move(*builder), {}, {}};
    host.look_at_features();
    return host;
  }
  /// What follows from the features of the builder.
  void look_at_features() {
    auto const& features = builder.getFeatures().getFeatures();
    auto const has = [&](char const* feature) {
      return std::find(features.begin(), features.end(), feature) != features.end();
    };
    if (has("+avx512f") && has("+avx512vl")) registers = {32, 64};
    else if (has("+avx")) registers = {16, 32};
    else if (builder.getTargetTriple().isAArch64()) registers = {32, 16};
    abilities.masks_bytes = has("+avx512bw") && has("+avx512vl");
    if (has("+avx512vnni") && has("+avx512vl")) multiplies(byte_products::vpdpbusd, 64);
    else if (has("+avxvnni")) multiplies(byte_products::vpdpbusd, 32);
    else if (builder.getTargetTriple().isAArch64()) look_at_arm();
  }

 private:
  void multiplies(byte_products by, int bytes) {
    abilities.products = by;
    abilities.product_bytes = bytes;
  }
  /// Most of what the processor has follows from its name.
  void look_at_arm() {
    auto copy = builder;
    auto machine = copy.createTargetMachine();
    if (!machine) return llvm::consumeError(machine.takeError());
    auto const& processor = *(*machine)->getMCSubtargetInfo();
    if (processor.checkFeatures("+i8mm")) multiplies(byte_products::usdot, 16);
    else if (processor.checkFeatures("+dotprod")) multiplies(byte_products::sdot, 16);
  }
};

/// One module: the functions that steps are compiled to.
class llvm_module {
 public:
  explicit llvm_module(host_machine const& host) : host_(&host), builder_(host.builder) {}

  llvm::Error start() {
    auto machine = builder_.createTargetMachine();
    if (!machine) return machine.takeError();
    machine_ = std::move(*machine);
    module_ = std::make_unique<llvm::Module>("inlay", context_);
    module_->setDataLayout(machine_->createDataLayout());
    module_->setTargetTriple(machine_->getTargetTriple());
    return llvm::Error::success();
  }

  /// Adds a function of a pointer and of so many integers of 64 bits, which `write(emitter,
  /// function)` writes.
  template <class Write>
  void add(std::string const& name, std::size_t integers, Write const& write) {
    std::vector<llvm::Type*> parameters(1 + integers, llvm::Type::getInt64Ty(context_));
    parameters[0] = llvm::PointerType::get(context_, 0);
    auto* const type = llvm::FunctionType::get(llvm::Type::getVoidTy(context_), parameters, false);
    auto* const f = llvm::Function::Create(type, llvm::Function::ExternalLinkage, name, *module_);
    f->addFnAttr("target-cpu", machine_->getTargetCPU());
    f->addFnAttr("target-features", machine_->getTargetFeatureString());
    // As long as registers are, even where the machine would rather not.
    auto const bits = std::to_string(8 * host_->registers.bytes);
    f->addFnAttr("prefer-vector-width", bits);
    f->addFnAttr("min-legal-vector-width", bits);
    f->addFnAttr(llvm::Attribute::NoUnwind);
    f->addParamAttr(0, llvm::Attribute::NoAlias);
    f->addParamAttr(0, llvm::Attribute::ReadOnly);
    llvm_emitter to(*f, host_->abilities);
    write(to, *f);
    to.builder().CreateRetVoid();
  }

  /// The object file of what was written.
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> compile() {
    optimize();
    llvm::SmallVector<char, 0> bytes;
    llvm::raw_svector_ostream stream(bytes);
    llvm::legacy::PassManager passes;
    llvm::MCContext* context = nullptr;
    if (machine_->addPassesToEmitMC(passes, context, stream)) {
      return llvm::createStringError("the target has no object files");
    }
    passes.run(*module_);
    return std::make_unique<llvm::SmallVectorMemoryBuffer>(std::move(bytes), false);
  }

  /// What was written, as text.
  llvm::Expected<std::string> print(code_form form) {
    optimize();
    llvm::SmallVector<char, 0> bytes;
    llvm::raw_svector_ostream stream(bytes);
    if (form == code_form::intermediate) {
      module_->print(stream, nullptr);
    } else {
      llvm::legacy::PassManager passes;
      constexpr auto text = llvm::CodeGenFileType::AssemblyFile;
      if (machine_->addPassesToEmitFile(passes, stream, nullptr, text)) {
        return llvm::createStringError("the target has no assembly language");
      }
      passes.run(*module_);
    }
    return std::string(bytes.begin(), bytes.end());
  }

 private:
  /// Kernels are written as they shall run: what is left is to compute once what they write twice,
  /// and outside of loops what does not change in them.
  void optimize() {
    llvm::LoopAnalysisManager loops;
    llvm::FunctionAnalysisManager functions;
    llvm::CGSCCAnalysisManager calls;
    llvm::ModuleAnalysisManager modules;
    llvm::PassBuilder builder(machine_.get());
    builder.registerModuleAnalyses(modules);
    builder.registerCGSCCAnalyses(calls);
    builder.registerFunctionAnalyses(functions);
    builder.registerLoopAnalyses(loops);
    builder.crossRegisterProxies(loops, functions, calls, modules);
    llvm::FunctionPassManager passes;
    passes.addPass(llvm::EarlyCSEPass());
    passes.addPass(llvm::createFunctionToLoopPassAdaptor(llvm::LICMPass(llvm::LICMOptions()),
                                                         /*UseMemorySSA=*/true));
    llvm::ModulePassManager all;
    all.addPass(llvm::createModuleToFunctionPassAdaptor(std::move(passes)));
    all.run(*module_, modules);
  }

  host_machine const* host_;
  llvm::orc::JITTargetMachineBuilder builder_;
  llvm::LLVMContext context_;
  std::unique_ptr<llvm::TargetMachine> machine_;
  std::unique_ptr<llvm::Module> module_;
};

}  // namespace inlay::inline INLAY_VERSION::jit
