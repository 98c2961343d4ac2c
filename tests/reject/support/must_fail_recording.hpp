// Records `net` as a constant, which must not compile: only its graph, not a model of it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <inlay/graph/freeze.hpp>
#include <inlay/graph/model_error.hpp>

inline constexpr inlay::error failure = inlay::frozen_graph<net>::facts.failure;
static_assert(inlay::check<failure>());
