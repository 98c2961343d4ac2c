// An emitter of LLVM's intermediate representation. Includes LLVM, and takes a compiler ten
// seconds.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <vector>

#include "inlay/stage/llvm/memory.hpp"

namespace inlay::inline INLAY_VERSION {

/// Writes into a function, from its end on.
class llvm_emitter final : public llvm_memory {
 public:
  using llvm_memory::llvm_memory;

  emitted begin_loop(emitted begin, emitted end, bool runs_once, span<emitted> carried) override {
    auto* const before = b_.GetInsertBlock();
    loop l{before, block(), block(), nullptr, of(end), runs_once, {}, {}};
    if (runs_once) b_.CreateBr(l.body);
    else b_.CreateCondBr(b_.CreateICmpSLT(of(begin), l.end), l.body, l.exit);
    start(l.body);
    l.index = b_.CreatePHI(b_.getInt64Ty(), 2);
    l.index->addIncoming(of(begin), before);
    for (auto& x : carried) {
      auto* const phi = b_.CreatePHI(of(x)->getType(), 2);
      phi->addIncoming(of(x), before);
      l.carried.push_back(phi);
      l.initial.push_back(of(x));
      x = phi;
    }
    loops_.push_back(l);
    return l.index;
  }
  void end_loop(span<emitted> carried) override {
    auto const l = loops_.back();
    loops_.pop_back();
    auto* const last = b_.GetInsertBlock();
    auto* const next = b_.CreateNSWAdd(l.index, b_.getInt64(1));
    l.index->addIncoming(next, last);
    auto* const back = b_.CreateCondBr(b_.CreateICmpSLT(next, l.end), l.body, l.exit);
    back->setMetadata(llvm::LLVMContext::MD_loop, as_written());
    start(l.exit);
    for (std::size_t i = 0; i < l.carried.size(); ++i) {
      auto* const after = of(carried[i]);
      l.carried[i]->addIncoming(after, last);
      if (l.runs_once) continue;
      auto* const phi = b_.CreatePHI(after->getType(), 2);
      phi->addIncoming(l.initial[i], l.before);
      phi->addIncoming(after, last);
      carried[i] = phi;
    }
  }
  void begin_if_at_most(emitted a, emitted b) override {
    branch const two{block(), block(), block(), nullptr};
    b_.CreateCondBr(b_.CreateICmpSLE(of(a), of(b)), two.then, two.otherwise);
    start(two.then);
    branches_.push_back(two);
  }
  void begin_else() override {
    auto& two = branches_.back();
    two.end_of_then = b_.GetInsertBlock();
    b_.CreateBr(two.exit);
    start(two.otherwise);
  }
  void end_if(span<emitted> results, span<emitted const> otherwise) override {
    auto const two = branches_.back();
    branches_.pop_back();
    auto* const end_of_else = b_.GetInsertBlock();
    b_.CreateBr(two.exit);
    start(two.exit);
    for (std::size_t i = 0; i < results.size(); ++i) {
      auto* const phi = b_.CreatePHI(of(results[i])->getType(), 2);
      phi->addIncoming(of(results[i]), two.end_of_then);
      phi->addIncoming(of(otherwise[i]), end_of_else);
      results[i] = phi;
    }
  }

 private:
  struct loop {
    llvm::BasicBlock* before;
    llvm::BasicBlock* body;
    llvm::BasicBlock* exit;
    llvm::PHINode* index;
    llvm::Value* end;
    bool runs_once;
    std::vector<llvm::PHINode*> carried;
    std::vector<llvm::Value*> initial;
  };
  struct branch {
    llvm::BasicBlock* then;
    llvm::BasicBlock* otherwise;
    llvm::BasicBlock* exit;
    llvm::BasicBlock* end_of_then;
  };

  llvm::BasicBlock* block() { return llvm::BasicBlock::Create(b_.getContext()); }
  void start(llvm::BasicBlock* next) {
    function_->insert(function_->end(), next);
    b_.SetInsertPoint(next);
  }
  /// Loops are what their kernel says: no pass unrolls or vectorizes them.
  llvm::MDNode* as_written() {
    auto& context = b_.getContext();
    auto const property = [&](char const* name) {
      return llvm::MDNode::get(context, {llvm::MDString::get(context, name)});
    };
    auto* const l = llvm::MDNode::getDistinct(
        context, {nullptr, property("llvm.loop.mustprogress"), property("llvm.loop.unroll.disable"),
                  property("llvm.loop.disable_nonforced")});
    l->replaceOperandWith(0, l);
    return l;
  }

  std::vector<loop> loops_;
  std::vector<branch> branches_;
};

}  // namespace inlay::inline INLAY_VERSION
