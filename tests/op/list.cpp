// The one list, against the schemas of ONNX.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "inlay/op/list.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace {
using namespace inlay;

struct schema {
  std::string_view name;
  arity inputs;
  arity outputs;
  std::string_view attributes;  // name, then i f s or I for its kind
  std::string_view
      types;  // those of C++ that the schema allows for the first input that is no condition
};

constexpr std::string_view all =
    "float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 "
    "uint64 bool";
constexpr std::string_view floats = "float32 float64";
constexpr std::string_view numbers =
    "float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 "
    "uint64";
constexpr std::string_view compared = "float32 float64 int8 int32 int64 uint8 uint32 uint64 bool";
constexpr std::string_view integers = "int8 int16 int32 int64 uint8 uint16 uint32 uint64";
constexpr std::string_view wide = "float32 float64 int32 int64 uint32 uint64";

// onnx 1.23.2: onnx.defs.get_schema(name), opset 28.
constexpr schema schemas[] = {
    {"Abs", {1, 1}, {1, 1}, "", numbers},
    {"Add", {2, 2}, {1, 1}, "", numbers},
    {"And", {2, 2}, {1, 1}, "", "bool"},
    {"AveragePool",
     {1, 1},
     {1, 1},
     "auto_pad:s ceil_mode:i count_include_pad:i dilations:I kernel_shape:I pads:I strides:I ",
     floats},
    {"BatchNormalization", {5, 5}, {1, 3}, "epsilon:f momentum:f training_mode:i ", floats},
    {"BitwiseAnd", {2, 2}, {1, 1}, "", integers},
    {"BitwiseNot", {1, 1}, {1, 1}, "", integers},
    {"BitwiseOr", {2, 2}, {1, 1}, "", integers},
    {"BitwiseXor", {2, 2}, {1, 1}, "", integers},
    {"Cast", {1, 1}, {1, 1}, "round_mode:s saturate:i to:i ", all},
    {"CastLike", {2, 2}, {1, 1}, "round_mode:s saturate:i ", all},
    {"Ceil", {1, 1}, {1, 1}, "", floats},
    {"Celu", {1, 1}, {1, 1}, "alpha:f ", floats},
    {"Clip", {1, 3}, {1, 1}, "", numbers},
    {"Concat", {1, 4096}, {1, 1}, "axis:i ", all},  // ONNX has no limit
    {"Conv",
     {2, 3},
     {1, 1},
     "auto_pad:s dilations:I group:i kernel_shape:I pads:I strides:I ",
     floats},
    {"ConvTranspose",
     {2, 3},
     {1, 1},
     "auto_pad:s dilations:I group:i kernel_shape:I output_padding:I output_shape:I pads:I "
     "strides:I ",
     floats},
    {"Cos", {1, 1}, {1, 1}, "", floats},
    {"Div", {2, 2}, {1, 1}, "", numbers},
    {"Elu", {1, 1}, {1, 1}, "alpha:f ", floats},
    {"Equal", {2, 2}, {1, 1}, "", all},
    {"Erf", {1, 1}, {1, 1}, "", floats},
    {"Exp", {1, 1}, {1, 1}, "", floats},
    {"Flatten", {1, 1}, {1, 1}, "axis:i ", all},
    {"Expand", {2, 2}, {1, 1}, "", all},
    {"Floor", {1, 1}, {1, 1}, "", floats},
    {"Gather", {2, 2}, {1, 1}, "axis:i ", all},
    {"Gelu", {1, 1}, {1, 1}, "approximate:s ", floats},
    {"Gemm", {2, 3}, {1, 1}, "alpha:f beta:f transA:i transB:i ", wide},
    {"GlobalAveragePool", {1, 1}, {1, 1}, "", floats},
    {"GlobalMaxPool", {1, 1}, {1, 1}, "", floats},
    {"Greater", {2, 2}, {1, 1}, "", numbers},
    {"GreaterOrEqual", {2, 2}, {1, 1}, "", numbers},
    {"GroupNormalization", {3, 3}, {1, 1}, "epsilon:f num_groups:i stash_type:i ", floats},
    {"HardSigmoid", {1, 1}, {1, 1}, "alpha:f beta:f ", floats},
    {"HardSwish", {1, 1}, {1, 1}, "", floats},
    {"Identity", {1, 1}, {1, 1}, "", all},
    {"InstanceNormalization", {3, 3}, {1, 1}, "epsilon:f ", floats},
    {"IsInf", {1, 1}, {1, 1}, "detect_negative:i detect_positive:i ", floats},
    {"IsNaN", {1, 1}, {1, 1}, "", floats},
    {"LayerNormalization", {2, 3}, {1, 3}, "axis:i epsilon:f stash_type:i ", floats},
    {"LeakyRelu", {1, 1}, {1, 1}, "alpha:f ", floats},
    {"Less", {2, 2}, {1, 1}, "", numbers},
    {"LessOrEqual", {2, 2}, {1, 1}, "", numbers},
    {"Log", {1, 1}, {1, 1}, "", floats},
    {"LogSoftmax", {1, 1}, {1, 1}, "axis:i ", floats},
    {"MatMul", {2, 2}, {1, 1}, "", wide},
    {"Max", {1, 2147483647}, {1, 1}, "", numbers},
    {"MaxPool",
     {1, 1},
     {1, 2},
     "auto_pad:s ceil_mode:i dilations:I kernel_shape:I pads:I storage_order:i strides:I ",
     "float32 float64 int8 uint8"},
    {"Mean", {1, 2147483647}, {1, 1}, "", floats},
    {"Min", {1, 2147483647}, {1, 1}, "", numbers},
    {"Mish", {1, 1}, {1, 1}, "", floats},
    {"Mul", {2, 2}, {1, 1}, "", numbers},
    {"Neg", {1, 1}, {1, 1}, "", "float32 float64 int8 int16 int32 int64"},
    {"Not", {1, 1}, {1, 1}, "", "bool"},
    {"Or", {2, 2}, {1, 1}, "", "bool"},
    {"Pad", {2, 4}, {1, 1}, "mode:s ", all},
    {"Pow", {2, 2}, {1, 1}, "", "float32 float64 int32 int64"},
    {"PRelu", {2, 2}, {1, 1}, "", wide},
    {"Reciprocal", {1, 1}, {1, 1}, "", floats},
    {"ReduceL1", {1, 2}, {1, 1}, "keepdims:i noop_with_empty_axes:i ", wide},
    {"ReduceL2", {1, 2}, {1, 1}, "keepdims:i noop_with_empty_axes:i ", wide},
    {"ReduceLogSum", {1, 2}, {1, 1}, "keepdims:i noop_with_empty_axes:i ", floats},
    {"ReduceLogSumExp", {1, 2}, {1, 1}, "keepdims:i noop_with_empty_axes:i ", floats},
    {"ReduceMax", {1, 2}, {1, 1}, "keepdims:i noop_with_empty_axes:i ", compared},
    {"ReduceMean", {1, 2}, {1, 1}, "keepdims:i noop_with_empty_axes:i ", wide},
    {"ReduceMin", {1, 2}, {1, 1}, "keepdims:i noop_with_empty_axes:i ", compared},
    {"ReduceProd", {1, 2}, {1, 1}, "keepdims:i noop_with_empty_axes:i ", wide},
    {"ReduceSum", {1, 2}, {1, 1}, "keepdims:i noop_with_empty_axes:i ", wide},
    {"ReduceSumSquare", {1, 2}, {1, 1}, "keepdims:i noop_with_empty_axes:i ", wide},
    {"Relu", {1, 1}, {1, 1}, "", "float32 float64 int8 int16 int32 int64"},
    {"Reshape", {2, 2}, {1, 1}, "allowzero:i ", all},
    {"RMSNormalization", {2, 2}, {1, 1}, "axis:i epsilon:f stash_type:i ", floats},
    {"Round", {1, 1}, {1, 1}, "", floats},
    {"Selu", {1, 1}, {1, 1}, "alpha:f gamma:f ", floats},
    {"Sigmoid", {1, 1}, {1, 1}, "", floats},
    {"Sign", {1, 1}, {1, 1}, "", numbers},
    {"Sin", {1, 1}, {1, 1}, "", floats},
    {"Slice", {3, 5}, {1, 1}, "", all},
    {"Softmax", {1, 1}, {1, 1}, "axis:i ", floats},
    {"Softplus", {1, 1}, {1, 1}, "", floats},
    {"Softsign", {1, 1}, {1, 1}, "", floats},
    {"Split", {1, 2}, {1, 4096}, "axis:i num_outputs:i ", all},  // ONNX has no limit
    {"Sqrt", {1, 1}, {1, 1}, "", floats},
    {"Squeeze", {1, 2}, {1, 1}, "", all},
    {"Sub", {2, 2}, {1, 1}, "", numbers},
    {"Sum", {1, 2147483647}, {1, 1}, "", floats},
    {"Swish", {1, 1}, {1, 1}, "alpha:f ", floats},
    {"Tanh", {1, 1}, {1, 1}, "", floats},
    {"ThresholdedRelu", {1, 1}, {1, 1}, "alpha:f ", floats},
    {"Transpose", {1, 1}, {1, 1}, "perm:I ", all},
    {"Unsqueeze", {1, 2}, {1, 1}, "", all},
    {"Where", {3, 3}, {1, 1}, "", all},
    {"Xor", {2, 2}, {1, 1}, "", "bool"},
};

constexpr char letter_of(attribute_kind kind) {
  switch (kind) {
    case attribute_kind::integer: return 'i';
    case attribute_kind::real: return 'f';
    case attribute_kind::text: return 's';
    case attribute_kind::integers: return 'I';
    default: return '?';
  }
}

/// Takes `part` from the front of `text`.
constexpr bool take(std::string_view& text, std::string_view part) {
  if (text.substr(0, part.size()) != part) return false;
  text.remove_prefix(part.size());
  return true;
}
constexpr bool same(arity a, arity b) { return a.least == b.least && a.most == b.most; }

constexpr bool has_word(std::string_view words, std::string_view word) {
  for (std::size_t at = 0; at < words.size();) {
    auto end = words.find(' ', at);
    if (end == std::string_view::npos) end = words.size();
    if (words.substr(at, end - at) == word) return true;
    at = end + 1;
  }
  return false;
}

constexpr bool keeps(schema const& s) {
  auto const& op = entry_of<graph>(find_operator("", s.name));
  if (op.name != s.name || !same(op.inputs, s.inputs) || !same(op.outputs, s.outputs)) return false;
  auto rest = s.attributes;
  for (auto const& a : op.attributes) {
    char const kind[] = {':', letter_of(a.kind), ' '};
    if (!take(rest, a.name) || !take(rest, {kind, 3})) return false;
  }
  if (!rest.empty()) return false;
  for (int e = 0; e < element_type_count; ++e) {
    auto const type = static_cast<element_type>(e);
    // Nothing that the schema forbids.
    if (op.supports(type) && !has_word(s.types, name_of(type))) return false;
  }
  bool const has_floats = has_word(s.types, "float32");
  return has_floats == op.supports(element_type::float32) &&
         has_floats == op.supports(element_type::float64);
}
constexpr bool all_keep() {
  for (auto const& s : schemas) {
    if (!keeps(s)) return false;
  }
  return true;
}
static_assert(all_keep());

// All that is listed has a schema above.
template <class... Operator> constexpr std::size_t count(operator_list<Operator...>) {
  return sizeof...(Operator);
}
static_assert(count(operators{}) == sizeof(schemas) / sizeof(schemas[0]));

// A number, its struct, its entry and its name are one.
template <class... Operator> constexpr bool round_trip(operator_list<Operator...>) {
  return ((std::is_same_v<operator_of<id_of<Operator>>, Operator> &&
           entry_of<graph>(id_of<Operator>).name == Operator::name &&
           find_operator("", Operator::name) == id_of<Operator> &&
           id_of<Operator> != operator_id::unlisted) &&
          ...);
}
static_assert(round_trip(operators{}));

static_assert(find_operator("ai.onnx", "Conv") == id_of<op::conv>);
static_assert(find_operator("com.microsoft", "Conv") == operator_id::unlisted);
static_assert(find_operator("", "conv") == operator_id::unlisted);
static_assert(find_operator("", "") == operator_id::unlisted);

constexpr bool applies() {
  builder b;
  auto const x = b.input("x", {element_type::float32, {2}});
  auto const y = apply<op::relu>(b, "r", {x});
  b.output(apply<op::flatten>(b, "f", {y}, {{"axis", 0}}));
  auto const g = b.finish();
  return is<op::relu>(g.nodes[0]) && !is<op::flatten>(g.nodes[0]) && g.nodes[0].type == "Relu" &&
         g.nodes[0].name == "r" && is<op::flatten>(g.nodes[1]) &&
         g.attributes_of(g.nodes[1])[0].name == "axis";
}
static_assert(applies());

// The versions since which an operator has the form that we take: onnx.defs, since_version of the
// first whose attributes and inputs are these.
static_assert(op::add::since == 7);           // broadcasts as numpy does, no attribute `axis`
static_assert(op::average_pool::since == 7);  // attribute `count_include_pad`
static_assert(op::relu::since == 6);          // no attribute `consumed_inputs`
static_assert(op::gemm::since == 7);          // no attribute `broadcast`
static_assert(op::reshape::since == 5);       // the shape is an input
static_assert(oldest_opset == 7);
static_assert(newest_opset == 28);  // onnx.defs.onnx_opset_version()

}  // namespace

TEST_CASE("the list keeps to the schemas of ONNX") {
  for (auto const& s : schemas) {
    CAPTURE(s.name.data());
    CHECK(keeps(s));
  }
}
