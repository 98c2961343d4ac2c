// Tells debuggers and profilers what compiled steps are called.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <fcntl.h>
#include <llvm/ExecutionEngine/Orc/Debugging/ELFDebugObjectPlugin.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>
#include <llvm/Object/ELFObjectFile.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "inlay/core/config.hpp"

namespace inlay::inline INLAY_VERSION::jit {

/// Has gdb find the functions of what is linked from now on, by the interface that it has for code
/// that is made while a program runs.
inline llvm::Error tell_debugger(llvm::orc::LLJIT& linker) {
  auto* const layer = llvm::dyn_cast<llvm::orc::ObjectLinkingLayer>(&linker.getObjLinkingLayer());
  if (layer == nullptr) return llvm::Error::success();
  auto failure = llvm::Error::success();
  auto plugin = std::make_unique<llvm::orc::ELFDebugObjectPlugin>(
      linker.getExecutionSession(), /*RequireDebugSections=*/false, /*AutoRegisterCode=*/true,
      failure);
  if (failure) return failure;
  layer->addPlugin(std::move(plugin));
  return llvm::Error::success();
}

/// Appends the sizes of an object file's functions to `to`, by their names.
inline llvm::Error add_sizes(llvm::MemoryBufferRef object,
                             std::map<std::string, std::uint64_t>& to) {
  auto file = llvm::object::ObjectFile::createObjectFile(object);
  if (!file) return file.takeError();
  for (auto const& symbol : (*file)->symbols()) {
    auto name = symbol.getName();
    if (!name) return name.takeError();
    to[name->str()] = llvm::object::ELFSymbolRef(symbol).getSize();
  }
  return llvm::Error::success();
}

/// The file in which perf looks for the functions of this process that no file holds: lines of an
/// address, a size and a name. A link in its place is not followed.
class perf_map {
 public:
  static std::string path() { return "/tmp/perf-" + std::to_string(::getpid()) + ".map"; }

  perf_map()
      : file_(
            ::open(path().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600)) {}
  perf_map(perf_map const&) = delete;
  perf_map& operator=(perf_map const&) = delete;
  ~perf_map() {
    if (file_ >= 0) ::close(file_);
  }
  /// Nothing where the file cannot be written: code is none the worse for it.
  void add(std::uint64_t address, std::uint64_t size, std::string const& name) const {
    char numbers[48];
    std::snprintf(numbers, sizeof numbers, "%llx %llx ", static_cast<unsigned long long>(address),
                  static_cast<unsigned long long>(size));
    auto const line = numbers + name + '\n';
    if (file_ >= 0 && ::write(file_, line.data(), line.size()) < 0) return;
  }

 private:
  int file_;
};

}  // namespace inlay::inline INLAY_VERSION::jit
