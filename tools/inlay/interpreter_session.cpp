// --engine interpreter: kernels that are compiled, chosen while the program runs; --engine jit: the
// same steps, compiled when the model is loaded.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstddef>
#include <inlay/execute/thread_pool.hpp>
#include <utility>

#if defined(INLAY_WITH_JIT)
#include <inlay/execute/jit.hpp>
#endif
#if defined(INLAY_WITH_TBB)
#include <inlay/execute/tbb_pool.hpp>
#endif

#include "command.hpp"
#include "session.hpp"

namespace {

/// So many threads; none where a run has but its own.
std::shared_ptr<inlay::thread_pool> make_threads(int count) {
#if defined(INLAY_WITH_TBB)
  if (count > 1) return std::make_shared<inlay::tbb_pool>(count);
#endif
  static_cast<void>(count);
  return nullptr;
}

class interpreter_session : public session {
 public:
  interpreter_session(std::string const& path, std::shared_ptr<inlay::thread_pool> threads,
                      inlay::result<inlay::interpreter::session> loaded)
      : threads_(std::move(threads)) {
    if (!loaded) throw mistake(sentence_of(path, loaded.failure().text.view()), loaded.failure());
    session_ = std::move(*loaded);
    add_ports(session_.inputs(), session_.outputs());
  }

  std::string target() const override { return std::string(session_.target()); }
  bool has_profile() const override { return true; }

  void prepare(std::vector<tensor> const& inputs) override {
    std::vector<inlay::shape> extents;
    for (auto const& t : inputs) extents.push_back(t.type.shape);
    auto const needs = session_.needs(extents);
    if (!needs) throw mistake(std::string(needs.failure().text.view()), needs.failure());
  }

  void run(std::vector<tensor> const& given, inlay::interpreter::step_observer* observer) override {
    std::vector<inlay::interpreter::named_view> views;
    for (std::size_t i = 0; i < given.size(); ++i) {
      auto const& t = given[i];
      views.push_back({inputs()[i].name, {t.type.element, t.type.shape, t.elements.data()}});
    }
    auto const computed = session_.run(context_, views, observer);
    if (!computed) throw mistake(std::string(computed.failure().text.view()), computed.failure());
    views_ = *computed;
  }

  std::vector<tensor> results() const override {
    std::vector<tensor> all;
    for (std::size_t i = 0; i < views_.size(); ++i) {
      auto const& v = views_[i];
      all.push_back(
          {outputs()[i].name,
           {v.element, v.extents},
           std::string(static_cast<char const*>(v.data), static_cast<std::size_t>(v.bytes()))});
    }
    return all;
  }

 private:
  std::shared_ptr<inlay::thread_pool> threads_;  // of the session
  inlay::interpreter::session session_;
  inlay::interpreter::context context_;
  inlay::span<inlay::any_view const> views_;
};

/// A model, loaded by `load(path, options)`, which wants options of that type.
template <class Options, class Load>
std::unique_ptr<session> load_by(Load const& load, std::string const& path,
                                 session_options const& how) {
  auto const values = parse_dimensions(how.dimensions);
  Options options;
  options.dimensions = {values.data(), values.size()};
  options.most_arena_bytes = how.most_arena_bytes;
  auto threads = make_threads(how.engine.threads);
  options.threads = threads.get();
  auto loaded = load(path, options);
  return std::make_unique<interpreter_session>(path, std::move(threads), std::move(loaded));
}

}  // namespace

std::unique_ptr<session> load_interpreter(std::string const& path, session_options const& how) {
  return load_by<inlay::interpreter::options>(
      [](auto const& file, auto const& options) {
        return inlay::interpreter::load_file(file, options);
      },
      path, how);
}

#if defined(INLAY_WITH_JIT)
std::unique_ptr<session> load_jit(std::string const& path, session_options const& how) {
  return load_by<inlay::jit::options>(
      [](auto const& file, auto const& options) { return inlay::jit::load_file(file, options); },
      path, how);
}
#endif
