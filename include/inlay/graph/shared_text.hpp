// Characters whose views stay valid while any copy of their owner lives.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <type_traits>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION {

/// A block of characters that is written once, at a fixed place. Copies share it, from several
/// threads too, and the last one frees it; so a graph may be copied though its names are views.
class shared_text {
 public:
  constexpr shared_text() = default;
  constexpr explicit shared_text(std::size_t capacity) : block_(new block{1, new char[capacity]}) {}
  constexpr shared_text(shared_text const& other) : block_(other.block_) {
    if (block_ != nullptr) count(1);
  }
  constexpr shared_text(shared_text&& other) noexcept : block_(other.block_) {
    other.block_ = nullptr;
  }
  constexpr shared_text& operator=(shared_text other) noexcept {
    auto* const mine = block_;
    block_ = other.block_;
    other.block_ = mine;
    return *this;
  }
  constexpr ~shared_text() {
    if (block_ == nullptr || count(-1) != 0) return;
    delete[] block_->characters;
    delete block_;
  }

  constexpr bool empty() const { return block_ == nullptr; }
  /// Uninitialized at first.
  constexpr char* data() { return block_ == nullptr ? nullptr : block_->characters; }

 private:
  struct block {
    long owners = 1;
    char* characters = nullptr;
  };

  constexpr long count(long change) {
    if (std::is_constant_evaluated()) return block_->owners += change;
    return __atomic_add_fetch(&block_->owners, change, __ATOMIC_ACQ_REL);
  }

  block* block_ = nullptr;
};

}  // namespace inlay::inline INLAY_VERSION
