// A model that is ready to run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "session.hpp"

#include <cstddef>
#include <utility>

#include "command.hpp"

bool port::takes(inlay::tensor_type const& t) const {
  if (t.element != type.element) return false;
  if (!type.has_shape) return true;
  if (t.shape.size() != type.shape.size()) return false;
  for (int axis = 0; axis < t.shape.size(); ++axis) {
    if (type.shape[axis] >= 0 && type.shape[axis] != t.shape[axis]) return false;
  }
  return true;
}

session::session(std::string const& path, dimension_options const& dimensions) {
  auto const values = parse_dimensions(dimensions);
  inlay::interpreter::options how;
  how.dimensions = {values.data(), values.size()};
  auto loaded = inlay::interpreter::load_file(path, how);
  if (!loaded) throw mistake(sentence_of(path, loaded.failure().text.view()), loaded.failure());
  session_ = std::move(*loaded);
  for (auto const& p : session_.inputs()) inputs_.push_back({std::string(p.name), p.type});
  for (auto const& p : session_.outputs()) outputs_.push_back({std::string(p.name), p.type});
}

void session::prepare(std::vector<tensor> const& inputs) const {
  std::vector<inlay::shape> extents;
  for (auto const& t : inputs) extents.push_back(t.type.shape);
  auto const needs = session_.needs(extents);
  if (!needs) throw mistake(std::string(needs.failure().text.view()), needs.failure());
}

void session::run(std::vector<tensor> const& inputs) {
  std::vector<inlay::interpreter::named_view> given;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    auto const& t = inputs[i];
    given.push_back({inputs_[i].name, {t.type.element, t.type.shape, t.elements.data()}});
  }
  auto const views = session_.run(context_, given);
  if (!views) throw mistake(std::string(views.failure().text.view()), views.failure());
  views_ = *views;
}

std::vector<tensor> session::results() const {
  std::vector<tensor> all;
  for (std::size_t i = 0; i < views_.size(); ++i) {
    auto const& v = views_[i];
    all.push_back(
        {outputs_[i].name,
         {v.element, v.extents},
         std::string(static_cast<char const*>(v.data), static_cast<std::size_t>(v.bytes()))});
  }
  return all;
}
