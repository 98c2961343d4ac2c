// What this machine can do at best.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <map>
#include <vector>

/// Multiply-adds of floats a second, with the vectors that the interpreter has.
double measure_multiply_adds();

/// Bytes a second that a copy reads and writes, by how many they are together. Each is the median
/// of what was measured.
class copy_ceiling {
 public:
  /// Measures copies of about so many bytes each, half of them read, half of them written; of sizes
  /// that are nearly the same, one.
  void measure_all(std::vector<std::int64_t> const& sizes);
  double bytes_a_second(std::int64_t bytes) const;

 private:
  static std::int64_t class_of(std::int64_t bytes);
  void measure(std::int64_t bytes);

  std::map<std::int64_t, std::vector<double>> measured_;
  std::vector<char> from_;
  std::vector<char> to_;
};
