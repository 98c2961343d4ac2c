// The steps of a program, each with who writes its code and what that is for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inlay/core/result.hpp"
#include "inlay/execute/interpreter/chain.hpp"
#include "inlay/execute/jit/code_table.hpp"
#include "inlay/execute/jit/step_writer.hpp"
#include "inlay/op/list.hpp"
#include "inlay/program/overlap.hpp"
#include "inlay/program/program.hpp"

namespace inlay::inline INLAY_VERSION::jit {

/// All writers, which whoever compiles them defines.
std::vector<writer_family> const& all_writers();

/// A structure of a program.
struct written_step {
  step_form form;
  step_writer write = nullptr;
  step_identity identity;
  bool is_shared = false;  // its code is that of programs of other sizes, too
};

namespace detail {

inline error no_code(operator_id op, element_type element) {
  return make_error(rule::the_operator_must_be_supported, "the compiler has no code for ",
                    entry_of<graph>(op).name, " of ", element);
}
inline step_writer find_step(operator_id op, element_type element) {
  for (auto const& f : all_writers()) {
    for (auto const& e : f.steps) {
      if (e.op == op && e.element == element) return e.write;
    }
  }
  return nullptr;
}
inline link_writer find_link(link const& l) {
  for (auto const& f : all_writers()) {
    for (auto const& e : f.links) {
      if (e.op == l.op && e.types == l.types) return e.write;
    }
  }
  return nullptr;
}
inline error find_links(span<link const> links, std::vector<written_link>& to) {
  for (auto const& l : links) {
    auto const write = find_link(l);
    if (write == nullptr) return no_code(l.op, l.types.from);
    to.push_back({l, write});
  }
  return {};
}
inline std::string name_of(program const& p, structure const& s) {
  std::string name;
  auto const add = [&](operator_id op) {
    if (op != operator_id::unlisted) {
      name.append("_").append(std::string_view(entry_of<graph>(op).name));
    }
  };
  for (std::uint32_t i = 0; i < s.readers.count; ++i) add(p.links[s.readers.first + i].op);
  add(s.op);
  for (std::uint32_t i = 0; i < s.links.count; ++i) add(p.links[s.links.first + i].op);
  add(s.ending);
  return name;
}
inline step_identity identity_of(structure const& s, step_form const& form) {
  step_identity all;
  auto& key = all.what;
  auto const add = [&](auto... number) {
    ((key.append(std::to_string(number)).push_back(' ')), ...);
  };
  auto const add_name = [&](operator_id op) {
    if (op != operator_id::unlisted) {
      auto const& entry = entry_of<graph>(op);
      key.append(std::string_view(entry.domain)).append(":").append(std::string_view(entry.name));
    }
    key += ' ';
  };
  add_name(s.op);
  for (auto const& l : form.layouts) add(static_cast<int>(l.element), l.extents.size());
  add(s.sized_words);
  for (std::size_t w = 0; w < form.words.size(); ++w) {
    if (!is_word_of(s.sized_words, w)) add(form.words[w]);
  }
  for (auto const* chain : {&form.readers, &form.links}) {
    add(chain->size());
    for (auto const& l : *chain) {
      add_name(l.what.op);
      add(static_cast<int>(l.what.types.from), static_cast<int>(l.what.types.to));
      for (std::uint32_t k = 0; k < l.what.operands.count; ++k) add(l.what.operands.of[k]);
      for (auto const w : l.what.words.of) add(w);
    }
  }
  add_name(s.ending);
  all.layouts.assign(form.layouts.begin(), form.layouts.end());
  all.unknown = form.unknown;
  all.words.assign(form.words.begin(), form.words.end());
  return all;
}
/// Whether a kernel can do without these numbers: one over images that has weights knows those, and
/// the channels.
inline bool can_be_unknown(operator_id op, step_form const& form) {
  auto const kernel_inputs = form.layouts.size() - 1 - tensors_read(form.links);
  if (!entry_of<graph>(op).slides_over_image || kernel_inputs == 1) return true;
  for (std::size_t i = 0; i < form.unknown.size(); ++i) {
    auto const& u = form.unknown[i];
    bool const is_image = i == 0 || i >= kernel_inputs;
    if (is_image ? (u.extents & 2) != 0 : (u.extents | u.strides) != 0) return false;
  }
  return true;
}

/// Whether no step of a structure writes what it reads, in the plan of the program's memory.
inline std::vector<char> find_apart(program const& p) {
  std::vector<char> apart(p.structures.size(), 1);
  for (auto const& s : p.steps) {
    auto const& what = p.structures[s.structure];
    auto const* const layouts = p.layouts.data() + what.layouts.first;
    auto const* const at = p.locations.data() + s.locations.first;
    auto const output = s.locations.count - 1;
    for (std::uint32_t i = 0; i < output; ++i) {
      if (inlay::detail::do_overlap(layouts[i], at[i], layouts[output], at[output])) {
        apart[s.structure] = 0;
      }
    }
  }
  return apart;
}

}  // namespace detail

/// The structures of a program, for a machine of these registers.
/// *Errors*: what there is no code for.
inline result<std::vector<written_step>> written_steps(program const& p,
                                                       machine_registers const& registers) {
  std::vector<written_step> all;
  for (auto const& s : p.structures) {
    span<layout const> const layouts(p.layouts.data() + s.layouts.first, s.layouts.count);
    step_form form{detail::name_of(p, s),
                   layouts,
                   std::vector<unknown_numbers>(layouts.size()),
                   {p.words.data() + s.words.first, s.words.count},
                   0,
                   {},
                   {},
                   s.ending,
                   registers};
    auto const readers = readers_of(s, p.links.data());
    auto const links = interpreter::links_of(p, s);
    if (auto e = detail::find_links({readers.of, readers.count}, form.readers)) return e;
    if (auto e = detail::find_links({links.data(), links.size()}, form.links)) return e;
    bool const is_chain = entry_of<graph>(s.op).is_elementwise || s.readers.count != 0;
    auto const element = is_chain ? s.types.from : layouts[0].element;
    auto const write = detail::find_step(s.op, element);
    if (write == nullptr) return detail::no_code(s.op, element);
    auto identity = detail::identity_of(s, form);
    all.push_back({std::move(form), write, std::move(identity)});
  }
  auto const apart = detail::find_apart(p);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].identity.is_apart = apart[i] != 0;
  return all;
}

/// How many steps of two programs are the same but for the numbers of their layouts; none where
/// there are more of them in one.
inline std::size_t count_alike(program const& p, std::vector<written_step> const& steps,
                               program const& other, std::vector<written_step> const& others) {
  if (p.steps.size() != other.steps.size()) return 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < p.steps.size(); ++i) {
    auto const& a = steps[p.steps[i].structure].identity;
    if (a.what == others[other.steps[i].structure].identity.what) ++count;
  }
  return count;
}

/// Makes the numbers unknown that are others in a program for other sizes, in steps that are alike.
inline void find_unknown(program const& p, std::vector<written_step>& steps, program const& other,
                         std::vector<written_step> const& others) {
  for (auto& s : steps) s.is_shared = true;
  for (std::size_t i = 0; i < p.steps.size(); ++i) {
    auto& step = steps[p.steps[i].structure];
    auto const& other_step = others[other.steps[i].structure];
    if (step.identity.what != other_step.identity.what) {
      step.is_shared = false;
      continue;
    }
    step.identity.is_apart = step.identity.is_apart && other_step.identity.is_apart;
    auto& form = step.form;
    auto const& of_other = other_step.form;
    for (std::size_t k = 0; k < form.layouts.size(); ++k) {
      auto const more = step_identity::differences(form.layouts[k], of_other.layouts[k]);
      form.unknown[k].extents |= more.extents;
      form.unknown[k].strides |= more.strides;
    }
    if ((form.unknown.front().extents & unknown_numbers::image_axes) != 0) {
      form.unknown_words = p.structures[p.steps[i].structure].sized_words;
    }
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    auto& s = steps[i];
    s.is_shared = s.is_shared && detail::can_be_unknown(p.structures[i].op, s.form);
    if (!s.is_shared) {
      s.form.unknown.assign(s.form.unknown.size(), {});
      s.form.unknown_words = 0;
    }
    s.identity.unknown = s.form.unknown;
    s.identity.unknown_words = s.form.unknown_words;
  }
}

}  // namespace inlay::inline INLAY_VERSION::jit
