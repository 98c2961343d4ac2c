// Compiles the steps of programs through LLVM; included by the one translation unit that does.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/ExecutionEngine/Orc/LLJIT.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "inlay/execute/interpreter/step_compiler.hpp"
#include "inlay/execute/jit.hpp"
#include "inlay/execute/jit/alias_scopes.hpp"
#include "inlay/execute/jit/code_cache.hpp"
#include "inlay/execute/jit/code_names.hpp"
#include "inlay/execute/jit/code_table.hpp"
#include "inlay/execute/jit/llvm_module.hpp"
#include "inlay/execute/jit/step_writer.hpp"
#include "inlay/execute/jit/written_steps.hpp"
#include "inlay/stage/emitting.hpp"

namespace inlay::inline INLAY_VERSION::jit {

/// Another one for each version of what writes code.
#if defined(INLAY_CODE_VERSION)
inline constexpr char code_version[] = INLAY_CODE_VERSION "\n";
#else
inline constexpr char code_version[] = __DATE__ " " __TIME__ "\n";
#endif

/// Compiles programs for the machine that runs this.
class llvm_compiler final : public interpreter::step_compiler {
 public:
  llvm_compiler(host_machine host, std::optional<code_cache> cache, bool later, bool names)
      : host_(std::move(host)), cache_(std::move(cache)), later_(later), names_(names) {
    target_ = host_.builder.getCPU();
  }

  /// *Errors*: where LLVM does not know the machine, or the cache is not the user's.
  static result<std::shared_ptr<llvm_compiler const>> make(options const& how) {
    auto cache = cache_of(how);
    if (!cache) return cache.failure();
    auto host = host_machine::detect();
    if (!host) return failure(host.takeError());
    return std::make_shared<llvm_compiler const>(std::move(*host), std::move(*cache),
                                                 how.compiles_later, how.names_code);
  }

  std::size_t count_compiled() const override { return compiled_.load(); }
  bool compiles_later() const override { return later_; }
  string_view target() const override { return {target_.data(), target_.size()}; }

  bool has_code(program const& p) const override {
    auto const all = written_steps(p, host_.registers);
    if (!all) return false;
    std::lock_guard const only_one(lock_);
    return std::all_of(all->begin(), all->end(),
                       [&](written_step const& s) { return table_.find(s.identity) != nullptr; });
  }
  std::size_t count_alike(program const& p, program const& other) const override {
    auto const a = written_steps(p, host_.registers);
    auto const b = written_steps(other, host_.registers);
    return a && b ? inlay::jit::count_alike(p, *a, other, *b) : 0;
  }

  result<interpreter::compiled_steps> compile(program const& p,
                                              program const* other) const override {
    auto all = written_steps(p, host_.registers);
    if (!all) return all.failure();
    if (other != nullptr) {
      auto const others = written_steps(*other, host_.registers);
      if (!others) return others.failure();
      find_unknown(p, *all, *other, *others);
    }
    std::lock_guard const only_one(lock_);
    // The steps that have no code yet, each once.
    std::vector<written_step const*> missing;
    std::vector<std::size_t> place(all->size());  // of each step, in `missing`
    std::vector<code_table::entry> entries(all->size());
    for (std::size_t i = 0; i < all->size(); ++i) {
      auto const& s = (*all)[i];
      if (auto const* const known = table_.find(s.identity)) {
        entries[i] = *known;
        continue;
      }
      auto const same = std::find_if(missing.begin(), missing.end(), [&](auto const* one) {
        return one->identity.serves(s.identity);
      });
      place[i] = static_cast<std::size_t>(same - missing.begin());
      if (same == missing.end()) missing.push_back(&s);
    }
    std::vector<interpreter_kernels_v0_1::kernel_function> codes;
    std::shared_ptr<void const> memory;
    if (auto e = compile(missing, codes, memory)) return e;
    compiled_ += missing.size();
    interpreter::compiled_steps steps;
    std::vector<std::shared_ptr<void const>> memories{memory};
    for (std::size_t i = 0; i < all->size(); ++i) {
      if (entries[i].code == nullptr) {
        entries[i].code = codes[place[i]];
      } else {
        memories.push_back(entries[i].memory);
      }
      steps.codes.push_back(entries[i].code);
    }
    if (other != nullptr) {
      for (std::size_t i = 0; i < missing.size(); ++i) {
        if (missing[i]->is_shared) table_.add({missing[i]->identity, codes[i], memory});
      }
    }
    steps.memory = std::make_shared<decltype(memories) const>(std::move(memories));
    return steps;
  }

  /// As the function of that name.
  result<std::string> print(program const& p, code_form form) const {
    auto const all = written_steps(p, host_.registers);
    if (!all) return all.failure();
    llvm_module m(host_);
    if (auto e = m.start()) return failure(std::move(e));
    for (std::size_t i = 0; i < all->size(); ++i) add_step(m, (*all)[i], i);
    auto text = m.print(form);
    if (!text) return failure(text.takeError());
    return std::move(*text);
  }

 private:
  static result<std::optional<code_cache>> cache_of(options const& how) {
    if (how.cache == cache_place::none) return std::optional<code_cache>();
    bool const is_given = how.cache == cache_place::folder;
    auto const folder = is_given ? std::string(how.cache_folder.data(), how.cache_folder.size())
                                 : code_cache::folder_of_user();
    auto cache = code_cache::open(folder);
    if (cache) return std::optional<code_cache>(std::move(*cache));
    // A user without such a place has no cache.
    if (is_given) return cache.failure();
    return std::optional<code_cache>();
  }
  /// All that the code of these steps follows from.
  std::string key_of(std::vector<written_step const*> const& steps) const {
    std::string key(code_version);
    auto const& builder = host_.builder;
    for (auto const& part : {std::string(LLVM_VERSION_STRING), builder.getTargetTriple().str(),
                             builder.getCPU(), builder.getFeatures().getString()}) {
      key.append(part).push_back('\n');
    }
    for (auto const* s : steps) key += s->identity.text();
    return key;
  }
  /// Compiles steps, whose code stays where it is as long as `memory` does.
  error compile(std::vector<written_step const*> const& steps,
                std::vector<interpreter_kernels_v0_1::kernel_function>& codes,
                std::shared_ptr<void const>& memory) const {
    auto const count = steps.size();
    if (count == 0) return {};
    auto const key = cache_ ? key_of(steps) : std::string();
    auto const kept = cache_ ? cache_->find(key) : std::vector<std::string>();
    if (!kept.empty() && !link(buffers_of(kept), steps, codes, memory)) return {};
    codes.clear();
    // Module k has every step number k + i·modules.
    auto const cores = std::max(1u, std::thread::hardware_concurrency());
    auto const modules = std::min<std::size_t>(cores, count);
    std::vector<std::unique_ptr<llvm::MemoryBuffer>> objects(modules);
    std::vector<error> errors(modules);
    auto const work = [&](std::size_t k) {
      llvm_module m(host_);
      if (auto e = m.start()) {
        errors[k] = failure(std::move(e));
        return;
      }
      for (auto i = k; i < count; i += modules) add_step(m, *steps[i], i);
      auto object = m.compile();
      if (object) objects[k] = std::move(*object);
      else errors[k] = failure(object.takeError());
    };
    std::vector<std::thread> threads;
    for (std::size_t k = 1; k < modules; ++k) threads.emplace_back(work, k);
    work(0);
    for (auto& t : threads) t.join();
    for (auto const& e : errors) {
      if (e) return e;
    }
    if (cache_) {
      std::vector<std::string_view> bytes;
      for (auto const& o : objects) bytes.push_back({o->getBufferStart(), o->getBufferSize()});
      cache_->keep(key, bytes);
    }
    return link(std::move(objects), steps, codes, memory);
  }
  static std::vector<std::unique_ptr<llvm::MemoryBuffer>> buffers_of(
      std::vector<std::string> const& objects) {
    std::vector<std::unique_ptr<llvm::MemoryBuffer>> buffers;
    for (auto const& o : objects) buffers.push_back(llvm::MemoryBuffer::getMemBufferCopy(o));
    return buffers;
  }

  static error failure(llvm::Error e) { return failure(llvm::toString(std::move(e))); }
  static error failure(std::string const& why) {
    return make_error(rule::the_code_must_be_compiled,
                      "the code cannot be compiled: ", why.c_str());
  }

  static std::string name_of(written_step const& s, std::size_t number) {
    return "inlay_" + std::to_string(number) + s.form.name;
  }
  /// Adds a step as a function of its `kernel_call`.
  static void add_step(llvm_module& m, written_step const& step, std::size_t number) {
    m.add(name_of(step, number), 0, [&](llvm_emitter& to, llvm::Function& f) {
      emitting s(to);
      auto const tensors = tensors_of(to, *f.getArg(0), step.form);
      // Where one extent is 0, kernels would loop over the others, and tiles might not fit.
      s.if_at_most(1, elements_of(tensors.layouts.back().extents), [&](auto are_some) {
        if constexpr (are_some.value) step.write(s, step.form, tensors);
      });
      if (step.identity.is_apart) keep_apart(f, tensors.places);
    });
  }
  /// The tensors that a `kernel_call` has.
  static step_tensors tensors_of(llvm_emitter& to, llvm::Value& call, step_form const& form) {
    using interpreter_kernels_v0_1::kernel_call;
    using interpreter_kernels_v0_1::tensor_form;
    auto const count = form.layouts.size();
    step_tensors all{std::vector<emitted>(count, nullptr), std::vector<emitted_layout>(count), {}};
    auto* const inputs = to.load_pointer(&call, offsetof(kernel_call, inputs));
    auto* const forms = to.load_pointer(&call, offsetof(kernel_call, forms));
    for (std::size_t i = 0; i < count; ++i) {
      bool const is_output = i + 1 == count;
      auto const numbers = [&](shape const& known, std::uint8_t unknown, std::size_t at) {
        emitted_numbers all_axes;
        for (int axis = 0; axis < known.size(); ++axis) {
          auto const offset = at + static_cast<std::size_t>(axis) * sizeof(std::int64_t);
          bool const is_known = (unknown >> axis & 1) == 0;
          all_axes.push_back(is_known ? emitted_index(known[axis])
                                      : emitted_index(to, to.load_number(forms, offset), 0));
        }
        return all_axes;
      };
      auto const form_at = i * sizeof(tensor_form);
      all.layouts[i] = {numbers(form.layouts[i].extents, form.unknown[i].extents,
                                form_at + offsetof(tensor_form, extents)),
                        numbers(form.layouts[i].strides, form.unknown[i].strides,
                                form_at + offsetof(tensor_form, strides))};
      if (is_output) {
        all.places[i] = to.load_pointer(&call, offsetof(kernel_call, output));
      } else if (form.layouts[i].element != element_type::undefined) {
        all.places[i] = to.load_pointer(inputs, i * sizeof(void*));
      }
    }
    all.words.assign(form.words.begin(), form.words.end());
    if (form.unknown_words == 0) return all;
    auto* const words = to.load_pointer(&call, offsetof(kernel_call, words));
    for (std::size_t i = 0; i < all.words.size(); ++i) {
      if (!is_word_of(form.unknown_words, i)) continue;
      all.words[i] = {to, to.load_number(words, i * sizeof(std::int64_t)), 0};
    }
    return all;
  }

  error link(std::vector<std::unique_ptr<llvm::MemoryBuffer>> objects,
             std::vector<written_step const*> const& steps,
             std::vector<interpreter_kernels_v0_1::kernel_function>& codes,
             std::shared_ptr<void const>& memory) const {
    auto made = llvm::orc::LLJITBuilder().create();
    if (!made) return failure(made.takeError());
    std::shared_ptr<llvm::orc::LLJIT> const linker = std::move(*made);
    std::map<std::string, std::uint64_t> sizes;
    if (names_) {
      if (auto e = tell_debugger(*linker)) return failure(std::move(e));
    }
    for (auto& object : objects) {
      if (names_) {
        if (auto e = add_sizes(*object, sizes)) return failure(std::move(e));
      }
      if (auto e = linker->addObjectFile(std::move(object))) return failure(std::move(e));
    }
    std::optional<perf_map> map;
    if (names_) map.emplace();
    for (std::size_t i = 0; i < steps.size(); ++i) {
      auto const name = name_of(*steps[i], i);
      auto address = linker->lookup(name);
      if (!address) return failure(address.takeError());
      codes.push_back(address->toPtr<interpreter_kernels_v0_1::kernel_function>());
      if (map) map->add(address->getValue(), sizes[name], name);
    }
    memory = linker;
    return {};
  }

  host_machine host_;
  std::optional<code_cache> cache_;
  bool later_;
  bool names_;
  std::string target_;
  mutable std::atomic<std::size_t> compiled_ = 0;
  mutable std::mutex lock_;
  mutable code_table table_;  // of what programs of other sizes share
};

}  // namespace inlay::inline INLAY_VERSION::jit
