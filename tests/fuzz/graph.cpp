// Any bytes as the choices of somebody who builds a graph of our operators, with extents and
// attributes of every size.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "check.hpp"

namespace {

using namespace inlay;

/// Choices, one a byte; 0 at the end.
class choices {
 public:
  choices(std::uint8_t const* data, std::size_t size) : at_(data), end_(data + size) {}

  bool is_over() const { return at_ == end_; }
  std::size_t operator()(std::size_t count) { return is_over() ? 0 : *at_++ % count; }

  /// A small number as a rule, now and then one that breaks sums and products.
  std::int64_t number() {
    constexpr std::int64_t large[] = {-1,
                                      -2,
                                      1 << 16,
                                      std::int64_t{1} << 31,
                                      std::int64_t{1} << 42,
                                      std::int64_t{1} << 62,
                                      INT64_MAX,
                                      INT64_MIN};
    auto const x = (*this)(64);
    return x < 8 ? large[x] : static_cast<std::int64_t>(x % 7);
  }
  std::int64_t extent() {
    auto const x = number();
    return x < 0 ? 1 : x;
  }
  shape extents() {
    shape s;
    auto const common = (*this)(4);
    for (auto rank = common == 0 ? (*this)(9) : common == 1 ? 2 : 4; rank != 0; --rank) {
      s.push_back(extent());
    }
    return s;
  }

 private:
  std::uint8_t const* at_;
  std::uint8_t const* end_;
};

/// The graph that the choices make. Its nodes stand in the graph as a file would give them, for
/// `builder::add` takes attributes that are known when the caller is written.
class maker {
 public:
  maker(std::uint8_t const* data, std::size_t size) : choose_(data, size) {}

  graph make() {
    auto& g = b_.unfinished();
    g.opset = 7 + static_cast<std::int64_t>(choose_(20));
    element_ = choose_(3) == 0 ? element_type::int64 : element_type::float32;
    values_.push_back(b_.input("x", {element_, choose_.extents()}));
    while (!choose_.is_over() && g.nodes.size() < 20) add();
    b_.output(values_.back(), "y");
    if (choose_(2) != 0) b_.output(values_[choose_(values_.size())]);
    return b_.finish();
  }

 private:
  value_id operand() {
    switch (choose_(4)) {
      case 0: return constant(choose_.extents());
      case 1: return values_[choose_(values_.size())];
      default: return values_.back();
    }
  }
  value_id constant(shape const& s) {
    std::int64_t count = 0;
    if (!is_in_memory(s)) return values_.back();
    count = elements_of(s);
    if (count > 1000) return values_.back();
    std::vector<char> const bytes(static_cast<std::size_t>(bytes_of(element_, count)), 1);
    auto const id = b_.add_value({}, {element_, s});
    auto& g = b_.unfinished();
    g.values[id].constant = store_elements(g, span<char const>(bytes.data(), bytes.size()));
    return id;
  }
  value_id new_shape() {
    std::int64_t list[8]{};
    auto const count = choose_(5);
    for (std::size_t i = 0; i < count; ++i) list[i] = choose_.number();
    return b_.constant<std::int64_t>({}, {static_cast<std::int64_t>(count)},
                                     span<std::int64_t const>(list, count));
  }

  void add() {
    auto const op = operator_id{static_cast<std::uint16_t>(1 + choose_(operator_count))};
    auto const& entry = entry_of<graph>(op);
    auto& g = b_.unfinished();
    std::vector<value_id> inputs;
    auto const more = static_cast<std::size_t>(entry.inputs.most - entry.inputs.least + 1);
    auto const count = static_cast<std::size_t>(entry.inputs.least) + choose_(more);
    while (inputs.size() < count) inputs.push_back(operand());
    if (op == id_of<op::reshape> && count > 1) inputs[1] = new_shape();
    node n;
    n.op = op;
    n.type = entry.name;
    n.inputs = b_.append(g.operands, span<value_id const>(inputs.data(), inputs.size()));
    n.attributes.first = static_cast<std::uint32_t>(g.attributes.size());
    for (auto const& rule : entry.attributes) {
      if (choose_(2) != 0) add_attribute(rule);
    }
    n.attributes.count = static_cast<std::uint32_t>(g.attributes.size()) - n.attributes.first;
    auto const output = b_.add_value({}, {});
    n.outputs = b_.append(g.operands, span<value_id const>(&output, 1));
    g.nodes.push_back(n);
    values_.push_back(output);
  }

  void add_attribute(attribute_rule const& rule) {
    constexpr std::string_view pads[] = {"SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET", ""};
    auto& g = b_.unfinished();
    attribute a{rule.name, rule.kind, {}};
    std::int64_t numbers[8]{};
    for (auto& x : numbers) x = rule.kind == attribute_kind::integers ? choose_.number() : 0;
    switch (rule.kind) {
      case attribute_kind::real: {
        auto const x = static_cast<float>(choose_.number());
        a.values = b_.append(g.reals, span<float const>(&x, 1));
        break;
      }
      case attribute_kind::text:
        a.values = b_.append(g.texts, span<std::string_view const>(&pads[choose_(5)], 1));
        break;
      case attribute_kind::integers:
        a.values =
            b_.append(g.integers, span<std::int64_t const>(numbers, rule.name == "pads" ? 4 : 2));
        break;
      default:
        numbers[0] = choose_.number();
        a.values = b_.append(g.integers, span<std::int64_t const>(numbers, 1));
        break;
    }
    g.attributes.push_back(a);
  }

  static constexpr std::size_t operator_count = [] {
    return []<class... Operator>(operator_list<Operator...>) {
      return sizeof...(Operator);
    }(operators{});
  }();

  choices choose_;
  builder b_{"fuzz"};
  element_type element_ = element_type::float32;
  std::vector<value_id> values_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const g = maker(data, size).make();
  if (!g.failure) fuzz::check(g);
  return 0;
}
