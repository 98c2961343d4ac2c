// Loads and stores in LLVM's intermediate representation.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "inlay/stage/llvm/numbers.hpp"

namespace inlay::inline INLAY_VERSION {

class llvm_memory : public llvm_numbers {
 public:
  using llvm_numbers::llvm_numbers;

  /// A pointer that never changes, so many bytes behind another one.
  llvm::Value* load_pointer(llvm::Value* from, std::size_t offset) {
    return load_invariant(b_.getPtrTy(), from, offset);
  }
  /// An integer of 64 bits likewise.
  llvm::Value* load_number(llvm::Value* from, std::size_t offset) {
    return load_invariant(b_.getInt64Ty(), from, offset);
  }

  emitted place(emitted base, emitted elements, std::int64_t constant, int bytes) override {
    auto* at = of(base);
    if (elements != nullptr) {
      auto* const type = b_.getIntNTy(static_cast<unsigned>(8 * bytes));
      at = b_.CreateInBoundsGEP(type, at, of(elements));
    }
    if (constant == 0) return at;
    return b_.CreateInBoundsGEP(b_.getInt8Ty(), at, of(index(constant * bytes)));
  }
  emitted load(element_type e, emitted from, element_distance stride, lane_run run) override {
    auto* const type = element(e);
    auto* const all = vector({e, run.lanes});
    auto* const at = of(from);
    if (stride == 0) {
      return b_.CreateVectorSplat(count(run.lanes), b_.CreateAlignedLoad(type, at, aligned(type)));
    }
    if (stride != 1) return load_apart(type, at, stride, run);
    if (run.count == nullptr) return b_.CreateAlignedLoad(all, at, aligned(type));
    auto* const zero = llvm::Constant::getNullValue(all);
    if (is_masked(type)) {
      return b_.CreateMaskedLoad(all, at, aligned(type), of(first_lanes(run.lanes, run.count)),
                                 zero);
    }
    auto* const copy = of(workspace(run.lanes * bytes_of(type)));
    b_.CreateAlignedStore(zero, copy, aligned(type));
    copy_elements(type, copy, at, run.count);
    return b_.CreateAlignedLoad(all, copy, aligned(type));
  }
  emitted load_index(emitted from) override {
    return b_.CreateAlignedLoad(b_.getInt64Ty(), of(from), llvm::Align(8));
  }
  void store(element_type e, emitted to, element_distance stride, lane_run run,
             emitted x) override {
    auto* const type = element(e);
    auto* const at = of(to);
    if (stride != 1) return store_apart(type, at, stride, run, of(x));
    if (run.count == nullptr) {
      b_.CreateAlignedStore(of(x), at, aligned(type));
    } else if (is_masked(type)) {
      b_.CreateMaskedStore(of(x), at, aligned(type), of(first_lanes(run.lanes, run.count)));
    } else {
      auto* const copy = of(workspace(run.lanes * bytes_of(type)));
      b_.CreateAlignedStore(of(x), copy, aligned(type));
      copy_elements(type, at, copy, run.count);
    }
  }
  emitted gather(element_type e, emitted from, emitted numbers, element_distance stride,
                 lane_run run) override {
    auto* const type = element(e);
    auto* const n = of(numbers);
    auto* const wide = b_.CreateSExt(n, llvm::VectorType::get(b_.getInt64Ty(), lanes_of(n)));
    auto* const places = b_.CreateGEP(type, of(from), scaled(wide, stride));
    return b_.CreateMaskedGather(vector({e, run.lanes}), places, aligned(type), mask_of(run));
  }
  emitted workspace(std::int64_t bytes) override {
    auto& entry = function_->getEntryBlock();
    llvm::IRBuilder<> first(&entry, entry.begin());
    auto* const memory =
        first.CreateAlloca(llvm::ArrayType::get(b_.getInt8Ty(), static_cast<std::uint64_t>(bytes)));
    memory->setAlignment(llvm::Align(64));
    return memory;
  }

 private:
  llvm::Value* load_invariant(llvm::Type* type, llvm::Value* from, std::size_t offset) {
    auto* const at = b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), from, offset);
    auto* const loaded = b_.CreateLoad(type, at);
    loaded->setMetadata(llvm::LLVMContext::MD_invariant_load,
                        llvm::MDNode::get(b_.getContext(), {}));
    return loaded;
  }
  bool is_masked(llvm::Type* element) const {
    return machine_.masks_bytes || bytes_of(element) >= 4;
  }
  llvm::Value* mask_of(lane_run run) {
    if (run.count != nullptr) return of(first_lanes(run.lanes, run.count));
    return llvm::ConstantVector::getSplat(count(run.lanes), b_.getTrue());
  }
  llvm::Value* scaled(llvm::Value* numbers, element_distance by) {
    auto* const lanes = llvm::cast<llvm::VectorType>(numbers->getType());
    auto* const distance = by.variable == nullptr ? of(index(by.constant)) : of(by.variable);
    return b_.CreateMul(numbers, b_.CreateVectorSplat(lanes->getElementCount(), distance));
  }
  llvm::Value* lane_place(llvm::Type* element, llvm::Value* at, element_distance stride, int lane) {
    auto* const elements = stride.variable == nullptr
                               ? of(index(stride.constant * lane))
                               : b_.CreateMul(of(stride.variable), of(index(lane)));
    return b_.CreateInBoundsGEP(element, at, elements);
  }
  llvm::Value* places_apart(llvm::Type* element, llvm::Value* at, element_distance stride,
                            int lanes) {
    std::vector<llvm::Constant*> numbers;
    for (int l = 0; l < lanes; ++l) {
      numbers.push_back(b_.getInt64(static_cast<std::uint64_t>(l)));
    }
    return b_.CreateInBoundsGEP(element, at, scaled(llvm::ConstantVector::get(numbers), stride));
  }
  llvm::Value* load_apart(llvm::Type* element, llvm::Value* at, element_distance stride,
                          lane_run run) {
    auto* const all = llvm::VectorType::get(element, count(run.lanes));
    if (run.count != nullptr) {
      return b_.CreateMaskedGather(all, places_apart(element, at, stride, run.lanes),
                                   aligned(element), mask_of(run),
                                   llvm::Constant::getNullValue(all));
    }
    llvm::Value* x = llvm::PoisonValue::get(all);
    for (int l = 0; l < run.lanes; ++l) {
      auto* const one =
          b_.CreateAlignedLoad(element, lane_place(element, at, stride, l), aligned(element));
      x = b_.CreateInsertElement(x, one, static_cast<std::uint64_t>(l));
    }
    return x;
  }
  void store_apart(llvm::Type* element, llvm::Value* at, element_distance stride, lane_run run,
                   llvm::Value* x) {
    if (run.count != nullptr) {
      b_.CreateMaskedScatter(x, places_apart(element, at, stride, run.lanes), aligned(element),
                             mask_of(run));
      return;
    }
    for (int l = 0; l < run.lanes; ++l) {
      b_.CreateAlignedStore(b_.CreateExtractElement(x, static_cast<std::uint64_t>(l)),
                            lane_place(element, at, stride, l), aligned(element));
    }
  }
  /// One after the other, `some` of them.
  void copy_elements(llvm::Type* element, llvm::Value* to, llvm::Value* from, emitted some) {
    auto* const i = of(begin_loop(index(0), some, false, {}));
    auto* const x =
        b_.CreateAlignedLoad(element, b_.CreateInBoundsGEP(element, from, i), aligned(element));
    b_.CreateAlignedStore(x, b_.CreateInBoundsGEP(element, to, i), aligned(element));
    end_loop({});
  }
};

}  // namespace inlay::inline INLAY_VERSION
