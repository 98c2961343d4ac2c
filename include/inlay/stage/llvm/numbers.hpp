// Arithmetic, comparisons and conversions in LLVM's intermediate representation.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/IntrinsicsAArch64.h>
#include <llvm/IR/IntrinsicsX86.h>
#include <llvm/IR/MDBuilder.h>
#include <llvm/IR/Module.h>

#include <cstdint>
#include <numeric>
#include <vector>

#include "inlay/stage/emitter.hpp"

namespace inlay::inline INLAY_VERSION {

/// The instruction that adds four products of bytes to each word: of bytes without a sign by those
/// with one; or, `sdot`, of two with a sign.
enum class byte_products : std::uint8_t { none, vpdpbusd, usdot, sdot };

/// What a machine has instructions for.
struct machine_abilities {
  /// It loads and stores some bytes of a vector and leaves the others alone, as it does with words.
  bool masks_bytes = false;
  byte_products products = byte_products::none;
  int product_bytes = 0;  // of the longest vectors that it multiplies
};

class llvm_numbers : public emitter {
 public:
  llvm_numbers(llvm::Function& f, machine_abilities const& machine)
      : b_(f.getContext()), function_(&f), machine_(machine) {
    b_.SetInsertPoint(llvm::BasicBlock::Create(f.getContext(), "", &f));
  }
  llvm::IRBuilder<>& builder() { return b_; }

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
  emitted add_byte_products(int lanes, emitted a, emitted b, emitted c) override {
    int const together = machine_.product_bytes / 4;
    if (together == 0 || lanes % 4 != 0) return sum_of_products(of(a), of(b), of(c));
    if (lanes <= together) return dot_products(lanes, of(a), of(b), of(c));
    // In two halves.
    std::vector<int> order(static_cast<std::size_t>(lanes));
    std::iota(order.begin(), order.end(), 0);
    auto const half = order.size() / 2;
    emitted sums[2];
    for (std::size_t i = 0; i < 2; ++i) {
      auto const part = [&](emitted x) {
        return shuffle(x, x, span<int const>(order.data() + i * half, half));
      };
      sums[i] = add_byte_products(static_cast<int>(half), part(a), part(b), part(c));
    }
    return shuffle(sums[0], sums[1], span<int const>(order.data(), order.size()));
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

 protected:
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

  llvm::IRBuilder<> b_;
  llvm::Function* function_;
  machine_abilities machine_;

 private:
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
  /// By one instruction, or by two and a subtraction where both operands of it have a sign.
  /// *Source*: Intel's manual, VPDPBUSD; Arm's manual, SDOT and USDOT.
  llvm::Value* dot_products(int lanes, llvm::Value* a, llvm::Value* b, llvm::Value* c) {
    using namespace llvm::Intrinsic;
    auto* const bytes = llvm::VectorType::get(b_.getInt8Ty(), count(4 * lanes));
    a = b_.CreateBitCast(a, bytes);
    b = b_.CreateBitCast(b, bytes);
    if (machine_.products == byte_products::vpdpbusd) {
      auto const id = lanes == 16  ? x86_avx512_vpdpbusd_512
                      : lanes == 8 ? x86_avx512_vpdpbusd_256
                                   : x86_avx512_vpdpbusd_128;
      return b_.CreateIntrinsic(id, {c, a, b});
    }
    auto const dot = [&](ID id, llvm::Value* to, llvm::Value* x) -> llvm::Value* {
      return b_.CreateIntrinsic(id, {c->getType(), bytes}, {to, x, b});
    };
    if (machine_.products == byte_products::usdot) return dot(aarch64_neon_usdot, c, a);
    // a is (a - 128), which has a sign, less -128.
    auto* const least = llvm::ConstantInt::get(bytes, 0x80);
    auto* const rest = dot(aarch64_neon_sdot, llvm::Constant::getNullValue(c->getType()), least);
    return b_.CreateSub(dot(aarch64_neon_sdot, c, b_.CreateXor(a, least)), rest);
  }
  llvm::Value* sum_of_products(llvm::Value* a, llvm::Value* b, llvm::Value* c) {
    for (std::uint64_t shift = 0; shift < 32; shift += 8) {
      auto* const x = b_.CreateAnd(b_.CreateLShr(a, shift), 0xff);
      auto* const y = b_.CreateAShr(b_.CreateShl(b, 24 - shift), 24);
      c = b_.CreateAdd(c, b_.CreateMul(x, y));
    }
    return c;
  }
};

}  // namespace inlay::inline INLAY_VERSION
