// What a step writes is apart from what it reads, as LLVM is told it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/Analysis/ValueTracking.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/MDBuilder.h>

#include <algorithm>
#include <vector>

#include "inlay/stage/emitter.hpp"

namespace inlay::inline INLAY_VERSION::jit {

/// The place that an instruction reads or writes; null where it does neither.
inline llvm::Value* place_of(llvm::Instruction& i) {
  if (auto* const place = llvm::getLoadStorePointerOperand(&i)) return place;
  auto const* const call = llvm::dyn_cast<llvm::IntrinsicInst>(&i);
  if (call == nullptr) return nullptr;
  switch (call->getIntrinsicID()) {
    case llvm::Intrinsic::masked_load:
    case llvm::Intrinsic::masked_gather: return call->getArgOperand(0);
    case llvm::Intrinsic::masked_store:
    case llvm::Intrinsic::masked_scatter: return call->getArgOperand(1);
    default: return nullptr;
  }
}

/// Gives the loads and stores of a function scopes: those in the last of the tensors that begin at
/// `places`, and those in the others, which have no memory in common with it.
/// *Source*: llvm.org/docs/LangRef.html, noalias and alias.scope.
inline void keep_apart(llvm::Function& f, std::vector<emitted> const& places) {
  auto& context = f.getContext();
  llvm::MDBuilder metadata(context);
  auto* const domain = metadata.createAnonymousAliasScopeDomain();
  auto* const read = llvm::MDNode::get(context, {metadata.createAnonymousAliasScope(domain)});
  auto* const written = llvm::MDNode::get(context, {metadata.createAnonymousAliasScope(domain)});
  for (auto& i : llvm::instructions(f)) {
    auto* const place = place_of(i);
    if (place == nullptr) continue;
    emitted const from = llvm::getUnderlyingObject(place, 0);
    auto const tensor = std::find(places.begin(), places.end(), from);
    if (tensor == places.end()) continue;
    bool const is_written = tensor + 1 == places.end();
    i.setMetadata(llvm::LLVMContext::MD_alias_scope, is_written ? written : read);
    i.setMetadata(llvm::LLVMContext::MD_noalias, is_written ? read : written);
  }
}

}  // namespace inlay::inline INLAY_VERSION::jit
