// The version, the namespaces and the few attributes that depend on the compiler.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#define INLAY_VERSION_MAJOR 0
#define INLAY_VERSION_MINOR 1
#define INLAY_VERSION_PATCH 0

/// Everything lives in `namespace inlay::inline INLAY_VERSION`, so that two versions in one program
/// do not share symbols. A translation unit that shares nothing with others, since it is compiled
/// for another machine than they are, has a name of its own.
///
/// INLAY_USER_OPERATORS, where it is defined, is the name of a program's own operators: those of
/// `my_operators` are in `my_operators.hpp`, which the compiler finds as it finds other headers.
/// With other operators a graph means something else, so the namespace has that name behind it.
#define INLAY_JOIN_NAMES(a, b) INLAY_JOIN_EXPANDED(a, b)
#define INLAY_JOIN_EXPANDED(a, b) a##_##b
#define INLAY_HEADER(name) INLAY_QUOTE(name.hpp)
#define INLAY_QUOTE(text) #text
#if defined(INLAY_USER_OPERATORS)
#define INLAY_OPERATOR_LIST INLAY_USER_OPERATORS
#else
#define INLAY_OPERATOR_LIST library_operators
#endif
#if !defined(INLAY_VERSION) && !defined(INLAY_USER_OPERATORS)
#define INLAY_VERSION v0_1
#elif !defined(INLAY_VERSION)
#define INLAY_VERSION INLAY_JOIN_NAMES(v0_1, INLAY_USER_OPERATORS)
#endif

/// Kernels and executors live one namespace deeper, named after the instruction set that the
/// translation unit is compiled for. Without it the linker would keep one of two inline functions
/// compiled with different flags, and the program would crash on the older machine.
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define INLAY_TARGET_SET x86_64_v4
#elif defined(__AVX512F__)
#define INLAY_TARGET_SET x86_64_avx512f
#elif defined(__AVX2__) && defined(__BMI2__) && defined(__F16C__)
#define INLAY_TARGET_SET x86_64_v3
#elif defined(__AVX2__)
#define INLAY_TARGET_SET x86_64_avx2
#elif defined(__AVX__)
#define INLAY_TARGET_SET x86_64_avx
#elif defined(__SSE4_2__)
#define INLAY_TARGET_SET x86_64_v2
#elif defined(__x86_64__)
#define INLAY_TARGET_SET x86_64
#elif defined(__ARM_FEATURE_SVE)
#define INLAY_TARGET_SET aarch64_sve
#elif defined(__aarch64__)
#define INLAY_TARGET_SET aarch64
#else
#define INLAY_TARGET_SET generic
#endif

#if defined(__FMA__) || defined(__FP_FAST_FMAF)
#define INLAY_TARGET_FMA fused
#else
#define INLAY_TARGET_FMA emulated
#endif

#define INLAY_BEGIN_TARGET                \
  namespace inlay::inline INLAY_VERSION { \
  inline namespace INLAY_TARGET_SET {     \
  inline namespace INLAY_TARGET_FMA {
#define INLAY_END_TARGET \
  }                      \
  }                      \
  }

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define INLAY_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer) || __has_feature(undefined_behavior_sanitizer)
#define INLAY_SANITIZED 1
#endif
#endif

/// On a stage's functions: a kernel is fast only if every one of them is inlined. Empty where it
/// would only cost compile time, as it does where INLAY_WITHOUT_INLINING is defined before all
/// headers: in a source whose only kernels are scalar ones. The second one stands behind the
/// parameters of a lambda, where C++20 has no place for the first.
#if defined(__OPTIMIZE__) && !defined(INLAY_SANITIZED) && !defined(INLAY_WITHOUT_INLINING)
#define INLAY_INLINE [[gnu::always_inline]]
#define INLAY_INLINE_LAMBDA __attribute__((always_inline))
#else
#define INLAY_INLINE
#define INLAY_INLINE_LAMBDA
#endif

/// In front of a function that calls code which no C++ compiler made: Clang's sanitizer of
/// undefined behaviour would look in front of that for what its type is.
#if defined(__clang__)
#define INLAY_CALLS_CODE __attribute__((no_sanitize("function")))
#else
#define INLAY_CALLS_CODE
#endif

/// In front of a function that kernels are inlined into. Where windows overlap, GCC would keep the
/// elements of one round for the next ones, in registers that there are not.
#if defined(__OPTIMIZE__) && defined(__GNUC__) && !defined(__clang__)
#define INLAY_KERNEL __attribute__((optimize("no-predictive-commoning")))
#else
#define INLAY_KERNEL
#endif
