// An emitter of LLVM's intermediate representation. Includes LLVM, and takes a compiler ten
// seconds.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/MDBuilder.h>
#include <llvm/IR/Module.h>

#include <cstdint>
#include <numeric>
#include <vector>

#include "inlay/stage/emitter.hpp"

namespace inlay::inline INLAY_VERSION {

/// Writes into a function, from its end on.
class llvm_emitter final : public emitter {
 public:
  /// `masks_bytes` says whether the machine loads and stores some bytes of a vector and leaves the
  /// others alone, as it does with words.
  llvm_emitter(llvm::Function& f, bool masks_bytes)
      : b_(f.getContext()), function_(&f), masks_bytes_(masks_bytes) {
    b_.SetInsertPoint(llvm::BasicBlock::Create(f.getContext(), "", &f));
  }
  llvm::IRBuilder<>& builder() { return b_; }

  /// A pointer that never changes, so many bytes behind another one.
  llvm::Value* load_pointer(llvm::Value* from, std::size_t offset) {
    return load_invariant(b_.getPtrTy(), from, offset);
  }
  /// An integer of 64 bits likewise.
  llvm::Value* load_number(llvm::Value* from, std::size_t offset) {
    return load_invariant(b_.getInt64Ty(), from, offset);
  }

  // Indices.

  emitted index(std::int64_t constant) override {
    return b_.getInt64(static_cast<std::uint64_t>(constant));
  }
  emitted index(index_operation o, emitted a, emitted b) override {
    auto* const x = of(a);
    auto* const y = of(b);
    switch (o) {
      case index_operation::add: return b_.CreateNSWAdd(x, y);
      case index_operation::subtract: return b_.CreateNSWSub(x, y);
      case index_operation::multiply: return b_.CreateNSWMul(x, y);
      case index_operation::divide: return b_.CreateSDiv(x, y);
      case index_operation::larger: return b_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, x, y);
      case index_operation::smaller: return b_.CreateBinaryIntrinsic(llvm::Intrinsic::smin, x, y);
    }
    return nullptr;
  }

  // Numbers.

  emitted number(vector_type t, std::uint64_t bits) override {
    auto* const type = element(t.element);
    llvm::APInt const word(type->getScalarSizeInBits(), bits, false, true);
    llvm::Constant* x = nullptr;
    if (type->isFloatingPointTy()) {
      x = llvm::ConstantFP::get(type, llvm::APFloat(type->getFltSemantics(), word));
    } else {
      x = llvm::ConstantInt::get(type, word);
    }
    return llvm::ConstantVector::getSplat(count(t.lanes), x);
  }
  emitted number_of(vector_type t, emitted index) override {
    auto* const type = element(t.element);
    auto* const x = type->isFloatingPointTy() ? b_.CreateSIToFP(of(index), type)
                                              : b_.CreateTrunc(of(index), type);
    return b_.CreateVectorSplat(count(t.lanes), x);
  }
  emitted unary(unary_operation o, vector_type, emitted x) override {
    using llvm::Intrinsic::ID;
    auto* const v = of(x);
    bool const is_real = v->getType()->isFPOrFPVectorTy();
    auto const call = [&](ID id) { return b_.CreateUnaryIntrinsic(id, v); };
    switch (o) {
      case unary_operation::absolute:
        if (is_real) return call(llvm::Intrinsic::fabs);
        return b_.CreateBinaryIntrinsic(llvm::Intrinsic::abs, v, b_.getFalse());
      case unary_operation::negate: return is_real ? b_.CreateFNeg(v) : b_.CreateNeg(v);
      case unary_operation::complement: return b_.CreateNot(v);
      case unary_operation::square_root: return call(llvm::Intrinsic::sqrt);
      case unary_operation::nearest: return call(llvm::Intrinsic::roundeven);
      case unary_operation::floor: return call(llvm::Intrinsic::floor);
      case unary_operation::ceil: return call(llvm::Intrinsic::ceil);
    }
    return nullptr;
  }
  emitted binary(binary_operation o, vector_type t, emitted a, emitted b) override {
    auto* const x = of(a);
    auto* const y = of(b);
    bool const is_real = x->getType()->isFPOrFPVectorTy();
    bool const has_sign = is_signed(t.element);
    switch (o) {
      case binary_operation::add: return is_real ? b_.CreateFAdd(x, y) : b_.CreateAdd(x, y);
      case binary_operation::subtract: return is_real ? b_.CreateFSub(x, y) : b_.CreateSub(x, y);
      case binary_operation::multiply: return is_real ? b_.CreateFMul(x, y) : b_.CreateMul(x, y);
      case binary_operation::divide:
        return is_real ? b_.CreateFDiv(x, y) : quotient(x, y, has_sign);
      case binary_operation::larger:
        return is_real ? extreme(x, y, true) : extreme(x, y, true, has_sign);
      case binary_operation::smaller:
        return is_real ? extreme(x, y, false) : extreme(x, y, false, has_sign);
      case binary_operation::copy_sign:
        return b_.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, x, y);
      case binary_operation::bit_and: return b_.CreateAnd(x, y);
      case binary_operation::bit_or: return b_.CreateOr(x, y);
      case binary_operation::bit_xor: return b_.CreateXor(x, y);
      case binary_operation::shift_left: return b_.CreateShl(x, y);
      case binary_operation::shift_right:
        return has_sign ? b_.CreateAShr(x, y) : b_.CreateLShr(x, y);
    }
    return nullptr;
  }
  emitted fused(vector_type, emitted a, emitted b, emitted c) override {
    auto* const x = of(a);
    return b_.CreateIntrinsic(llvm::Intrinsic::fma, {x->getType()}, {x, of(b), of(c)});
  }
  emitted convert(vector_type from, element_type to, emitted x, bool rounds) override {
    auto* v = of(x);
    auto* const type = vector({to, from.lanes});
    bool const from_real = v->getType()->isFPOrFPVectorTy();
    bool const to_real = type->isFPOrFPVectorTy();
    if (from_real && to_real) return b_.CreateFPCast(v, type);
    if (to_real) {
      return is_signed(from.element) ? b_.CreateSIToFP(v, type) : b_.CreateUIToFP(v, type);
    }
    if (!from_real) return b_.CreateIntCast(v, type, is_signed(from.element));
    if (rounds) v = b_.CreateUnaryIntrinsic(llvm::Intrinsic::roundeven, v);
    auto const id = is_signed(to) ? llvm::Intrinsic::fptosi_sat : llvm::Intrinsic::fptoui_sat;
    return b_.CreateIntrinsic(id, {type, v->getType()}, {v});
  }
  emitted reinterpret(vector_type to, emitted x) override {
    return b_.CreateBitCast(of(x), vector(to));
  }

  // Choices.

  emitted compare(comparison c, vector_type t, emitted a, emitted b) override {
    using llvm::CmpInst;
    auto* const x = of(a);
    auto* const y = of(b);
    bool const is_real = x->getType()->isFPOrFPVectorTy();
    bool const has_sign = is_signed(t.element);
    auto const compare = [&](CmpInst::Predicate real, CmpInst::Predicate with_sign,
                             CmpInst::Predicate without) {
      return b_.CreateCmp(is_real ? real : has_sign ? with_sign : without, x, y);
    };
    switch (c) {
      case comparison::equal: return compare(CmpInst::FCMP_OEQ, CmpInst::ICMP_EQ, CmpInst::ICMP_EQ);
      case comparison::less:
        return compare(CmpInst::FCMP_OLT, CmpInst::ICMP_SLT, CmpInst::ICMP_ULT);
      case comparison::less_or_equal:
        return compare(CmpInst::FCMP_OLE, CmpInst::ICMP_SLE, CmpInst::ICMP_ULE);
      case comparison::unordered:
        // Integers are numbers.
        return compare(CmpInst::FCMP_UNO, CmpInst::ICMP_NE, CmpInst::ICMP_NE);
    }
    return nullptr;
  }
  emitted select(emitted mask, emitted a, emitted b) override {
    return b_.CreateSelect(of(mask), of(a), of(b));
  }
  emitted first_lanes(int lanes, emitted some) override {
    std::vector<llvm::Constant*> numbers;
    for (int l = 0; l < lanes; ++l) numbers.push_back(b_.getInt32(static_cast<unsigned>(l)));
    auto* const limit = b_.CreateTrunc(of(some), b_.getInt32Ty());
    return b_.CreateICmpSLT(llvm::ConstantVector::get(numbers),
                            b_.CreateVectorSplat(count(lanes), limit));
  }
  emitted any(emitted mask) override {
    return b_.CreateZExt(b_.CreateOrReduce(of(mask)), b_.getInt64Ty());
  }
  emitted bools(emitted mask) override {
    auto* const m = of(mask);
    return b_.CreateZExt(m, llvm::VectorType::get(b_.getInt8Ty(), lanes_of(m)));
  }

  // Lanes.

  emitted shuffle(emitted a, emitted b, span<int const> lanes) override {
    return b_.CreateShuffleVector(of(a), of(b), llvm::ArrayRef<int>(lanes.data(), lanes.size()));
  }

  // Memory.

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

  // Control.

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

  static llvm::Value* of(emitted x) { return static_cast<llvm::Value*>(x); }
  static llvm::ElementCount count(int lanes) {
    return llvm::ElementCount::getFixed(static_cast<unsigned>(lanes));
  }
  static llvm::ElementCount lanes_of(llvm::Value* v) {
    return llvm::cast<llvm::VectorType>(v->getType())->getElementCount();
  }
  static int bytes_of(llvm::Type* element) {
    return static_cast<int>(element->getScalarSizeInBits() / 8);
  }
  static llvm::Align aligned(llvm::Type* element) {
    return llvm::Align(static_cast<std::uint64_t>(bytes_of(element)));
  }
  static bool is_signed(element_type e) {
    switch (e) {
      case element_type::int8:
      case element_type::int16:
      case element_type::int32:
      case element_type::int64: return true;
      default: return false;
    }
  }
  llvm::Type* element(element_type e) {
    if (e == element_type::float32) return b_.getFloatTy();
    if (e == element_type::float64) return b_.getDoubleTy();
    return b_.getIntNTy(static_cast<unsigned>(inlay::bits_of(e)));
  }
  llvm::Type* vector(vector_type t) {
    return llvm::VectorType::get(element(t.element), count(t.lanes));
  }

  // Numbers.

  /// Toward zero; by zero they are zero, and what overflows wraps.
  llvm::Value* quotient(llvm::Value* x, llvm::Value* y, bool has_sign) {
    auto* const type = y->getType();
    auto* const zero = llvm::Constant::getNullValue(type);
    auto* const one = llvm::ConstantInt::get(type, 1);
    auto* const by_zero = b_.CreateICmpEQ(y, zero);
    if (!has_sign) {
      auto* const divisor = b_.CreateSelect(by_zero, one, y);
      return b_.CreateSelect(by_zero, zero, b_.CreateUDiv(x, divisor));
    }
    auto* const by_minus_one = b_.CreateICmpEQ(y, llvm::Constant::getAllOnesValue(type));
    auto* const is_special = b_.CreateOr(by_zero, by_minus_one);
    auto* const divisor = b_.CreateSelect(is_special, one, y);
    auto* const usual = b_.CreateSDiv(x, divisor);
    auto* const special = b_.CreateSelect(by_zero, zero, b_.CreateNeg(x));
    return b_.CreateSelect(is_special, special, usual);
  }
  /// x where it is the larger one or not a number, else y.
  llvm::Value* extreme(llvm::Value* x, llvm::Value* y, bool is_largest) {
    auto* const is_beyond = is_largest ? b_.CreateFCmpOGT(x, y) : b_.CreateFCmpOLT(x, y);
    auto* const ordered = b_.CreateSelect(is_beyond, x, y);
    return b_.CreateSelect(b_.CreateFCmpUNO(x, x), x, ordered);
  }
  llvm::Value* extreme(llvm::Value* x, llvm::Value* y, bool is_largest, bool has_sign) {
    using namespace llvm::Intrinsic;
    return b_.CreateBinaryIntrinsic(
        is_largest ? (has_sign ? smax : umax) : (has_sign ? smin : umin), x, y);
  }

  // Memory.

  llvm::Value* load_invariant(llvm::Type* type, llvm::Value* from, std::size_t offset) {
    auto* const at = b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), from, offset);
    auto* const loaded = b_.CreateLoad(type, at);
    loaded->setMetadata(llvm::LLVMContext::MD_invariant_load,
                        llvm::MDNode::get(b_.getContext(), {}));
    return loaded;
  }
  bool is_masked(llvm::Type* element) const { return masks_bytes_ || bytes_of(element) >= 4; }
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

  // Control.

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

  llvm::IRBuilder<> b_;
  llvm::Function* function_;
  bool masks_bytes_;
  std::vector<loop> loops_;
  std::vector<branch> branches_;
};

}  // namespace inlay::inline INLAY_VERSION
