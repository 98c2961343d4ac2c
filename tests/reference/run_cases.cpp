// Runs models on stored inputs through the scalar executor and compares with stored outputs; then
// through the interpreter and the compiler, where they are compiled, with steps as they are and in
// three parts each, and compares with the scalar executor. In parts, the compiler takes a quarter
// of the cases.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//   run_cases --operators     prints the name of every operator
//   run_cases FOLDER [NAME]   runs the cases that FOLDER/cases.txt lists, from that of the name on,
//                             and prints how each ends
//   run_cases --once FOLDER   the same; code must be compiled once for all sets of data of a case
//
// A line of cases.txt names a case and the tolerances of its floats, as the members of `tolerance`
// are. A case is a folder as ONNX's backend tests have it, with model.onnx and, in folders of the
// names test_data_set_0 and so on, input_0.pb and so on and output_0.pb and so on. Dimensions that
// have only names have the values that each set of data gives them.
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compare.hpp"
#include "files.hpp"
#include "inlay/execute/interpreter/check_inputs.hpp"
#include "inlay/execute/jit.hpp"
#include "inlay/frontend/onnx/read.hpp"
#include "inlay/op/list.hpp"
#include "inlay/pass/optimize.hpp"
#include "inlay/program/interpret-inl.hpp"
#include "inlay/program/lower.hpp"

namespace {

using path = std::filesystem::path;
using reference::tensor_data;
using reference::tolerance;

/// A TensorProto in a file of its own, read as the frontend reads the tensors of a model.
tensor_data read_tensor(path const& file) {
  namespace format = inlay::onnx_format;
  auto const bytes = reference::read_file(file);
  inlay::builder b;
  auto& g = b.unfinished();
  format::message const m(format::source{bytes, &g.failure}, bytes, "a tensor");
  auto const id = format::add_tensor(b, m, format::read_tensor(m), {});
  if (g.failure) throw std::runtime_error(std::string(g.failure.text.view()));
  return {g.values[id].type, std::string(g.bytes_of(g.constants.back()))};
}

/// The tensors prefix0.pb, prefix1.pb, ... of a folder.
std::vector<tensor_data> read_tensors(path const& folder, std::string const& prefix) {
  std::vector<tensor_data> tensors;
  for (int i = 0;; ++i) {
    auto const file = folder / (prefix + std::to_string(i) + ".pb");
    if (!std::filesystem::exists(file)) return tensors;
    tensors.push_back(read_tensor(file));
  }
}

std::vector<inlay::shape> shapes_of(std::vector<tensor_data> const& tensors) {
  std::vector<inlay::shape> shapes;
  for (auto const& t : tensors) shapes.push_back(t.type.shape);
  return shapes;
}

/// What a program computes with the scalar stage.
std::vector<tensor_data> compute(inlay::program const& p, std::vector<tensor_data> const& inputs) {
  std::vector<void const*> from;
  for (auto const& x : inputs) from.push_back(x.elements.data());
  std::vector<tensor_data> results;
  for (auto const& port : p.outputs) {
    auto const count = inlay::elements_of(port.type.shape);
    auto const bytes = inlay::bytes_of(port.type.element, count);
    results.push_back({port.type, std::string(static_cast<std::size_t>(bytes), '\0')});
  }
  std::vector<void*> to;
  for (auto& y : results) to.push_back(y.elements.data());
  inlay::interpret(p, from, to);
  return results;
}

/// A model in another engine, which all sets of data of a case share.
#if defined(INLAY_WITH_INTERPRETER)
/// Three threads, each of which is this one: the parts of a step in the opposite order.
class backwards final : public inlay::thread_pool {
 public:
  int size() const override { return 3; }
  void run(std::size_t count, inlay::parallel_calls const& calls) override {
    for (auto i = count; i > 0; --i) calls(i - 1);
  }
};

class other_engine {
 public:
  other_engine(std::string name, inlay::result<inlay::interpreter::session> session)
      : name_(std::move(name)), session_(std::move(session)) {}

  /// Where the engine has other results than the scalar executor, whose bits it must have
  /// unless the machine cannot multiply and add with one rounding.
  std::string check(std::vector<tensor_data> const& inputs,
                    std::vector<tensor_data> const& expected, tolerance t) {
    if (!session_) return name_ + ": " + std::string(session_.failure().text.view());
    std::vector<inlay::interpreter::named_view> given;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      auto const& x = inputs[i];
      inlay::any_view const view{x.type.element, x.type.shape, x.elements.data()};
      given.push_back({session_->inputs()[i].name, view});
    }
    auto const views = session_->run(context_, {given.data(), given.size()});
    if (!views) return name_ + ": " + std::string(views.failure().text.view());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      auto const& y = (*views)[i];
      tensor_data const result{
          {y.element, y.extents},
          std::string(static_cast<char const*>(y.data), static_cast<std::size_t>(y.bytes()))};
      auto const wrong = session_->same_bits() ? reference::compare_bits(result, expected[i])
                                               : reference::compare(result, expected[i], t);
      if (!wrong.empty()) return "output " + std::to_string(i) + " of " + name_ + ": " + wrong;
    }
    return {};
  }
  /// How many steps were compiled.
  std::size_t compiled_steps() const { return session_ ? session_->compiled_steps() : 0; }

 private:
  std::string name_;
  inlay::result<inlay::interpreter::session> session_;
  inlay::interpreter::context context_;
};
#else
struct other_engine {
  std::string check(std::vector<tensor_data> const&, std::vector<tensor_data> const&, tolerance) {
    return {};
  }
  std::size_t compiled_steps() const { return 0; }
};
#endif

#if defined(INLAY_WITH_JIT)
bool is_in_quarter(std::string const& name) {
  unsigned sum = 0;
  for (auto const c : name) sum += static_cast<unsigned char>(c);
  return sum % 4 == 0;
}
#endif

/// The engines for a case of that name and the bytes of its model.
std::vector<other_engine> load_engines([[maybe_unused]] std::string const& name,
                                       [[maybe_unused]] std::string const& bytes,
                                       [[maybe_unused]] bool compiles_once) {
  std::vector<other_engine> engines;
#if defined(INLAY_WITH_INTERPRETER)
  static backwards parts;
  inlay::interpreter::options in_parts;
  in_parts.threads = &parts;
  in_parts.least_work_of_part = 0;
  engines.emplace_back("the interpreter", inlay::interpreter::load(bytes));
  engines.emplace_back("the interpreter in parts", inlay::interpreter::load(bytes, in_parts));
#endif
#if defined(INLAY_WITH_JIT)
  engines.emplace_back("the compiler", inlay::jit::load(bytes));
  // Of other sizes there are more parts or fewer.
  if (!compiles_once && is_in_quarter(name)) {
    inlay::jit::options compiled_in_parts;
    compiled_in_parts.threads = &parts;
    compiled_in_parts.least_work_of_part = 0;
    engines.emplace_back("the compiler in parts", inlay::jit::load(bytes, compiled_in_parts));
  }
#endif
  return engines;
}

/// How a set of data ends; nothing where it passes.
std::string run_data_set(inlay::graph const& g, std::vector<other_engine>& others,
                         path const& folder, tolerance t) {
  auto const inputs = read_tensors(folder, "input_");
  auto const expected = read_tensors(folder, "output_");
  bool const fits = inputs.size() == g.inputs.size();
  auto const shapes = shapes_of(inputs);
  auto const p = inlay::lower(inlay::optimize(
      fits ? inlay::interpreter::bind_extents(g, {shapes.data(), shapes.size()}) : g));
  if (p.failure) return "skipped " + std::string(p.failure.text.view());
  if (!fits || expected.size() != p.outputs.size()) {
    return "failed the data has other inputs or outputs than the model";
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].type == p.inputs[i].type) continue;
    return "failed input " + std::to_string(i) + " has another type than the model's";
  }
  auto const results = compute(p, inputs);
  for (std::size_t i = 0; i < results.size(); ++i) {
    auto const wrong = reference::compare(results[i], expected[i], t);
    if (!wrong.empty()) return "failed output " + std::to_string(i) + ": " + wrong;
  }
  for (auto& other : others) {
    auto const wrong = other.check(inputs, results, t);
    if (!wrong.empty()) return "failed " + wrong;
  }
  return {};
}

/// How a case ends: "passed", "failed" and why, or, where the model is an error, "skipped" and its
/// sentence.
std::string run_case(path const& folder, tolerance t, bool compiles_once) try {
  auto const bytes = reference::read_file(folder / "model.onnx");
  auto const g = inlay::read_onnx(bytes);
  auto others = load_engines(folder.filename().string(), bytes, compiles_once);
  std::size_t compiled = 0;
  for (int i = 0;; ++i) {
    auto const data = folder / ("test_data_set_" + std::to_string(i));
    if (!std::filesystem::exists(data)) return i == 0 ? "failed there is no data" : "passed";
    auto const verdict = run_data_set(g, others, data, t);
    if (!verdict.empty()) return verdict;
    auto const before = compiled;
    compiled = others.empty() ? 0 : others.back().compiled_steps();
    if (compiles_once && i > 0 && compiled != before) {
      return "failed the compiler compiled " + std::to_string(compiled - before) +
             " steps again for the sizes of data set " + std::to_string(i);
    }
  }
} catch (std::runtime_error const& e) {
  return std::string("failed ") + e.what();
}

template <class... Operator> void print_names(inlay::operator_list<Operator...>) {
  ((std::cout << Operator::name << '\n'), ...);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  bool const compiles_once = !arguments.empty() && arguments.front() == "--once";
  if (compiles_once) arguments.erase(arguments.begin());
  if (arguments.empty() || arguments.size() > 2) {
    return std::cerr << "usage: run_cases --operators | [--once] FOLDER [NAME]\n", 2;
  }
  if (arguments.front() == "--operators") return print_names(inlay::operators{}), 0;
  path const folder = arguments.front();
  std::istringstream list(reference::read_file(folder / "cases.txt"));
  tolerance t;
  bool is_before = arguments.size() == 2;
  for (std::string name; list >> name >> t.relative >> t.absolute >> t.of_largest;) {
    is_before = is_before && name != arguments.back();
    if (is_before) continue;
    // Whoever runs this sees what was done before a case that ends the process.
    std::cout << name << ' ' << run_case(folder / name, t, compiles_once) << std::endl;
  }
}
