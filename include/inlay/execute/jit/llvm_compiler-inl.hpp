// Compiles the steps of programs through LLVM; included by the one translation unit that does.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/ExecutionEngine/Orc/LLJIT.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "inlay/execute/interpreter/chain.hpp"
#include "inlay/execute/interpreter/step_compiler.hpp"
#include "inlay/execute/jit.hpp"
#include "inlay/execute/jit/code_cache.hpp"
#include "inlay/execute/jit/llvm_module.hpp"
#include "inlay/execute/jit/step_writer.hpp"
#include "inlay/op/list.hpp"
#include "inlay/stage/emitting.hpp"

namespace inlay::inline INLAY_VERSION::jit {

/// All writers, which whoever includes this defines.
std::vector<writer_family> const& all_writers();

/// Another one for each version of what writes code.
#if defined(INLAY_CODE_VERSION)
inline constexpr char code_version[] = INLAY_CODE_VERSION "\n";
#else
inline constexpr char code_version[] = __DATE__ " " __TIME__ "\n";
#endif

/// Compiles programs for the machine that runs this.
class llvm_compiler final : public interpreter::step_compiler {
 public:
  llvm_compiler(host_machine host, std::optional<code_cache> cache, bool later)
      : host_(std::move(host)), cache_(std::move(cache)), later_(later) {
    target_ = host_.builder.getCPU();
  }

  /// *Errors*: where LLVM does not know the machine, or the cache is not the user's.
  static result<std::shared_ptr<llvm_compiler const>> make(options const& how) {
    auto cache = cache_of(how);
    if (!cache) return cache.failure();
    auto host = host_machine::detect();
    if (!host) return failure(host.takeError());
    return std::make_shared<llvm_compiler const>(std::move(*host), std::move(*cache),
                                                 how.compiles_later);
  }

  bool compiles_later() const override { return later_; }
  string_view target() const override { return {target_.data(), target_.size()}; }

  result<interpreter::compiled_steps> compile(program const& p) const override {
    auto const all = steps_of(p);
    if (!all) return all.failure();
    auto const& forms = all->forms;
    auto const count = forms.size();
    auto const key = cache_ ? key_of(forms, p) : std::string();
    if (cache_) {
      auto kept = link(buffers_of(cache_->find(key)), forms);
      if (kept) return kept;
    }
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
      for (auto i = k; i < count; i += modules) add_step(m, forms[i], all->writers[i]);
      auto object = m.compile();
      if (object) objects[k] = std::move(*object);
      else errors[k] = failure(object.takeError());
    };
    std::vector<std::thread> threads;
    for (std::size_t k = 1; k < modules; ++k) threads.emplace_back(work, k);
    if (modules != 0) work(0);
    for (auto& t : threads) t.join();
    for (auto const& e : errors) {
      if (e) return e;
    }
    if (cache_) {
      std::vector<std::string_view> bytes;
      for (auto const& o : objects) bytes.push_back({o->getBufferStart(), o->getBufferSize()});
      cache_->keep(key, bytes);
    }
    return link(std::move(objects), forms);
  }

  /// As the function of that name.
  result<std::string> print(program const& p, code_form form) const {
    auto const all = steps_of(p);
    if (!all) return all.failure();
    llvm_module m(host_);
    if (auto e = m.start()) return failure(std::move(e));
    for (std::size_t i = 0; i < all->forms.size(); ++i) add_step(m, all->forms[i], all->writers[i]);
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
  std::string key_of(std::vector<step_form> const& forms, program const& p) const {
    std::string key(code_version);
    auto const& builder = host_.builder;
    for (auto const& part : {std::string(LLVM_VERSION_STRING), builder.getTargetTriple().str(),
                             builder.getCPU(), builder.getFeatures().getString()}) {
      key.append(part).push_back('\n');
    }
    auto const add = [&](auto... number) {
      ((key.append(std::to_string(number)).push_back(' ')), ...);
    };
    auto const add_name = [&](operator_id op) {
      if (op != operator_id::unlisted) key += std::string_view(entry_of<graph>(op).name);
      key += ' ';
    };
    for (std::size_t i = 0; i < forms.size(); ++i) {
      auto const& s = p.structures[i];
      add_name(s.op);
      for (auto const& l : forms[i].layouts) {
        add(static_cast<int>(l.element), l.extents.size());
        for (int axis = 0; axis < l.extents.size(); ++axis) add(l.extents[axis], l.strides[axis]);
      }
      for (std::uint32_t w = 0; w < s.words.count; ++w) add(forms[i].words[w]);
      for (auto const& l : forms[i].links) {
        add_name(l.what.op);
        add(static_cast<int>(l.what.types.from), static_cast<int>(l.what.types.to));
        for (std::uint32_t k = 0; k < l.what.operands.count; ++k) add(l.what.operands.of[k]);
        for (auto const w : l.what.words.of) add(w);
      }
      add_name(s.ending);
      key += '\n';
    }
    return key;
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
  static error no_code(operator_id op, element_type element) {
    return make_error(rule::the_operator_must_be_supported, "the compiler has no code for ",
                      entry_of<graph>(op).name, " of ", element);
  }

  static step_writer find_step(operator_id op, element_type element) {
    for (auto const& f : all_writers()) {
      for (auto const& e : f.steps) {
        if (e.op == op && e.element == element) return e.write;
      }
    }
    return nullptr;
  }
  static link_writer find_link(link const& l) {
    for (auto const& f : all_writers()) {
      for (auto const& e : f.links) {
        if (e.op == l.op && e.types == l.types) return e.write;
      }
    }
    return nullptr;
  }

  /// All steps of a program, and who writes each.
  struct written_steps {
    std::vector<step_form> forms;
    std::vector<step_writer> writers;
  };
  result<written_steps> steps_of(program const& p) const {
    written_steps all;
    for (auto const& s : p.structures) {
      auto form = form_of(p, s);
      if (!form) return form.failure();
      all.forms.push_back(std::move(*form));
      bool const is_chain = entry_of<graph>(s.op).is_elementwise;
      auto const element = is_chain ? s.types.from : p.layouts[s.layouts.first].element;
      auto const write = find_step(s.op, element);
      if (write == nullptr) return no_code(s.op, element);
      all.writers.push_back(write);
    }
    return all;
  }
  static std::string name_of(program const& p, structure const& s) {
    auto name = "inlay_" + std::to_string(&s - p.structures.data());
    auto const add = [&](operator_id op) {
      if (op != operator_id::unlisted) {
        name.append("_").append(std::string_view(entry_of<graph>(op).name));
      }
    };
    add(s.op);
    for (std::uint32_t i = 0; i < s.links.count; ++i) add(p.links[s.links.first + i].op);
    add(s.ending);
    return name;
  }
  result<step_form> form_of(program const& p, structure const& s) const {
    step_form form{name_of(p, s),
                   {p.layouts.data() + s.layouts.first, s.layouts.count},
                   p.words.data() + s.words.first,
                   {},
                   s.ending,
                   host_.registers};
    for (auto const& l : interpreter::links_of(p, s)) {
      auto const write = find_link(l);
      if (write == nullptr) return no_code(l.op, l.types.from);
      form.links.push_back({l, write});
    }
    return form;
  }

  /// Adds a step as a function of its `kernel_call`.
  static void add_step(llvm_module& m, step_form const& form, step_writer write) {
    m.add(form.name, 0, [&](llvm_emitter& to, llvm::Function& f) {
      emitting s(to);
      auto const places = places_of(to, *f.getArg(0), form);
      write(s, form, places.data());
    });
  }
  /// Where tensors begin, as a `kernel_call` says; null for those that are left out.
  static std::vector<emitted> places_of(llvm_emitter& to, llvm::Value& call,
                                        step_form const& form) {
    using interpreter_kernels_v0_1::kernel_call;
    std::vector<emitted> places(form.layouts.size(), nullptr);
    auto* const inputs = to.load_pointer(&call, offsetof(kernel_call, inputs));
    for (std::size_t i = 0; i + 1 < places.size(); ++i) {
      if (form.layouts[i].element == element_type::undefined) continue;
      places[i] = to.load_pointer(inputs, i * sizeof(void*));
    }
    places.back() = to.load_pointer(&call, offsetof(kernel_call, output));
    return places;
  }

  static result<interpreter::compiled_steps> link(
      std::vector<std::unique_ptr<llvm::MemoryBuffer>> objects,
      std::vector<step_form> const& forms) {
    auto made = llvm::orc::LLJITBuilder().create();
    if (!made) return failure(made.takeError());
    std::shared_ptr<llvm::orc::LLJIT> const linker = std::move(*made);
    for (auto& object : objects) {
      if (auto e = linker->addObjectFile(std::move(object))) return failure(std::move(e));
    }
    interpreter::compiled_steps steps;
    if (objects.empty() && !forms.empty()) return failure("there is no code");
    for (auto const& form : forms) {
      auto address = linker->lookup(form.name);
      if (!address) return failure(address.takeError());
      steps.codes.push_back(address->toPtr<interpreter_kernels_v0_1::kernel_function>());
    }
    steps.memory = linker;
    return steps;
  }

  host_machine host_;
  std::optional<code_cache> cache_;
  bool later_;
  std::string target_;
};

}  // namespace inlay::inline INLAY_VERSION::jit
