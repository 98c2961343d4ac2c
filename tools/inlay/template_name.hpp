// Names of templates as Clang prints them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <string_view>

/// Without the arguments of templates and the parameters of functions:
///   inlay::model<net>::run<0UL, int> → inlay::model::run
std::string without_arguments(std::string_view name);

/// The network that a template of Inlay is made for, as the program calls it: that of
/// `inlay::model<net>` is net. Empty where there is none.
std::string network_in(std::string_view name);

/// Which part of a network is made by what is called so, in words; empty where the name does not
/// say.
std::string part_of_network(std::string_view name);

/// As an `#include` would name it: inlay/inlay.hpp, bits/stl_algo.h; or else the name of the file.
std::string short_path(std::string_view path);

/// A file of Inlay, or a template of it.
bool is_of_inlay(std::string_view name);
