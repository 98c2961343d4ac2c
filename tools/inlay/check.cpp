// inlay check: ONNX's backend tests.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <inlay/graph/verify.hpp>
#include <inlay/op/unlisted.hpp>
#include <inlay/pass/constants_to_values.hpp>
#include <inlay/pass/inline_functions.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "command.hpp"
#include "compare.hpp"
#include "options.hpp"
#include "session.hpp"
#include "tensor_file.hpp"

namespace {

namespace fs = std::filesystem;

struct check_options {
  std::vector<std::string> folders;
  session_options session;
};

/// A model that is more than there is, as its sentence says: it may be right.
struct unsupported : mistake {
  using mistake::mistake;
};

/// The first operator of a model that there is none of, as a sentence; empty where there is none.
std::string unsupported_operator(inlay::graph g) {
  g = inlay::constants_to_values(inlay::inline_functions(inlay::verify(std::move(g))));
  if (g.failure) return {};
  for (auto const& n : g.nodes) {
    if (n.op != inlay::operator_id::unlisted) continue;
    inlay::sentence s;
    s << inlay::label_of(g, n) << ": " << inlay::unlisted_operator(n).text;
    return std::string(s.view());
  }
  return {};
}

/// Does something about a model, before it runs, whose mistakes may be that the model is more than
/// there is.
template <class Act> auto supported(Act&& act) try { return act(); } catch (mistake const& e) {
  if (inlay::is_about_support(e.broken)) throw unsupported(e.what());
  throw;
}

/// *Errors*: throws `unsupported`, which names an operator that there is none of, if there is one.
std::unique_ptr<session> load(std::string const& model, session_options const& how) try {
  return supported([&] { return load_session(model, how); });
} catch (unsupported const&) {
  auto const file = inlay::load_onnx(model);
  auto const missing = file ? unsupported_operator(file->graph) : std::string();
  if (!missing.empty()) throw unsupported(missing);
  throw;
}

/// A sentence that does not say again in which folder its file is.
std::string beneath(fs::path const& folder, std::string const& sentence) {
  auto const start = folder.string() + "/";
  return sentence.starts_with(start) ? sentence.substr(start.size()) : sentence;
}

/// The folders with a model.onnx, in order; links to folders are not followed.
std::vector<fs::path> find_cases(fs::path const& folder) {
  std::vector<fs::path> cases;
  if (fs::exists(folder / "model.onnx")) cases.push_back(folder);
  std::error_code why;
  fs::recursive_directory_iterator each(folder, why);
  for (; !why && each != fs::recursive_directory_iterator(); each.increment(why)) {
    if (each->is_directory() && fs::exists(each->path() / "model.onnx")) {
      cases.push_back(each->path());
    }
  }
  if (why) throw mistake("cannot read '" + folder.string() + "': " + why.message());
  if (cases.empty())
    throw mistake(folder.string() + ": there is no model.onnx in it or beneath it");
  std::sort(cases.begin(), cases.end());
  return cases;
}

/// The files PREFIX_0.pb, PREFIX_1.pb, ... of a folder.
std::vector<fs::path> find_tensors(fs::path const& folder, std::string const& prefix) {
  std::vector<fs::path> files;
  for (int i = 0;; ++i) {
    auto file = folder / (prefix + "_" + std::to_string(i) + ".pb");
    if (!fs::exists(file)) return files;
    files.push_back(std::move(file));
  }
}

void expect_count(std::size_t files, std::vector<port> const& ports, char const* what) {
  if (files == ports.size()) return;
  throw mistake("there are " + std::to_string(files) + " files " + what +
                "_*.pb, and the model has " + std::to_string(ports.size()) + " " + what + "s");
}

/// What is wrong with the outputs of one set of inputs; empty where nothing is.
std::string run_data_set(session& s, fs::path const& folder) {
  auto const input_files = find_tensors(folder, "input");
  auto const output_files = find_tensors(folder, "output");
  expect_count(input_files.size(), s.inputs(), "input");
  expect_count(output_files.size(), s.outputs(), "output");
  std::vector<tensor> inputs;
  for (std::size_t i = 0; i < input_files.size(); ++i) {
    inputs.push_back(read_pb(input_files[i]));
    auto const& wanted = s.inputs()[i];
    if (wanted.takes(inputs[i].type)) continue;
    return "input '" + wanted.name + "' (" + input_files[i].filename().string() + "): it is " +
           text_of(inputs[i].type) + ", the model wants " + text_of(wanted.type);
  }
  supported([&] { s.prepare(inputs); });
  s.run(inputs);
  auto const outputs = s.results();
  std::string all;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    auto const wrong = compare(outputs[i], read_pb(output_files[i]));
    if (wrong.empty()) continue;
    all += (all.empty() ? "" : "; ") + ("output '" + outputs[i].name + "' (") +
           output_files[i].filename().string() + "): " + wrong;
  }
  return all;
}

/// The folders test_data_set_0, test_data_set_1, ... of a case.
std::vector<fs::path> find_data_sets(fs::path const& folder) {
  std::vector<fs::path> sets;
  for (auto const& each : fs::directory_iterator(folder)) {
    if (each.is_directory() && each.path().filename().string().starts_with("test_data_set_")) {
      sets.push_back(each.path());
    }
  }
  if (sets.empty()) throw mistake("there is no folder test_data_set_0");
  std::sort(sets.begin(), sets.end());
  return sets;
}

class checker {
 public:
  explicit checker(check_options const& o) : options_(o) {}

  void run(fs::path const& folder) try {
    auto const s = load((folder / "model.onnx").string(), options_.session);
    bool is_right = true;
    for (auto const& set : find_data_sets(folder)) {
      auto const wrong = run_data_set_of(*s, set);
      if (wrong.empty()) continue;
      std::cout << "failed " << folder.string() << ": " << set.filename().string() << ": " << wrong
                << '\n';
      is_right = false;
    }
    ++(is_right ? passed_ : failed_);
  } catch (misuse const&) {
    throw;
  } catch (unsupported const& e) {
    std::cout << "skipped " << folder.string() << ": " << beneath(folder, e.what()) << '\n';
    ++skipped_;
  } catch (std::exception const& e) {
    std::cout << "failed " << folder.string() << ": " << beneath(folder, e.what()) << '\n';
    ++failed_;
  }

  status report() const {
    std::cout << passed_ << " passed, " << failed_ << " failed, " << skipped_ << " skipped\n";
    return failed_ == 0 ? status::fine : status::failed;
  }

 private:
  static std::string run_data_set_of(session& s, fs::path const& set) try {
    return run_data_set(s, set);
  } catch (unsupported const&) {
    throw;
  } catch (std::exception const& e) {
    return beneath(set, e.what());
  }

  check_options const& options_;
  int passed_ = 0, failed_ = 0, skipped_ = 0;
};

status check(check_options const& o) {
  check_engine(o.session.engine);
  parse_dimensions(o.session.dimensions);
  std::vector<fs::path> cases;
  for (auto const& folder : o.folders) {
    auto const found = find_cases(folder);
    cases.insert(cases.end(), found.begin(), found.end());
  }
  checker c(o);
  for (auto const& folder : cases) c.run(folder);
  return c.report();
}

}  // namespace

void add_check(CLI::App& app, status& result) {
  auto* const command = app.add_subcommand("check", "Runs ONNX's backend tests");
  auto const o = std::make_shared<check_options>();
  command
      ->add_option("FOLDER", o->folders,
                   "A case, with model.onnx and test_data_set_*/input_*.pb and output_*.pb, or a "
                   "folder that holds such folders at any depth")
      ->required();
  add_session(*command, o->session);
  command->callback([o, &result] { result = check(*o); });
}
