// Whether a function may run where time matters: it asks neither the heap nor the kernel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdlib>
#include <new>
#if defined(__linux__)
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

/// How often the program has asked for memory.
inline long allocations = 0;

// In place of the library's; those of arrays come here.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

enum class kernel_use { none, some, unknown };

/// Whether `f` calls the kernel, which every lock that waits, file and page of new memory does. It
/// runs in a process that the kernel ends for that.
template <class F> kernel_use find_kernel_use(F&& f) {
#if defined(__linux__)
  constexpr int cannot_look = 77;
  auto const child = fork();
  if (child < 0) return kernel_use::unknown;
  if (child == 0) {
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0) != 0) _exit(cannot_look);
    f();
    syscall(SYS_exit, 0);  // the one way out that is allowed
  }
  int state = 0;
  if (waitpid(child, &state, 0) != child) return kernel_use::unknown;
  if (WIFSIGNALED(state)) return kernel_use::some;
  return WEXITSTATUS(state) == 0 ? kernel_use::none : kernel_use::unknown;
#else
  static_cast<void>(f);
  return kernel_use::unknown;
#endif
}
