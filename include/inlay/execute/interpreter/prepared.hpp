// A program with its kernels and its weights, ready to run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "inlay/core/result.hpp"
#include "inlay/execute/interpreter.hpp"
#include "inlay/execute/interpreter/chain.hpp"
#include "inlay/execute/interpreter/kernel_call.hpp"
#include "inlay/execute/interpreter/memory.hpp"
#include "inlay/execute/interpreter/step_compiler.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/copy_weight.hpp"
#include "inlay/program/index_checks.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION::interpreter {

using interpreter_kernels_v0_1::kernel_call;
using interpreter_kernels_v0_1::kernel_entry;
using interpreter_kernels_v0_1::kernel_epilogue;
using interpreter_kernels_v0_1::kernel_function;
using interpreter_kernels_v0_1::kernel_table;
using interpreter_kernels_v0_1::strip_entry;
using interpreter_kernels_v0_1::strip_function;
using interpreter_kernels_v0_1::tensor_form;

/// All kernels of the machine that runs this.
struct kernel_set {
  std::vector<kernel_table const*> families;

  kernel_entry const* find(operator_id op, element_type element) const {
    return find(&kernel_table::entries, &kernel_table::count, [&](kernel_entry const& e) {
      return e.op == static_cast<std::uint16_t>(op) &&
             e.element == static_cast<std::uint8_t>(element);
    });
  }
  strip_function find_strip(operator_id op, element_types const& types) const {
    auto const* const found =
        find(&kernel_table::strips, &kernel_table::strip_count, [&](strip_entry const& e) {
          return e.op == static_cast<std::uint16_t>(op) &&
                 e.from == static_cast<std::uint8_t>(types.from) &&
                 e.to == static_cast<std::uint8_t>(types.to);
        });
    return found == nullptr ? nullptr : found->run;
  }

 private:
  /// The entry in one of the lists of all families that is wanted.
  template <class Entry, class IsWanted>
  Entry const* find(Entry const* kernel_table::* entries, std::size_t kernel_table::* count,
                    IsWanted const& is_wanted) const {
    for (auto const* family : families) {
      auto const* const first = family->*entries;
      auto const* const last = first + family->*count;
      auto const* const found = std::find_if(first, last, is_wanted);
      if (found != last) return found;
    }
    return nullptr;
  }
};

/// Weights as kernels read them, which the programs of one model share.
class weight_store {
 public:
  using block = std::shared_ptr<memory_block const>;

  /// The elements of a weight of `p`. Bytes of the model's file are known by where they are; those
  /// that a pass computed are those of `stored`, if they are the same.
  result<block> find(program const& p, weight const& w, string_view stored) {
    auto bytes = w.elements.bytes_in(p.storage.data());
    bool is_known = w.elements.stored_size == 0;
    if (!is_known && w.elements.stored_at + bytes.size() <= stored.size()) {
      auto const same = stored.substr(w.elements.stored_at, bytes.size());
      is_known = same == bytes;
      if (is_known) bytes = same;
    }
    auto const* const packing = w.packing == not_packed ? nullptr : &p.packings[w.packing];
    if (is_known) {
      auto const [first, last] = known_.equal_range(bytes.data());
      for (auto i = first; i != last; ++i) {
        if (!i->second.is(bytes.size(), w.element, packing)) continue;
        if (auto found = i->second.elements.lock()) return found;
      }
    }
    auto made = make(p, w, bytes.size(), packing);
    if (made && is_known) {
      known_.emplace(bytes.data(), entry{bytes.size(), w.element, packing != nullptr,
                                         packing == nullptr ? right_operand{} : *packing, *made});
    }
    return made;
  }

 private:
  struct entry {
    std::size_t size = 0;
    element_type element = element_type::undefined;
    bool is_packed = false;
    right_operand packing;
    std::weak_ptr<memory_block const> elements;

    bool is(std::size_t bytes, element_type e, right_operand const* wanted) const {
      if (bytes != size || e != element || is_packed != (wanted != nullptr)) return false;
      return wanted == nullptr || packing == *wanted;
    }
  };

  static result<block> make(program const& p, weight const& w, std::size_t unpacked,
                            right_operand const* packing) {
    auto const bytes = packing == nullptr ? static_cast<std::int64_t>(unpacked)
                                          : bytes_of(w.element, packed_size(*packing));
    memory_block memory;
    if (auto e = memory.grow(bytes == 0 ? 1 : bytes, "a constant")) return e;
    // What fills up the last panel, too, has a value.
    std::fill_n(memory.data(), memory.size(), std::byte{});
    with_type(w.element, stored_types{}, [&]<class T>(T) {
      copy_weight(w, p.packings, p.storage.data(), reinterpret_cast<T*>(memory.data()));
    });
    return block(std::make_shared<memory_block>(std::move(memory)));
  }

  std::unordered_multimap<char const*, entry> known_;
};

/// A program whose kernels are chosen and whose weights are in place.
class prepared_program {
 public:
  /// Copies what it needs of `p`, whose steps, or groups of them, `checks` knows, and of `other`,
  /// which is null or a program of the model for other sizes that the code shall be for, too. The
  /// steps are compiled, or, without a compiler, the kernels; or first these, then those, if the
  /// compiler is one that `compiles_later`.
  static result<std::shared_ptr<prepared_program const>> make(
      program const& p, program const* other, index_checks checks, kernel_set const& kernels,
      std::shared_ptr<step_compiler const> compiler, weight_store& store, string_view stored) {
    auto made = std::make_shared<prepared_program>();
    made->checks_ = std::move(checks);
    if (auto e = made->take(p, store, stored)) return e;
    bool const is_later = compiler != nullptr && compiler->compiles_later();
    if (compiler == nullptr || is_later) {
      if (auto e = made->choose_kernels(p, kernels)) return e;
    } else {
      made->codes_.resize(p.structures.size());
      made->epilogues_.resize(p.structures.size());
      if (auto e = made->compile(p, other, *compiler)) return e;
    }
    made->take_steps(p);
    if (is_later) made->compile_later(p, other, std::move(compiler));
    return std::shared_ptr<prepared_program const>(std::move(made));
  }

  ~prepared_program() {
    if (worker_.joinable()) worker_.join();
  }
  prepared_program() = default;
  prepared_program(prepared_program const&) = delete;
  prepared_program& operator=(prepared_program const&) = delete;

  std::int64_t arena_bytes() const { return needs_.arena_bytes; }
  requirements needs() const {
    auto now = needs_;
    now.is_compiled = ready_.load(std::memory_order_acquire) != nullptr;
    return now;
  }
  std::vector<tensor_type> const& outputs() const { return outputs_; }

  /// Runs every step, up to one that reads an index that is out of range. Inputs and outputs are
  /// contiguous, as many as the program has; `pointers` is memory for as many as there are
  /// operands. An observer is told of each group, if there is one. Without threads, the steps of a
  /// group run one after the other.
  error run(std::byte* arena, void const* const* inputs, void* const* outputs,
            std::vector<void const*>& pointers, step_observer* observer = nullptr,
            thread_pool* threads = nullptr) const {
    pointers.resize(places_.size());
    for (std::size_t i = 0; i < places_.size(); ++i) {
      auto const& l = places_[i];
      switch (l.where) {
        case place::nowhere: pointers[i] = nullptr; break;
        case place::arena: pointers[i] = arena + l.offset; break;
        case place::weights: pointers[i] = weights_[l.port]->data() + l.offset; break;
        case place::input:
          pointers[i] = static_cast<std::byte const*>(inputs[l.port]) + l.offset;
          break;
        case place::output:
          pointers[i] = static_cast<std::byte*>(outputs[l.port]) + l.offset;
          break;
      }
    }
    if (observer != nullptr) observer->begin();
    auto const* const compiled = ready_.load(std::memory_order_acquire);
    group_run now{this, pointers.data(), compiled, 0};
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      auto const [first, count] = groups_[i];
      // The first part of a step begins where the step as a whole does.
      auto const* const at = pointers.data() + steps_[first].first;
      auto const input = [&](std::uint32_t k) { return static_cast<std::int64_t const*>(at[k]); };
      if (auto e = checks_.find(i, input)) return e;
      now.first = first;
      if (count > 1 && threads != nullptr) {
        threads->run(count, {&group_run::run, &now});
      } else {
        for (std::size_t part = 0; part < count; ++part) group_run::run(&now, part);
      }
      if (observer != nullptr) observer->end_of(i);
    }
    return {};
  }

 private:
  struct step_code {
    kernel_function run = nullptr;
    std::uint32_t first = 0;   // in `places_`
    std::uint32_t output = 0;  // behind the first
    std::uint32_t forms = 0;
    std::uint32_t words = 0;
    std::uint32_t structure = 0;
  };

  /// A group of steps that run.
  struct group_run {
    prepared_program const* program = nullptr;
    void const* const* pointers = nullptr;
    compiled_steps const* compiled = nullptr;  // or the kernels
    std::size_t first = 0;

    INLAY_CALLS_CODE static void run(void const* data, std::size_t number) {
      auto const& group = *static_cast<group_run const*>(data);
      auto const& p = *group.program;
      auto const& s = p.steps_[group.first + number];
      auto const* const at = group.pointers + s.first;
      auto const code = group.compiled == nullptr ? s.run : group.compiled->codes[s.structure];
      // A step's last operand is what it writes, which is never a constant or an input.
      code({p.forms_.data() + s.forms, at, const_cast<void*>(at[s.output]),
            p.words_.data() + s.words, p.epilogues_.data() + s.structure});
    }
  };

  error take(program const& p, weight_store& store, string_view stored) {
    groups_.assign(p.groups.begin(), p.groups.end());
    for (std::uint32_t i = 0; p.groups.empty() && i < p.steps.size(); ++i)
      groups_.push_back({i, 1});
    needs_ = {p.arena_bytes, 0, p.multiply_adds, groups_.size()};
    for (auto const& port : p.outputs) outputs_.push_back(port.type);
    for (auto const& w : p.weights) {
      auto found = store.find(p, w, stored);
      if (!found) return found.failure();
      needs_.weight_bytes += (*found)->size();
      weights_.push_back(std::move(*found));
    }
    for (auto const& l : p.layouts) forms_.push_back(form_of(l));
    words_.assign(p.words.begin(), p.words.end());
    find_places(p);
    return {};
  }
  error compile(program const& p, program const* other, step_compiler const& compiler) {
    auto compiled = compiler.compile(p, other);
    if (!compiled) return compiled.failure();
    compiled_ = std::move(*compiled);
    ready_.store(&compiled_, std::memory_order_release);
    return {};
  }
  /// Compiles while others run the kernels. What cannot be compiled is theirs for good.
  void compile_later(program const& p, program const* other,
                     std::shared_ptr<step_compiler const> compiler) {
    auto const what_is_compiled = [](program const& from) {
      program copy;
      copy.structures = from.structures;
      copy.layouts = from.layouts;
      copy.words = from.words;
      copy.links = from.links;
      copy.steps = from.steps;
      copy.locations = from.locations;
      return copy;
    };
    bool const has_other = other != nullptr;
    worker_ = std::thread([this, has_other, steps = what_is_compiled(p),
                           others = has_other ? what_is_compiled(*other) : program(),
                           compiler = std::move(compiler)] {
      static_cast<void>(compile(steps, has_other ? &others : nullptr, *compiler));
    });
  }
  error choose_kernels(program const& p, kernel_set const& kernels) {
    for (auto const& s : p.structures) {
      if (auto e = choose_kernel(p, s, kernels)) return e;
    }
    // No link is added any more.
    std::size_t links = 0;
    for (auto& how : epilogues_) {
      for (strip_chain* chain : {&how.readers, static_cast<strip_chain*>(&how)}) {
        chain->links = links_.data() + links;
        links += chain->count;
      }
    }
    return {};
  }
  void take_steps(program const& p) {
    for (auto const& s : p.steps) {
      auto const& what = p.structures[s.structure];
      steps_.push_back({codes_[s.structure], s.locations.first, s.locations.count - 1,
                        what.layouts.first, what.words.first, s.structure});
    }
  }

  error choose_kernel(program const& p, structure const& s, kernel_set const& kernels) {
    auto element = s.types.from;  // of the kernel's first input
    operator_id missing = operator_id::unlisted;
    auto const find = [&](operator_id op) {
      auto const* const code = kernels.find(op, element);
      if (code == nullptr) missing = op;
      return code;
    };
    kernel_epilogue how{};
    auto const code_of = [&](link const& l) {
      auto const code = kernels.find_strip(l.op, l.types);
      if (code == nullptr) {
        missing = l.op;
        element = l.types.from;
      }
      return code;
    };
    auto const readers = readers_of(s, p.links.data());
    append_chain({readers.of, readers.of + readers.count}, links_, how.readers, code_of);
    auto const links = links_of(p, s);
    append_chain(links, links_, how, code_of);
    how.is_relu =
        links.size() == 1 && links[0].op == id_of<op::relu> && links[0].operands.of[0] == 0;
    auto const choose = [&](kernel_entry const* code) {
      return code->choose(
          {forms_.data() + s.layouts.first, nullptr, nullptr, words_.data() + s.words.first, &how});
    };
    how.is_pooled = s.ending == id_of<op::max_pool>;
    auto const* const output = p.layouts.data() + s.layouts.first + s.layouts.count - 1;
    for (int k = 0; k < how.others; ++k) {
      bool const is_condition = output[k - how.others].element == element_type::boolean;
      how.conditions = static_cast<std::uint16_t>(how.conditions | (is_condition ? 1 << k : 0));
    }
    if (s.ending != operator_id::unlisted && !how.is_pooled) {
      auto const* const code = find(s.ending);
      if (code != nullptr) how.ending = choose(code);
    }
    auto const* const code = find(s.op);
    if (missing != operator_id::unlisted) {
      return make_error(rule::the_operator_must_be_supported, "the interpreter has no kernel of ",
                        entry_of<graph>(missing).name, " for ", element);
    }
    codes_.push_back(choose(code));
    epilogues_.push_back(how);
    return {};
  }

  static tensor_form form_of(layout const& l) {
    tensor_form form{};
    for (int i = 0; i < max_rank; ++i) {
      form.extents[i] = l.extents.extents[i];
      form.strides[i] = l.strides.extents[i];
    }
    form.rank = l.extents.rank;
    form.element_bytes = static_cast<std::uint8_t>(bits_of(l.element) / 8);
    return form;
  }

  /// Weights are known by their number, instead of their place in a pool.
  void find_places(program const& p) {
    std::vector<std::uint32_t> pools[element_type_count];  // in each, by ascending offset
    for (std::uint32_t i = 0; i < p.weights.size(); ++i) {
      pools[static_cast<std::size_t>(p.weights[i].element)].push_back(i);
    }
    places_.assign(p.locations.begin(), p.locations.end());
    for (auto const& s : p.steps) {
      auto const layouts = p.structures[s.structure].layouts.first;
      for (std::uint32_t k = 0; k < s.locations.count; ++k) {
        auto& l = places_[s.locations.first + k];
        if (l.where != place::weights) continue;
        auto const& pool = pools[static_cast<std::size_t>(p.layouts[layouts + k].element)];
        auto const behind = std::upper_bound(
            pool.begin(), pool.end(), l.offset,
            [&](std::int64_t offset, std::uint32_t w) { return offset < p.weights[w].offset; });
        l.port = *(behind - 1);
        l.offset -= p.weights[l.port].offset;
      }
    }
  }

  index_checks checks_;
  requirements needs_;
  std::vector<tensor_type> outputs_;
  std::vector<weight_store::block> weights_;
  std::vector<tensor_form> forms_;
  std::vector<std::int64_t> words_;
  std::vector<location> places_;
  std::vector<strip_link> links_;
  std::vector<kernel_function> codes_;      // of each structure
  std::vector<kernel_epilogue> epilogues_;  // of each structure
  std::vector<step_code> steps_;
  std::vector<range> groups_;  // of steps that may run at the same time
  compiled_steps compiled_;
  std::atomic<compiled_steps const*> ready_ = nullptr;  // `compiled_`, once it is there
  std::thread worker_;
};

}  // namespace inlay::inline INLAY_VERSION::interpreter
