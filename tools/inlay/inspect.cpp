// inlay inspect: what a model is made of.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdint>
#include <inlay/execute/jit.hpp>
#include <inlay/graph/dot.hpp>
#include <inlay/graph/print.hpp>
#include <inlay/pass/convert_opset.hpp>
#include <inlay/pass/infer_types.hpp>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "command.hpp"
#include "options.hpp"
#include "passes.hpp"

namespace {

struct inspect_options {
  std::string model;
  dimension_options dimensions;
  inlay::lower_options lowering;
  bool text = false;
  bool dot = false;
  bool passes = false;
  bool program = false;
  bool llvm = false;
  bool assembly = false;
  bool json = false;
};

/// A model's facts, as far as they can be known.
struct report {
  std::string name;
  std::int64_t opset = 0;
  std::vector<std::pair<std::string, std::string>> inputs;   // name, type
  std::vector<std::pair<std::string, std::string>> outputs;  // name, type
  std::map<std::string, int> operators;                      // how many nodes of each
  std::vector<std::string> unsupported;                      // nodes
  std::int64_t parameters = 0;                               // elements of constants
  std::optional<std::int64_t> multiply_adds;
  std::optional<std::int64_t> arena_bytes;
  std::optional<std::int64_t> live_bytes;
  std::string error;
};

std::string text_of(std::string_view text) { return std::string(text); }

std::string type_of(inlay::graph const& g, inlay::value_id id) {
  return text_of(inlay::print(g, g.values[id].type).view());
}

report make_report(inlay::graph g, inlay::lower_options const& how) {
  report r;
  r.name = text_of(g.name);
  r.opset = g.opset;
  for (auto const& v : g.values) {
    std::int64_t count = 0;
    if (v.constant != inlay::not_constant &&
        inlay::count_elements(v.type.shape, 0, v.type.shape.size(), count)) {
      r.parameters += count;
    }
  }
  for (auto const& n : g.nodes) {
    ++r.operators[text_of(n.type)];
    if (n.op == inlay::operator_id::unlisted) {
      r.unsupported.push_back(text_of(inlay::label_of(g, n).view()));
    }
  }
  g = optimize(std::move(g));
  auto const list = [&](auto const& ids, auto& to) {
    for (auto const id : ids) to.emplace_back(text_of(g.values[id].name), type_of(g, id));
  };
  list(g.inputs, r.inputs);
  list(g.outputs, r.outputs);
  auto const p = lower(std::move(g), how);
  if (p.failure) {
    r.error = text_of(p.failure.text.view());
  } else {
    r.multiply_adds = p.multiply_adds;
    r.arena_bytes = p.arena_bytes;
    r.live_bytes = p.live_bytes;
  }
  return r;
}

void print_text(report const& r) {
  std::cout << "model          " << r.name << ", opset " << r.opset << '\n';
  for (auto const& [name, type] : r.inputs)
    std::cout << "input          " << name << ": " << type << '\n';
  for (auto const& [name, type] : r.outputs) {
    std::cout << "output         " << name << ": " << type << '\n';
  }
  std::cout << "operators      ";
  char const* separator = "";
  for (auto const& [name, count] : r.operators) {
    std::cout << separator << name << " × " << count;
    separator = ", ";
  }
  std::cout << "\nparameters     " << r.parameters << '\n';
  if (r.multiply_adds) std::cout << "multiply-adds  " << *r.multiply_adds << '\n';
  if (r.arena_bytes) {
    std::cout << "arena          " << *r.arena_bytes << " bytes, of which at most " << *r.live_bytes
              << " live at once\n";
  }
  for (auto const& node : r.unsupported) std::cout << "unsupported    " << node << '\n';
}

void print_json(report const& r) {
  nlohmann::json out;
  auto const ports = [](auto const& list) {
    auto all = nlohmann::json::array();
    for (auto const& [name, type] : list) all.push_back({{"name", name}, {"type", type}});
    return all;
  };
  out["name"] = r.name;
  out["opset"] = r.opset;
  out["inputs"] = ports(r.inputs);
  out["outputs"] = ports(r.outputs);
  out["operators"] = r.operators;
  out["parameters"] = r.parameters;
  out["unsupported"] = r.unsupported;
  if (r.multiply_adds) out["multiply_adds"] = *r.multiply_adds;
  if (r.arena_bytes) out["arena_bytes"] = *r.arena_bytes;
  if (r.live_bytes) out["live_bytes"] = *r.live_bytes;
  if (!r.error.empty()) out["error"] = r.error;
  std::cout << out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

/// The graph after each pass that changes its text.
void print_passes(inlay::graph g) {
  std::string last;
  auto const show = [&](char const* pass, inlay::graph const& now) {
    auto const text = inlay::print(now);
    if (text.view() == last) {
      std::cout << "# " << pass << ": no change\n";
    } else {
      std::cout << "# " << pass << '\n' << text.view();
      last = text_of(text.view());
    }
  };
  show("as read", g);
  optimize(std::move(g), show);
}

/// What LLVM compiles, or what comes of it.
void print_code([[maybe_unused]] inspect_options const& o,
                [[maybe_unused]] inlay::program const& p) {
#if defined(INLAY_WITH_JIT)
  using inlay::jit::code_form;
  auto const text =
      inlay::jit::print_code(p, o.llvm ? code_form::intermediate : code_form::assembly);
  if (!text) throw mistake(sentence_of(o.model, text.failure().text.view()));
  std::cout << *text;
#else
  throw misuse("code is compiled by LLVM, without which this program was built");
#endif
}

status inspect(inspect_options const& o) {
  auto file = load_model(o.model, o.dimensions);
  auto& g = file.graph;
  if (o.passes) {
    print_passes(std::move(g));
    return status::fine;
  }
  if (o.text) {
    std::cout << inlay::print(g).view();
    return status::fine;
  }
  if (o.dot) {
    // With the types that can be inferred.
    std::cout << inlay::print_dot(inlay::infer_types(inlay::convert_opset(std::move(g)))).view();
    return status::fine;
  }
  if (o.program || o.llvm || o.assembly) {
    g = optimize(std::move(g));
    auto const p = lower(g, o.lowering);
    if (p.failure) throw mistake(sentence_of(o.model, p.failure.text.view()));
    if (o.program) print_program(g, p);
    else print_code(o, p);
    return status::fine;
  }
  auto const r = make_report(std::move(g), o.lowering);
  if (o.json) print_json(r);
  else print_text(r);
  if (!r.error.empty()) std::cerr << "inlay: " << o.model << ": " << r.error << '\n';
  return r.error.empty() ? status::fine : status::failed;
}

}  // namespace

void add_inspect(CLI::App& app, status& result) {
  auto* const command = app.add_subcommand("inspect", "Shows what a model is made of");
  auto const o = std::make_shared<inspect_options>();
  command->add_option("MODEL", o->model, "An ONNX file")->required();
  add_dimensions(*command, o->dimensions);
  add_arena_limit(*command, o->lowering.most_arena_bytes);
  auto* const form = command->add_option_group("form", "Instead of a report to read");
  form->require_option(0, 1);
  form->add_flag("--text", o->text, "Print the graph as it is read");
  form->add_flag("--dot", o->dot, "Print the graph for Graphviz");
  form->add_flag("--passes", o->passes, "Print the graph after each pass");
  form->add_flag("--program", o->program, "Print the steps that compute it");
  form->add_flag("--llvm", o->llvm, "Print the code of the steps as LLVM takes it");
  form->add_flag("--assembly", o->assembly, "Print the code of the steps for this machine");
  form->add_flag("--json", o->json, "Print the report as JSON");
  command->callback([o, &result] { result = inspect(*o); });
}
