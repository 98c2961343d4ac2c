// What the steps of a program do, as text and numbers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <inlay/program/program.hpp>
#include <string>

/// What a step computes: its kernel and the element operators behind it: "Conv + Relu".
std::string operators_of(inlay::program const& p, inlay::structure const& what);

/// Bytes of the elements of a tensor; those that repeat are counted once.
std::int64_t bytes_of_elements(inlay::layout const& t);
