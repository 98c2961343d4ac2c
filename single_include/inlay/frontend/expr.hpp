// Networks as C++ expressions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Generated from include/ by tools/amalgamate.py; `python3 tools/amalgamate.py` writes it again.
#pragma once

#if !defined(INLAY_VERSION_MAJOR)
#include "../inlay.hpp"
#endif

// Networks as expressions: everything that `inlay::network` takes.

// An operator of the list, applied to tensors of a network.

// What a network's expressions are made of: tensors that are recorded, not computed.

// A network's expressions become a graph while they are evaluated.

// Text that grows, and names in it.

namespace inlay::inline INLAY_VERSION {

/// Text that grows; `view` until the next change.
class text_buffer {
 public:
  constexpr string_view view() const { return {characters_.data(), characters_.size()}; }
  constexpr void clear() { characters_.clear(); }

  constexpr text_buffer& operator<<(string_view text) {
    characters_.append(text.data(), text.size());
    return *this;
  }
  constexpr text_buffer& operator<<(char const* text) { return *this << string_view(text); }
  constexpr text_buffer& operator<<(sentence const& s) { return *this << s.view(); }
  template <std::integral Integer> constexpr text_buffer& operator<<(Integer number) {
    char digits[20]{};
    std::size_t first = 20;
    bool const is_negative = number < 0;
    auto rest = static_cast<std::uint64_t>(number);
    if (is_negative) rest = 0 - rest;
    do {
      digits[--first] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    if (is_negative) digits[--first] = '-';
    characters_.append(digits + first, 20 - first);
    return *this;
  }

 private:
  vector<char> characters_;
};

namespace detail {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Whether a name can stand without quotes: letters, digits and underscores, no digit first.
constexpr bool is_word(string_view text) {
  if (text.empty() || is_digit(text[0])) return false;
  for (auto const c : text) {
    if (!is_letter(c) && !is_digit(c)) return false;
  }
  return true;
}

/// How many bytes the UTF-8 character at the beginning of `text` has; 0 if there is none.
/// *Source*: table 3-7 of The Unicode Standard.
constexpr std::size_t utf8_length(string_view text) {
  auto const byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  auto const first = byte(0);
  std::size_t const length = first < 0x80                     ? 1
                             : first >= 0xc2 && first <= 0xdf ? 2
                             : first >= 0xe0 && first <= 0xef ? 3
                             : first >= 0xf0 && first <= 0xf4 ? 4
                                                              : 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xbf) return 0;
  }
  bool const is_wrong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f) ||
                        (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f);
  return is_wrong ? 0 : length;
}

inline constexpr string_view hex_digits = "0123456789abcdef";

constexpr void print_byte(text_buffer& out, char c) {
  auto const byte = static_cast<unsigned char>(c);
  out << "\\x" << hex_digits.substr(byte >> 4, 1) << hex_digits.substr(byte & 15u, 1);
}

/// Calls `escape(c)` for each byte that is a quote, a backslash, a control, `special` or no UTF-8,
/// and copies what stands between them.
template <class Escape>
constexpr void print_escaped(text_buffer& out, string_view text, Escape&& escape,
                             char special = '"') {
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size();) {
    auto const c = text[i];
    bool const is_plain = c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != special;
    bool const is_ascii = static_cast<unsigned char>(c) < 0x80;
    std::size_t const length = is_plain ? 1 : is_ascii ? 0 : utf8_length(text.substr(i));
    if (length == 0) {
      out << text.substr(from, i - from);
      escape(c);
      from = i + 1;
    }
    i += length == 0 ? 1 : length;
  }
  out << text.substr(from);
}

/// A name or text in quotes, on one line: `"a \"b\" \\ \n \x7f é"`.
constexpr void print_quoted(text_buffer& out, string_view text) {
  out << "\"";
  print_escaped(out, text, [&](char c) {
    if (c == '"') out << "\\\"";
    else if (c == '\\') out << "\\\\";
    else if (c == '\n') out << "\\n";
    else print_byte(out, c);
  });
  out << "\"";
}

/// A name, in quotes where it needs them.
constexpr void print_name(text_buffer& out, string_view name) {
  if (is_word(name)) out << name;
  else print_quoted(out, name);
}

}  // namespace detail

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION::expr {

/// A name as layers take it: a literal, or whatever has characters: a string, or a `"conv1"_name`
/// of frontend/hana.hpp.
struct name {
  string_view text;

  constexpr name(char const* characters) : text(characters) {}
  constexpr name(string_view characters) : text(characters) {}
  template <class Text>
    requires requires(Text const& t) { t.c_str(); }
  constexpr name(Text const& t) : text(t.c_str(), length_of(t.c_str())) {}

 private:
  // GCC 12 knows no length of an array that a template is.
  static constexpr std::size_t length_of(char const* characters) {
    std::size_t length = 0;
    while (characters[length] != '\0') ++length;
    return length;
  }
};

/// What was recorded, and which of its names no literal holds.
struct recording {
  /// Whose name it is: that of a node, or of a value.
  struct named {
    bool is_node = false;
    std::uint32_t index = 0;
  };

  graph result;
  vector<named> names;
  vector<shared_text> owners;  // of the characters of those names

  constexpr std::size_t text_size() {
    std::size_t size = 0;
    for (auto const& n : names) size += text_of(n).size();
    return size;
  }
  constexpr void copy_text(char* to) {
    for (auto const& n : names) {
      for (auto const c : text_of(n)) *to++ = c;
    }
  }
  /// The names stand there from now on, one after the other.
  constexpr void move_text(char const* to) {
    for (auto const& n : names) {
      auto& text = text_of(n);
      text = string_view(to, text.size());
      to += text.size();
    }
  }

 private:
  constexpr string_view& text_of(named const& n) {
    return n.is_node ? result.nodes[n.index].name : result.values[n.index].name;
  }
};

/// The first operator set that has all of ONNX's own operators: what files of networks are written
/// for.
inline constexpr std::int64_t opset_of_networks = [] {
  int newest = 0;
  for (auto const* const entry : inlay::detail::table::entries) {
    if (entry->domain.empty() && entry->since > newest) newest = entry->since;
  }
  return newest;
}();

/// Where expressions are recorded. Each node gets its types at once, so that layers know the shapes
/// of what they are applied to. A mistake is kept as the graph's first error, and what follows is
/// recorded all the same.
class recorder {
 public:
  constexpr recorder() : builder_({}, opset_of_networks), types_(builder_.unfinished()) {}
  recorder(recorder const&) = delete;
  recorder& operator=(recorder const&) = delete;

  constexpr graph& unfinished() { return builder_.unfinished(); }
  constexpr void fail(error const& e) { unfinished().fail(e); }
  constexpr tensor_type const& type_of(value_id id) { return unfinished().values[id].type; }
  constexpr std::int64_t symbol(string_view text) { return builder_.symbol(text); }

  /// An input of the network. All of them come before anything else.
  constexpr value_id input(tensor_type const& type) { return builder_.input({}, type); }
  constexpr void end_inputs() { types_.check_inputs(); }

  /// An input behind those of the network, whose name is that of the open scopes and its own.
  ///   in "encoder", "fc" and "weight" → "encoder.fc.weight"
  constexpr value_id parameter(string_view layer, string_view own, tensor_type const& type) {
    auto const text = keep(scope_.view(), layer, layer.empty() ? "" : ".", own);
    auto const id = builder_.input(text, type);
    recorded_.names.push_back({false, id});
    if (!inlay::contains(stored_types{}, type.element)) {
      fail(make_error(rule::the_element_type_must_be_supported, "parameter '", text,
                      "': element type ", type.element, " is not supported"));
    }
    return id;
  }

  template <class T> constexpr value_id constant(shape const& s, span<T const> elements) {
    return builder_.constant({}, s, elements);
  }

  /// A node of that name in the open scopes; one without a name has none. Returns its first
  /// output; the others are the values after it.
  constexpr value_id add(operator_id op, string_view own, span<value_id const> inputs,
                         span<named_attribute const> attributes, std::uint32_t outputs = 1) {
    auto& g = unfinished();
    string_view text;
    if (!own.empty()) {
      text = keep(scope_.view(), own, "", "");
      recorded_.names.push_back({true, static_cast<std::uint32_t>(g.nodes.size())});
    }
    auto const& entry = entry_of<graph>(op);
    auto const id = builder_.add(op, entry.name, text, inputs, attributes, outputs, entry.domain);
    if (!g.failure) types_.infer_outputs(g.nodes.back());
    return id;
  }

  /// Gives a value a name, in no scope.
  constexpr void name_value(value_id id, string_view own) {
    builder_.rename(id, keep(own, "", "", ""));
    recorded_.names.push_back({false, id});
  }
  /// The same for a literal.
  constexpr void name_port(value_id id, string_view literal) { builder_.rename(id, literal); }

  /// From here on names begin with that of the scope and a dot.
  constexpr void open_scope(string_view own) { scope_.append(own, "."); }
  constexpr void open_scope(std::int64_t index) {
    text_buffer digits;
    digits << index;
    scope_.append(digits.view(), ".");
  }
  constexpr std::size_t scope_size() const { return scope_.size(); }
  constexpr void close_scope(std::size_t size_before) { scope_.truncate(size_before); }

  constexpr void output(value_id id) { builder_.output(id); }

  constexpr recording finish() {
    auto& g = unfinished();
    if (!g.failure) types_.finish();
    recorded_.result = builder_.finish();
    return std::move(recorded_);
  }

 private:
  /// The names of the open scopes, each with a dot behind it.
  class scope_text {
   public:
    constexpr string_view view() const { return {text_.data(), text_.size()}; }
    constexpr std::size_t size() const { return text_.size(); }
    constexpr void append(string_view a, string_view b) {
      text_.append(a.data(), a.size());
      text_.append(b.data(), b.size());
    }
    constexpr void truncate(std::size_t size) { text_.truncate(size); }

   private:
    vector<char> text_;
  };

  /// A copy of the parts, one after the other, which stays where it is.
  constexpr string_view keep(string_view a, string_view b, string_view c, string_view d) {
    auto const size = a.size() + b.size() + c.size() + d.size();
    shared_text kept(size);
    auto* const text = kept.data();
    auto* at = text;
    for (auto const& part : {a, b, c, d}) {
      for (auto const character : part) *at++ = character;
    }
    recorded_.owners.push_back(kept);
    return {text, size};
  }

  builder builder_;
  inlay::detail::type_inference<graph> types_;
  recording recorded_;
  scope_text scope_;
};

}  // namespace inlay::inline INLAY_VERSION::expr

namespace inlay::inline INLAY_VERSION {
namespace expr {

/// A tensor of `T`s in a network that is being recorded: a number in its graph, free to copy. Its
/// shape is known while the network is recorded, and no part of the type; so a variable may stand
/// for one tensor after the other.
template <class T> class tensor {
 public:
  using element = T;
  static_assert(element_of<T> != element_type::undefined,
                "a tensor's elements are of a type that "
                "tensors have: float, std::int64_t, bool");

  constexpr tensor() = default;
  constexpr tensor(recorder& r, value_id id) : recorder_(&r), id_(id) {}

  constexpr recorder& where() const { return *recorder_; }
  constexpr value_id id() const { return id_; }
  /// Without axes behind a mistake.
  constexpr inlay::shape const& shape() const { return recorder_->type_of(id_).shape; }
  constexpr int rank() const { return shape().size(); }
  /// Of an axis, which counts from the end where it is negative; 1 where there is none such.
  constexpr std::int64_t extent(std::int64_t axis) const {
    int const found = axis_of(axis, rank());
    return found < 0 ? 1 : shape()[found];
  }

  /// The same tensor, whose name in the graph this is from now on: that of an input or output.
  constexpr tensor named(name const& n) const {
    recorder_->name_value(id_, n.text);
    return *this;
  }

 private:
  recorder* recorder_ = nullptr;
  value_id id_ = no_value;
};

/// A dimension without a value, for the extents of an input.
struct dimension_name {
  static constexpr std::size_t capacity = 31;
  char characters[capacity + 1]{};

  constexpr dimension_name() = default;
  template <std::size_t N> constexpr dimension_name(char const (&literal)[N]) {
    static_assert(N <= capacity + 1, "the name of a dimension has at most 31 characters");
    for (std::size_t i = 0; i < N; ++i) characters[i] = literal[i];
  }
};
template <dimension_name Name> struct dimension {
  static constexpr dimension_name text = Name;
};

template <class T>
  requires std::is_integral_v<T>
constexpr std::int64_t extent_of(recorder&, T extent) {
  return static_cast<std::int64_t>(extent);
}
template <dimension_name Name> constexpr std::int64_t extent_of(recorder& r, dimension<Name>) {
  return r.symbol(dimension<Name>::text.characters);
}

}  // namespace expr

/// A dimension that has only a name: `input<float, dim<"batch">, 8>`. The same name is the same
/// dimension.
template <expr::dimension_name Name> inline constexpr expr::dimension<Name> dim{};
inline constexpr auto batch = dim<"batch">;

/// A parameter of the function that a network is: a tensor of `T`s of that shape.
template <class T, auto... Extents> class input : public expr::tensor<T> {
 public:
  static_assert(sizeof...(Extents) <= max_rank, "a tensor has at most 8 axes");

  constexpr explicit input(expr::recorder& r)
      : expr::tensor<T>(r, r.input({element_of<T>, {expr::extent_of(r, Extents)...}})) {}
  constexpr input() = default;  // of no network

  /// A variable that was made from an input may stand for another tensor.
  using expr::tensor<T>::operator=;
};

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {
namespace expr {

/// A name for attributes: `axis = 1`, `strides = {2, 2}`, `approximate = "tanh"`, `alpha = 0.5f`.
struct attribute_name {
  string_view text;

  constexpr named_attribute operator=(int x) const { return {text, x}; }
  constexpr named_attribute operator=(std::int64_t x) const { return {text, x}; }
  constexpr named_attribute operator=(bool x) const { return {text, x ? 1 : 0}; }
  constexpr named_attribute operator=(float x) const { return {text, x}; }
  constexpr named_attribute operator=(double x) const { return {text, static_cast<float>(x)}; }
  constexpr named_attribute operator=(char const* x) const { return {text, x}; }
  /// The numbers must live as long as the attribute: within one expression they do.
  constexpr named_attribute operator=(std::initializer_list<std::int64_t> x) const {
    return {text, x};
  }
  constexpr named_attribute operator=(span<std::int64_t const> x) const { return {text, x}; }
};

/// The name of the node that is added.
struct node_name {
  string_view text;
};

/// An input that is left out: clip(x, nothing, 6).
struct left_out {};
inline constexpr left_out nothing;

template <class T> std::true_type find_tensor(tensor<T> const&);
std::false_type find_tensor(...);
/// Tensors, and what is derived from them.
template <class T>
concept a_tensor = decltype(find_tensor(std::declval<T const&>()))::value;

template <class T>
concept a_number = std::is_arithmetic_v<T>;

/// What operators take besides: numbers become constants of the element type of the tensors.
template <class T>
concept an_argument = a_tensor<T> || a_number<T> || std::is_same_v<T, named_attribute> ||
                      std::is_same_v<T, left_out> || std::is_same_v<T, node_name>;

/// A constant of one element.
template <class T> constexpr tensor<T> scalar_of(recorder& r, T x) {
  return {r, r.constant<T>({}, span<T const>(&x, 1))};
}
/// A constant list, as operators take axes, shapes and places.
constexpr tensor<std::int64_t> list_of(recorder& r, span<std::int64_t const> numbers) {
  return {r, r.constant<std::int64_t>({static_cast<std::int64_t>(numbers.size())}, numbers)};
}
constexpr tensor<std::int64_t> list_of(recorder& r, std::initializer_list<std::int64_t> numbers) {
  return list_of(r, span<std::int64_t const>(numbers.begin(), numbers.size()));
}

/// The arguments of one node, in order, at most `Most` of each kind.
template <std::size_t Most> struct arguments {
  recorder* where = nullptr;
  std::size_t input_count = 0;
  std::size_t attribute_count = 0;
  value_id inputs[Most]{};
  named_attribute attributes[Most]{};
  string_view name{};

  /// Numbers become constants of `T`.
  template <class T, class A> constexpr void append(A const& a) {
    if constexpr (a_tensor<A>) inputs[input_count++] = a.id();
    else if constexpr (a_number<A>) {
      inputs[input_count++] = scalar_of<T>(*where, static_cast<T>(a)).id();
    } else if constexpr (std::is_same_v<A, left_out>) {
      inputs[input_count++] = no_value;
    } else if constexpr (std::is_same_v<A, node_name>) {
      name = a.text;
    } else {
      static_assert(an_argument<A>, "an operator takes tensors, numbers and attributes: axis = 1");
      attributes[attribute_count++] = a;
    }
  }
  constexpr value_id add(operator_id op, std::uint32_t outputs = 1) const {
    return where->add(op, name, span<value_id const>(inputs, input_count),
                      span<named_attribute const>(attributes, attribute_count), outputs);
  }
};

/// Where a tensor is recorded; null for what is none.
template <class A> constexpr recorder* recorder_of(A const& a) {
  if constexpr (a_tensor<A>) return &a.where();
  else return nullptr;
}
template <class... A> constexpr recorder& first_recorder(A const&... a) {
  recorder* first = nullptr;
  ((first = first == nullptr ? recorder_of(a) : first), ...);
  return *first;
}

template <class A> struct element_of_argument {
  using type = void;
};
template <a_tensor A> struct element_of_argument<A> {
  using type = typename A::element;
};
/// The element type of the tensor behind so many others.
template <int Skipped, class First, class... Rest> constexpr auto find_element() {
  if constexpr (!a_tensor<First> || Skipped > 0) {
    static_assert(sizeof...(Rest) > 0, "an operator needs a tensor of the network");
    return find_element<a_tensor<First> ? Skipped - 1 : Skipped, Rest...>();
  } else {
    return std::type_identity<typename element_of_argument<First>::type>{};
  }
}

/// What an operator makes of tensors with these elements.
template <class Operator, class... A> constexpr auto find_result() {
  if constexpr (requires { typename Operator::result_type; }) {
    return std::type_identity<typename Operator::result_type>{};
  } else if constexpr (std::is_same_v<Operator, op::cast_like>) {
    return find_element<1, A...>();
  } else {
    return find_element<inlay::detail::conditions<Operator>(), A...>();
  }
}

/// Adds a node: tensors are its inputs, numbers are too, and what names an attribute is one.
///
///     apply<op::leaky_relu>(x, alpha = 0.1f)      apply<op::clip>(x, 0, 6)
///
/// The elements of its result are of type `Result`, which follows from the operator where it is
/// void.
/// *Errors*: of the operator's type rule and of its list of attributes, as the graph's error.
template <class Operator, class Result = void, class... A>
  requires(a_tensor<A> || ...)
constexpr auto apply(A const&... a) {
  using element =
      typename decltype(find_element<inlay::detail::conditions<Operator>(), A...>())::type;
  arguments<sizeof...(A)> all{&first_recorder(a...)};
  (all.template append<element>(a), ...);
  auto const id = all.add(id_of<Operator>);
  if constexpr (std::is_void_v<Result>) {
    return tensor<typename decltype(find_result<Operator, A...>())::type>(*all.where, id);
  } else {
    return tensor<Result>(*all.where, id);
  }
}

}  // namespace expr

using expr::nothing;

/// The names of the attributes that operators have, for `using namespace inlay::attributes`.
namespace attributes {
inline constexpr expr::attribute_name allowzero{"allowzero"};
inline constexpr expr::attribute_name alpha{"alpha"};
inline constexpr expr::attribute_name approximate{"approximate"};
inline constexpr expr::attribute_name auto_pad{"auto_pad"};
inline constexpr expr::attribute_name axis{"axis"};
inline constexpr expr::attribute_name beta{"beta"};
inline constexpr expr::attribute_name ceil_mode{"ceil_mode"};
inline constexpr expr::attribute_name count_include_pad{"count_include_pad"};
inline constexpr expr::attribute_name detect_negative{"detect_negative"};
inline constexpr expr::attribute_name detect_positive{"detect_positive"};
inline constexpr expr::attribute_name dilations{"dilations"};
inline constexpr expr::attribute_name epsilon{"epsilon"};
inline constexpr expr::attribute_name gamma{"gamma"};
inline constexpr expr::attribute_name group{"group"};
inline constexpr expr::attribute_name keepdims{"keepdims"};
inline constexpr expr::attribute_name kernel_shape{"kernel_shape"};
inline constexpr expr::attribute_name mode{"mode"};
inline constexpr expr::attribute_name momentum{"momentum"};
inline constexpr expr::attribute_name noop_with_empty_axes{"noop_with_empty_axes"};
inline constexpr expr::attribute_name num_groups{"num_groups"};
inline constexpr expr::attribute_name num_outputs{"num_outputs"};
inline constexpr expr::attribute_name output_padding{"output_padding"};
inline constexpr expr::attribute_name output_shape{"output_shape"};
inline constexpr expr::attribute_name pads{"pads"};
inline constexpr expr::attribute_name perm{"perm"};
inline constexpr expr::attribute_name round_mode{"round_mode"};
inline constexpr expr::attribute_name saturate{"saturate"};
inline constexpr expr::attribute_name stash_type{"stash_type"};
inline constexpr expr::attribute_name storage_order{"storage_order"};
inline constexpr expr::attribute_name strides{"strides"};
inline constexpr expr::attribute_name to{"to"};
inline constexpr expr::attribute_name training_mode{"training_mode"};
inline constexpr expr::attribute_name transA{"transA"};
inline constexpr expr::attribute_name transB{"transB"};
}  // namespace attributes

}  // namespace inlay::inline INLAY_VERSION

// Attention, as a composition of operators.

// Layers: operators with parameters of their own, which have names.

// Arithmetic, comparisons, mathematics and activations on tensors of a network, element by element.

// A function for each operator, of the operator's inputs and attributes, in the order of
// op/list.hpp. Inputs may be tensors, which broadcast, and numbers: `max(x, 0)`, `clip(x, 0, 6)`,
// `leaky_relu(x, alpha = 0.1f)`.
namespace inlay::inline INLAY_VERSION::expr {

template <class T> constexpr auto abs(tensor<T> x) { return apply<op::abs>(x); }
template <class T> constexpr auto add(tensor<T> x, auto... a) { return apply<op::add>(x, a...); }
template <class T> constexpr auto bitwise_and(tensor<T> x, auto... a) {
  return apply<op::bitwise_and>(x, a...);
}
template <class T> constexpr auto bitwise_not(tensor<T> x) { return apply<op::bitwise_not>(x); }
template <class T> constexpr auto bitwise_or(tensor<T> x, auto... a) {
  return apply<op::bitwise_or>(x, a...);
}
template <class T> constexpr auto bitwise_xor(tensor<T> x, auto... a) {
  return apply<op::bitwise_xor>(x, a...);
}
/// The elements as `To`s.
template <class To, class T> constexpr auto cast(tensor<T> x, auto... a) {
  return apply<op::cast, To>(x, named_attribute("to", static_cast<int>(element_of<To>)), a...);
}
template <class T> constexpr auto cast_like(tensor<T> x, auto... a) {
  return apply<op::cast_like>(x, a...);
}
template <class T> constexpr auto ceil(tensor<T> x) { return apply<op::ceil>(x); }
template <class T> constexpr auto celu(tensor<T> x, auto... a) { return apply<op::celu>(x, a...); }
template <class T> constexpr auto clip(tensor<T> x, auto... a) { return apply<op::clip>(x, a...); }
template <class T> constexpr auto cos(tensor<T> x) { return apply<op::cos>(x); }
template <class T> constexpr auto div(tensor<T> x, auto... a) { return apply<op::div>(x, a...); }
template <class T> constexpr auto elu(tensor<T> x, auto... a) { return apply<op::elu>(x, a...); }
template <class T> constexpr auto equal(tensor<T> x, auto... a) {
  return apply<op::equal>(x, a...);
}
template <class T> constexpr auto erf(tensor<T> x) { return apply<op::erf>(x); }
template <class T> constexpr auto exp(tensor<T> x) { return apply<op::exp>(x); }
template <class T> constexpr auto floor(tensor<T> x) { return apply<op::floor>(x); }
template <class T> constexpr auto gelu(tensor<T> x, auto... a) { return apply<op::gelu>(x, a...); }
template <class T> constexpr auto greater(tensor<T> x, auto... a) {
  return apply<op::greater>(x, a...);
}
template <class T> constexpr auto greater_or_equal(tensor<T> x, auto... a) {
  return apply<op::greater_or_equal>(x, a...);
}
template <class T> constexpr auto hard_sigmoid(tensor<T> x, auto... a) {
  return apply<op::hard_sigmoid>(x, a...);
}
template <class T> constexpr auto hard_swish(tensor<T> x) { return apply<op::hard_swish>(x); }
template <class T> constexpr auto identity(tensor<T> x) { return apply<op::identity>(x); }
template <class T> constexpr auto is_inf(tensor<T> x, auto... a) {
  return apply<op::is_inf>(x, a...);
}
template <class T> constexpr auto is_nan(tensor<T> x) { return apply<op::is_nan>(x); }
template <class T> constexpr auto leaky_relu(tensor<T> x, auto... a) {
  return apply<op::leaky_relu>(x, a...);
}
template <class T> constexpr auto less(tensor<T> x, auto... a) { return apply<op::less>(x, a...); }
template <class T> constexpr auto less_or_equal(tensor<T> x, auto... a) {
  return apply<op::less_or_equal>(x, a...);
}
template <class T> constexpr auto log(tensor<T> x) { return apply<op::log>(x); }
template <class T> constexpr auto logical_and(tensor<T> x, auto... a) {
  return apply<op::logical_and>(x, a...);
}
template <class T> constexpr auto logical_not(tensor<T> x) { return apply<op::logical_not>(x); }
template <class T> constexpr auto logical_or(tensor<T> x, auto... a) {
  return apply<op::logical_or>(x, a...);
}
template <class T> constexpr auto logical_xor(tensor<T> x, auto... a) {
  return apply<op::logical_xor>(x, a...);
}
template <class T> constexpr auto max(tensor<T> x, auto... a) { return apply<op::max>(x, a...); }
template <class T> constexpr auto mean(tensor<T> x, auto... a) { return apply<op::mean>(x, a...); }
template <class T> constexpr auto min(tensor<T> x, auto... a) { return apply<op::min>(x, a...); }
template <class T> constexpr auto mish(tensor<T> x) { return apply<op::mish>(x); }
template <class T> constexpr auto mul(tensor<T> x, auto... a) { return apply<op::mul>(x, a...); }
template <class T> constexpr auto neg(tensor<T> x) { return apply<op::neg>(x); }
template <class T> constexpr auto pow(tensor<T> x, auto... a) { return apply<op::pow>(x, a...); }
template <class T> constexpr auto prelu(tensor<T> x, auto... a) {
  return apply<op::prelu>(x, a...);
}
template <class T> constexpr auto reciprocal(tensor<T> x) { return apply<op::reciprocal>(x); }
template <class T> constexpr auto relu(tensor<T> x) { return apply<op::relu>(x); }
template <class T> constexpr auto round(tensor<T> x) { return apply<op::round>(x); }
template <class T> constexpr auto selu(tensor<T> x, auto... a) { return apply<op::selu>(x, a...); }
template <class T> constexpr auto sigmoid(tensor<T> x) { return apply<op::sigmoid>(x); }
template <class T> constexpr auto sign(tensor<T> x) { return apply<op::sign>(x); }
template <class T> constexpr auto sin(tensor<T> x) { return apply<op::sin>(x); }
template <class T> constexpr auto softplus(tensor<T> x) { return apply<op::softplus>(x); }
template <class T> constexpr auto softsign(tensor<T> x) { return apply<op::softsign>(x); }
template <class T> constexpr auto sqrt(tensor<T> x) { return apply<op::sqrt>(x); }
template <class T> constexpr auto sub(tensor<T> x, auto... a) { return apply<op::sub>(x, a...); }
template <class T> constexpr auto sum(tensor<T> x, auto... a) { return apply<op::sum>(x, a...); }
template <class T> constexpr auto swish(tensor<T> x, auto... a) {
  return apply<op::swish>(x, a...);
}
template <class T> constexpr auto tanh(tensor<T> x) { return apply<op::tanh>(x); }
template <class T> constexpr auto thresholded_relu(tensor<T> x, auto... a) {
  return apply<op::thresholded_relu>(x, a...);
}
/// `where(x > 0, x, 0)`: of the second input where the first is true, else of the third. One of
/// these two may be a number.
template <class T, class A, class B>
  requires(a_tensor<A> || a_tensor<B>)
constexpr auto where(tensor<T> condition, A a, B b) {
  static_assert(std::is_same_v<T, bool>,
                "a condition is a tensor of truths, such as a comparison: x > 0");
  return apply<op::where>(condition, a, b);
}

/// Tensors and numbers, of which at least one is a tensor.
template <class A, class B>
concept operands = (a_tensor<A> && (a_tensor<B> || a_number<B>)) || (a_number<A> && a_tensor<B>);

template <class T> constexpr auto operator-(tensor<T> x) { return apply<op::neg>(x); }
constexpr auto operator!(tensor<bool> x) { return apply<op::logical_not>(x); }
template <class T> constexpr auto operator~(tensor<T> x) { return apply<op::bitwise_not>(x); }

template <class A, class B>
  requires operands<A, B>
constexpr auto operator+(A const& a, B const& b) {
  return apply<op::add>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator-(A const& a, B const& b) {
  return apply<op::sub>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator*(A const& a, B const& b) {
  return apply<op::mul>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator/(A const& a, B const& b) {
  return apply<op::div>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator<(A const& a, B const& b) {
  return apply<op::less>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator>(A const& a, B const& b) {
  return apply<op::greater>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator<=(A const& a, B const& b) {
  return apply<op::less_or_equal>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator>=(A const& a, B const& b) {
  return apply<op::greater_or_equal>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator==(A const& a, B const& b) {
  return apply<op::equal>(a, b);
}
template <class A, class B>
  requires operands<A, B>
constexpr auto operator!=(A const& a, B const& b) {
  return !apply<op::equal>(a, b);
}
template <class A, class B> constexpr auto operator&&(tensor<A> a, tensor<B> b) {
  static_assert(std::is_same_v<A, bool> && std::is_same_v<B, bool>,
                "&& takes two tensors of truths, such as comparisons: x > 0 && y > 0");
  return apply<op::logical_and>(a, b);
}
template <class A, class B> constexpr auto operator||(tensor<A> a, tensor<B> b) {
  static_assert(std::is_same_v<A, bool> && std::is_same_v<B, bool>,
                "|| takes two tensors of truths, such as comparisons: x > 0 || y > 0");
  return apply<op::logical_or>(a, b);
}
/// Of truths, or of the bits of integers.
template <class T> constexpr auto operator&(tensor<T> a, tensor<T> b) {
  if constexpr (std::is_same_v<T, bool>) return apply<op::logical_and>(a, b);
  else return apply<op::bitwise_and>(a, b);
}
template <class T> constexpr auto operator|(tensor<T> a, tensor<T> b) {
  if constexpr (std::is_same_v<T, bool>) return apply<op::logical_or>(a, b);
  else return apply<op::bitwise_or>(a, b);
}
template <class T> constexpr auto operator^(tensor<T> a, tensor<T> b) {
  if constexpr (std::is_same_v<T, bool>) return apply<op::logical_xor>(a, b);
  else return apply<op::bitwise_xor>(a, b);
}

template <class T, class B> constexpr tensor<T>& operator+=(tensor<T>& a, B const& b) {
  return a = a + b;
}
template <class T, class B> constexpr tensor<T>& operator-=(tensor<T>& a, B const& b) {
  return a = a - b;
}
template <class T, class B> constexpr tensor<T>& operator*=(tensor<T>& a, B const& b) {
  return a = a * b;
}
template <class T, class B> constexpr tensor<T>& operator/=(tensor<T>& a, B const& b) {
  return a = a / b;
}

}  // namespace inlay::inline INLAY_VERSION::expr

// Operators on whole tensors of a network: products, windows, shapes, reductions, normalizations.

#include <array>

// As in elementwise.hpp: a function for each operator, of the operator's inputs and attributes.
// What an operator takes as a constant list, a shape or axes, is a list here: `reshape(x, {0,
// -1})`, `reduce_sum(x, {1}, keepdims = 0)`.
namespace inlay::inline INLAY_VERSION::expr {

using numbers = std::initializer_list<std::int64_t>;

// Products and windows.
template <class T> constexpr auto average_pool(tensor<T> x, auto... a) {
  return apply<op::average_pool>(x, a...);
}
template <class T> constexpr auto conv(tensor<T> x, tensor<T> weights, auto... a) {
  return apply<op::conv>(x, weights, a...);
}
template <class T> constexpr auto conv_transpose(tensor<T> x, tensor<T> weights, auto... a) {
  return apply<op::conv_transpose>(x, weights, a...);
}
template <class T> constexpr auto gemm(tensor<T> x, auto... a) { return apply<op::gemm>(x, a...); }
template <class T> constexpr auto global_average_pool(tensor<T> x) {
  return apply<op::global_average_pool>(x);
}
template <class T> constexpr auto global_max_pool(tensor<T> x) {
  return apply<op::global_max_pool>(x);
}
template <class T> constexpr auto matmul(tensor<T> x, auto... a) {
  return apply<op::matmul>(x, a...);
}
template <class T> constexpr auto max_pool(tensor<T> x, auto... a) {
  return apply<op::max_pool>(x, a...);
}

// Normalizations.
template <class T> constexpr auto batch_normalization(tensor<T> x, auto... a) {
  return apply<op::batch_normalization>(x, a...);
}
template <class T> constexpr auto group_norm(tensor<T> x, tensor<T> scale, auto... a) {
  return apply<op::group_norm>(x, scale, a...);
}
template <class T> constexpr auto instance_norm(tensor<T> x, tensor<T> scale, auto... a) {
  return apply<op::instance_norm>(x, scale, a...);
}
template <class T> constexpr auto layer_norm(tensor<T> x, tensor<T> scale, auto... a) {
  return apply<op::layer_norm>(x, scale, a...);
}
template <class T> constexpr auto rms_norm(tensor<T> x, tensor<T> scale, auto... a) {
  return apply<op::rms_norm>(x, scale, a...);
}
/// Along an axis, the last one where none is given: softmax(x, axis = 1).
template <class T> constexpr auto softmax(tensor<T> x) {
  return apply<op::softmax>(x, named_attribute("axis", x.rank() - 1));
}
template <class T> constexpr auto softmax(tensor<T> x, named_attribute a) {
  return apply<op::softmax>(x, a);
}
template <class T> constexpr auto log_softmax(tensor<T> x) {
  return apply<op::log_softmax>(x, named_attribute("axis", x.rank() - 1));
}
template <class T> constexpr auto log_softmax(tensor<T> x, named_attribute a) {
  return apply<op::log_softmax>(x, a);
}

// Shapes.
template <class T> constexpr auto concat(tensor<T> x, auto... a) {
  return apply<op::concat>(x, a...);
}
template <class T> constexpr auto expand(tensor<T> x, numbers extents) {
  return apply<op::expand>(x, list_of(x.where(), extents));
}
template <class T> constexpr auto flatten(tensor<T> x, auto... a) {
  return apply<op::flatten>(x, a...);
}
/// The parts of x along an axis that indices choose: gather(x, indices, axis = 1).
template <class T, class Index>
constexpr auto gather(tensor<T> x, tensor<Index> indices, auto... a) {
  return apply<op::gather>(x, indices, a...);
}
/// So many elements in front of each axis, then so many behind each, of that value.
template <class T> constexpr auto pad(tensor<T> x, numbers pads, T value = {}) {
  return apply<op::pad>(x, list_of(x.where(), pads), value);
}
/// 0 keeps an extent, one -1 takes what is left.   {2, 3, 4} to {0, -1} → {2, 12}
template <class T> constexpr auto reshape(tensor<T> x, numbers extents) {
  return apply<op::reshape>(x, list_of(x.where(), extents));
}
/// [first:last:step] along an axis, as Python slices.   {2, 7} along 1 from 1 to -1 → {2, 5}
template <class T>
constexpr auto slice(tensor<T> x, std::int64_t along, std::int64_t first, std::int64_t last,
                     std::int64_t step = 1) {
  auto& r = x.where();
  auto const from = list_of(r, {first});
  auto const to = list_of(r, {last});
  auto const axes = list_of(r, {along});
  if (step == 1) return apply<op::slice>(x, from, to, axes);
  return apply<op::slice>(x, from, to, axes, list_of(r, {step}));
}
/// `Parts` tensors of one size along an axis: auto [q, k, v] = split<3>(x, 2);
template <std::size_t Parts, class T>
constexpr std::array<tensor<T>, Parts> split(tensor<T> x, std::int64_t along) {
  auto& r = x.where();
  auto const input = x.id();
  named_attribute const given[] = {{"axis", along},
                                   {"num_outputs", static_cast<std::int64_t>(Parts)}};
  auto const first = r.add(id_of<op::split>, {}, span<value_id const>(&input, 1), given, Parts);
  std::array<tensor<T>, Parts> parts;
  for (std::size_t i = 0; i < Parts; ++i) {
    parts[i] = tensor<T>(r, first + static_cast<value_id>(i));
  }
  return parts;
}
template <class T> constexpr auto squeeze(tensor<T> x) { return apply<op::squeeze>(x); }
template <class T> constexpr auto squeeze(tensor<T> x, numbers axes) {
  return apply<op::squeeze>(x, list_of(x.where(), axes));
}
/// Axis i of the result is axis permutation[i] of x; all in reverse without one.
template <class T> constexpr auto transpose(tensor<T> x) { return apply<op::transpose>(x); }
template <class T> constexpr auto transpose(tensor<T> x, numbers permutation) {
  return apply<op::transpose>(x, named_attribute("perm", permutation));
}
template <class T> constexpr auto unsqueeze(tensor<T> x, numbers axes) {
  return apply<op::unsqueeze>(x, list_of(x.where(), axes));
}

// Reductions, over all axes or over those of a list.
template <class Operator, class T> constexpr auto reduce(tensor<T> x, numbers axes, auto... a) {
  return apply<Operator>(x, list_of(x.where(), axes), a...);
}
template <class T> constexpr auto reduce_l1(tensor<T> x, auto... a) {
  return apply<op::reduce_l1>(x, a...);
}
template <class T> constexpr auto reduce_l1(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_l1>(x, axes, a...);
}
template <class T> constexpr auto reduce_l2(tensor<T> x, auto... a) {
  return apply<op::reduce_l2>(x, a...);
}
template <class T> constexpr auto reduce_l2(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_l2>(x, axes, a...);
}
template <class T> constexpr auto reduce_log_sum(tensor<T> x, auto... a) {
  return apply<op::reduce_log_sum>(x, a...);
}
template <class T> constexpr auto reduce_log_sum(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_log_sum>(x, axes, a...);
}
template <class T> constexpr auto reduce_log_sum_exp(tensor<T> x, auto... a) {
  return apply<op::reduce_log_sum_exp>(x, a...);
}
template <class T> constexpr auto reduce_log_sum_exp(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_log_sum_exp>(x, axes, a...);
}
template <class T> constexpr auto reduce_max(tensor<T> x, auto... a) {
  return apply<op::reduce_max>(x, a...);
}
template <class T> constexpr auto reduce_max(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_max>(x, axes, a...);
}
template <class T> constexpr auto reduce_mean(tensor<T> x, auto... a) {
  return apply<op::reduce_mean>(x, a...);
}
template <class T> constexpr auto reduce_mean(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_mean>(x, axes, a...);
}
template <class T> constexpr auto reduce_min(tensor<T> x, auto... a) {
  return apply<op::reduce_min>(x, a...);
}
template <class T> constexpr auto reduce_min(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_min>(x, axes, a...);
}
template <class T> constexpr auto reduce_prod(tensor<T> x, auto... a) {
  return apply<op::reduce_prod>(x, a...);
}
template <class T> constexpr auto reduce_prod(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_prod>(x, axes, a...);
}
template <class T> constexpr auto reduce_sum(tensor<T> x, auto... a) {
  return apply<op::reduce_sum>(x, a...);
}
template <class T> constexpr auto reduce_sum(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_sum>(x, axes, a...);
}
template <class T> constexpr auto reduce_sum_square(tensor<T> x, auto... a) {
  return apply<op::reduce_sum_square>(x, a...);
}
template <class T> constexpr auto reduce_sum_square(tensor<T> x, numbers axes, auto... a) {
  return reduce<op::reduce_sum_square>(x, axes, a...);
}

}  // namespace inlay::inline INLAY_VERSION::expr

// How windows slide over the images and sequences of a network.

namespace inlay::inline INLAY_VERSION::expr {

/// Along every axis of an image alike. The stride of 0 is the size of the window, for poolings, and
/// 1 for convolutions.
struct window {
  std::int64_t stride = 0;
  std::int64_t padding = 0;
  std::int64_t dilation = 1;
  std::int64_t groups = 1;  // of the channels of a convolution
  bool bias = true;         // of a convolution
};

/// The attributes of such a window, those that are not what the operator takes without them.
struct window_attributes {
  std::int64_t sizes[2]{};
  std::int64_t strides[2]{};
  std::int64_t pads[4]{};
  std::int64_t dilations[2]{};
  named_attribute list[5]{};
  std::size_t count = 0;

  constexpr void append(named_attribute const& a) { list[count++] = a; }
  constexpr void append(string_view attribute, std::int64_t const* values, int size) {
    append({attribute, span<std::int64_t const>(values, static_cast<std::size_t>(size))});
  }
};

/// One size for both axes of an image, or one for each.
template <std::int64_t... Size> constexpr shape sizes_of_window() {
  static_assert(sizeof...(Size) == 1 || sizeof...(Size) == 2,
                "a window has one size, or one for its rows and one for its columns");
  static_assert(((Size > 0) && ...), "a window has at least one row and one column");
  shape sizes{Size...};
  if (sizes.size() == 1) sizes.push_back(sizes[0]);
  return sizes;
}
/// That of a window over sequences.
template <std::int64_t Size> constexpr shape size_of_window() {
  static_assert(Size > 0, "a window has at least one element");
  return {Size};
}

/// Images [n, c, h, w]; those of one channel may have no axis for it.
///   {1, 28, 28} → {1, 1, 28, 28}
template <class T> constexpr tensor<T> images(tensor<T> x) {
  return x.rank() == 3 ? unsqueeze(x, {1}) : x;
}

/// Fills in the attributes; it must stay where it is while they are used.
constexpr void describe(window_attributes& to, shape const& sizes, window const& w, bool is_pool) {
  int const axes = sizes.size();
  bool strides = false;
  for (int i = 0; i < axes; ++i) {
    to.sizes[i] = sizes[i];
    to.strides[i] = w.stride != 0 ? w.stride : is_pool ? sizes[i] : 1;
    to.dilations[i] = w.dilation;
    to.pads[i] = to.pads[axes + i] = w.padding;
    strides = strides || to.strides[i] != 1;
  }
  // In the order of the alphabet, as files have them.
  if (w.dilation != 1) to.append("dilations", to.dilations, axes);
  if (!is_pool && w.groups != 1) to.append({"group", w.groups});
  if (is_pool) to.append("kernel_shape", to.sizes, axes);
  if (w.padding != 0) to.append("pads", to.pads, 2 * axes);
  if (strides) to.append("strides", to.strides, axes);
}

template <class Operator, class T>
constexpr tensor<T> pool(tensor<T> x, shape const& sizes, window const& w) {
  window_attributes a;
  describe(a, sizes, w, true);
  auto const input = x.id();
  auto const id = x.where().add(id_of<Operator>, {}, span<value_id const>(&input, 1),
                                span<named_attribute const>(a.list, a.count));
  return {x.where(), id};
}

/// The largest elements of windows over images, side by side where no stride is given.
///   max_pool<2>(x): {1, 8, 24, 24} → {1, 8, 12, 12}
///   max_pool<3>(x, {.stride = 2, .padding = 1}): {1, 8, 112, 112} → {1, 8, 56, 56}
template <std::int64_t... Size, class T>
  requires(sizeof...(Size) > 0)
constexpr tensor<T> max_pool(tensor<T> x, window const& w = {}) {
  return pool<op::max_pool>(images(x), sizes_of_window<Size...>(), w);
}
/// The same over sequences [n, c, w].
template <std::int64_t Size, class T>
constexpr tensor<T> max_pool1d(tensor<T> x, window const& w = {}) {
  return pool<op::max_pool>(x, size_of_window<Size>(), w);
}
/// The means of windows, likewise; of those elements that are within the image.
template <std::int64_t... Size, class T>
  requires(sizeof...(Size) > 0)
constexpr tensor<T> average_pool(tensor<T> x, window const& w = {}) {
  return pool<op::average_pool>(images(x), sizes_of_window<Size...>(), w);
}
template <std::int64_t Size, class T>
constexpr tensor<T> average_pool1d(tensor<T> x, window const& w = {}) {
  return pool<op::average_pool>(x, size_of_window<Size>(), w);
}

}  // namespace inlay::inline INLAY_VERSION::expr

// A layer "conv1" has parameters "conv1.weight", "conv1.bias", of the names and shapes that they
// have in PyTorch's state_dict. They are inputs of the network behind its own, until it is given
// weights.
namespace inlay::inline INLAY_VERSION::expr {

/// A parameter of the network, named in the open scopes: `parameter(x, "scale", {8})` beside x.
template <class T> constexpr tensor<T> parameter(tensor<T> x, name const& n, shape const& s) {
  return {x.where(), x.where().parameter({}, n.text, {element_of<T>, s})};
}
/// That of a layer.
template <class T>
constexpr tensor<T> parameter(recorder& r, name const& layer, string_view own, shape const& s) {
  return {r, r.parameter(layer.text, own, {element_of<T>, s})};
}

/// An extent that a layer depends on, as the shapes of its parameters do. One without a value is a
/// mistake, and 1.
template <class T>
constexpr std::int64_t known_extent(tensor<T> x, std::int64_t axis, name const& layer) {
  auto const extent = x.extent(axis);
  if (extent >= 0) return extent;
  x.where().fail(make_error(rule::every_dimension_must_have_a_value, "layer '", layer.text,
                            "': axis ", axis, " of its input of shape ", x.shape(),
                            " has no value, and the layer depends on it"));
  return 1;
}

/// Its weights are [outputs, inputs of a group, …], or [inputs, outputs of a group, …] where it is
/// transposed.
template <class Operator, class T>
constexpr tensor<T> convolve(tensor<T> x, name const& n, std::int64_t channels, shape const& sizes,
                             window const& w) {
  auto& r = x.where();
  auto const groups = w.groups > 0 ? w.groups : 1;
  auto const inputs = known_extent(x, 1, n);
  bool const is_transposed = std::is_same_v<Operator, op::conv_transpose>;
  shape weights{is_transposed ? inputs : channels, (is_transposed ? channels : inputs) / groups};
  for (auto const size : sizes) weights.push_back(size);
  window_attributes a;
  describe(a, sizes, w, false);
  value_id operands[] = {x.id(), parameter<T>(r, n, "weight", weights).id(), no_value};
  if (w.bias) operands[2] = parameter<T>(r, n, "bias", shape{channels}).id();
  return {r, r.add(id_of<Operator>, n.text, span<value_id const>(operands, w.bias ? 3 : 2),
                   span<named_attribute const>(a.list, a.count))};
}

/// A convolution to so many channels, with windows of that size over images [n, c, h, w], or
/// [n, h, w] of one channel.
///   conv<8, 5>(x, "conv1"): {1, 1, 28, 28} → {1, 8, 24, 24}
///   conv<64, 3>(x, "conv2", {.stride = 2, .padding = 1, .bias = false})
template <std::int64_t Channels, std::int64_t... Size, class T>
  requires(sizeof...(Size) > 0)
constexpr tensor<T> conv(tensor<T> x, name const& n, window const& w = {}) {
  static_assert(Channels > 0, "a convolution has at least one channel");
  return convolve<op::conv>(images(x), n, Channels, sizes_of_window<Size...>(), w);
}
/// The same over sequences [n, c, w].
template <std::int64_t Channels, std::int64_t Size, class T>
constexpr tensor<T> conv1d(tensor<T> x, name const& n, window const& w = {}) {
  static_assert(Channels > 0, "a convolution has at least one channel");
  return convolve<op::conv>(x, n, Channels, size_of_window<Size>(), w);
}

/// The transposed convolution to so many channels.
///   conv_transpose<4, 2>(x, "up", {.stride = 2}): {1, 8, 7, 7} → {1, 4, 14, 14}
template <std::int64_t Channels, std::int64_t... Size, class T>
  requires(sizeof...(Size) > 0)
constexpr tensor<T> conv_transpose(tensor<T> x, name const& n, window const& w = {}) {
  static_assert(Channels > 0, "a convolution has at least one channel");
  return convolve<op::conv_transpose>(images(x), n, Channels, sizes_of_window<Size...>(), w);
}
template <std::int64_t Channels, std::int64_t Size, class T>
constexpr tensor<T> conv_transpose1d(tensor<T> x, name const& n, window const& w = {}) {
  static_assert(Channels > 0, "a convolution has at least one channel");
  return convolve<op::conv_transpose>(x, n, Channels, size_of_window<Size>(), w);
}

struct dense_options {
  bool bias = true;
};

/// The same as `dense`, with a number of outputs that need not be a constant.
template <class T>
constexpr tensor<T> dense_to(std::int64_t outputs, tensor<T> x, name const& n,
                             dense_options const& o = {}) {
  auto& r = x.where();
  auto const columns = known_extent(x, -1, n);
  auto const w = parameter<T>(r, n, "weight", shape{outputs, columns});
  node_name const node{n.text};
  if (x.rank() == 2) {
    auto const flips = named_attribute("transB", 1);
    if (!o.bias) return apply<op::gemm>(x, w, flips, node);
    return apply<op::gemm>(x, w, parameter<T>(r, n, "bias", shape{outputs}), flips, node);
  }
  auto const y = apply<op::matmul>(x, transpose(w), node);
  if (!o.bias) return y;
  return y + parameter<T>(r, n, "bias", shape{outputs});
}

/// x · wᵀ + b along the last axis; w is "weight" [Outputs, columns of x].
///   dense<10>(x, "fc"): {1, 256} → {1, 10}
template <std::int64_t Outputs, class T>
constexpr tensor<T> dense(tensor<T> x, name const& n, dense_options const& o = {}) {
  static_assert(Outputs > 0, "a dense layer has at least one output");
  return dense_to(Outputs, x, n, o);
}

struct epsilon_option {
  float epsilon = 1e-5f;
};

/// Each channel by the mean and the variance that training found.
template <class T>
constexpr tensor<T> batch_norm(tensor<T> x, name const& n, epsilon_option const& o = {}) {
  auto& r = x.where();
  shape const channels{known_extent(x, 1, n)};
  auto const scale = parameter<T>(r, n, "weight", channels);
  auto const bias = parameter<T>(r, n, "bias", channels);
  auto const mean = parameter<T>(r, n, "running_mean", channels);
  auto const variance = parameter<T>(r, n, "running_var", channels);
  return apply<op::batch_normalization>(x, scale, bias, mean, variance,
                                        named_attribute("epsilon", o.epsilon), node_name{n.text});
}

/// Rows along the last axis, to mean 0 and variance 1, by "weight" and "bias".
template <class T>
constexpr tensor<T> layer_norm(tensor<T> x, name const& n, epsilon_option const& o = {}) {
  auto& r = x.where();
  shape const columns{known_extent(x, -1, n)};
  auto const scale = parameter<T>(r, n, "weight", columns);
  auto const bias = parameter<T>(r, n, "bias", columns);
  return apply<op::layer_norm>(x, scale, bias, named_attribute("axis", -1),
                               named_attribute("epsilon", o.epsilon), node_name{n.text});
}

/// Rows along the last axis, divided by their root mean square, by "weight".
template <class T>
constexpr tensor<T> rms_norm(tensor<T> x, name const& n, epsilon_option const& o = {}) {
  auto const scale = parameter<T>(x.where(), n, "weight", shape{known_extent(x, -1, n)});
  return apply<op::rms_norm>(x, scale, named_attribute("axis", -1),
                             named_attribute("epsilon", o.epsilon), node_name{n.text});
}

/// Groups of channels of each image, to mean 0 and variance 1; "weight" and "bias" by channel.
template <std::int64_t Groups, class T>
constexpr tensor<T> group_norm(tensor<T> x, name const& n, epsilon_option const& o = {}) {
  auto& r = x.where();
  shape const channels{known_extent(x, 1, n)};
  auto const scale = parameter<T>(r, n, "weight", channels);
  auto const bias = parameter<T>(r, n, "bias", channels);
  return apply<op::group_norm>(x, scale, bias, named_attribute("epsilon", o.epsilon),
                               named_attribute("num_groups", Groups), node_name{n.text});
}

/// Each channel of each image, to mean 0 and variance 1, by "weight" and "bias".
template <class T>
constexpr tensor<T> instance_norm(tensor<T> x, name const& n, epsilon_option const& o = {}) {
  auto& r = x.where();
  shape const channels{known_extent(x, 1, n)};
  auto const scale = parameter<T>(r, n, "weight", channels);
  auto const bias = parameter<T>(r, n, "bias", channels);
  return apply<op::instance_norm>(x, scale, bias, named_attribute("epsilon", o.epsilon),
                                  node_name{n.text});
}

/// The rows of "weight" [Count, Width] that indices choose.
///   embedding<30522, 768>(tokens, "word"): {1, 128} → {1, 128, 768}
template <std::int64_t Count, std::int64_t Width, class T = float, class Index>
constexpr tensor<T> embedding(tensor<Index> indices, name const& n) {
  auto const table = parameter<T>(indices.where(), n, "weight", shape{Count, Width});
  return apply<op::gather>(table, indices, node_name{n.text});
}

/// What a function of a tensor records, under names that begin with that of the scope:
/// `within("encoder", x, block)`.
template <class T, class F> constexpr auto within(name const& n, tensor<T> x, F const& f) {
  auto& r = x.where();
  auto const before = r.scope_size();
  r.open_scope(n.text);
  auto const y = f(x);
  r.close_scope(before);
  return y;
}

/// `Count` times a function of a tensor, each of what the one before returned; under the names
/// `n.0`, `n.1`, … The function may take the number as well.
template <std::int64_t Count, class T, class F>
constexpr tensor<T> repeat(name const& n, tensor<T> x, F const& f) {
  auto& r = x.where();
  auto const before = r.scope_size();
  for (std::int64_t i = 0; i < Count; ++i) {
    if (!n.text.empty()) r.open_scope(n.text);
    r.open_scope(i);
    if constexpr (requires { f(x, i); }) x = f(x, i);
    else x = f(x);
    r.close_scope(before);
  }
  return x;
}
/// The same as a function: `repeat<6>(block)(x)`.
template <std::int64_t Count, class F> constexpr auto repeat(F f) {
  return [f]<class T>(tensor<T> x) { return repeat<Count>("", x, f); };
}

}  // namespace inlay::inline INLAY_VERSION::expr

namespace inlay::inline INLAY_VERSION {
using expr::repeat;
using expr::within;
}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION::expr {

/// The columns in `Heads` parts, each with its rows together.
///   {2, 16, 64} in 4 heads → {2, 4, 16, 16}
template <std::int64_t Heads, class T> constexpr tensor<T> split_heads(tensor<T> x) {
  auto const columns = x.extent(-1);
  if (columns % Heads != 0) {
    x.where().fail(make_error(rule::channels_must_divide_into_the_groups, "the ", columns,
                              " columns of an input of shape ", x.shape(), " do not divide into ",
                              Heads, " heads"));
  }
  return transpose(reshape(x, {0, 0, Heads, columns / Heads}), {0, 2, 1, 3});
}
/// The inverse.   {2, 4, 16, 16} → {2, 16, 64}
template <class T> constexpr tensor<T> merge_heads(tensor<T> x) {
  auto const columns = x.extent(1) * x.extent(3);
  return reshape(transpose(x, {0, 2, 1, 3}), {0, 0, columns});
}

/// softmax(q · kᵀ / sqrt(d) + mask) · v, where d is the number of columns of a head.
/// *Shapes*: q [n, rows, d·Heads], k and v [n, others, d·Heads], mask one that broadcasts to
/// [n, Heads, rows, others], of what is added: 0 or so large a negative number that nothing is
/// left. The result is [n, rows, d·Heads].
/// *Source*: Vaswani et al., Attention is all you need, 2017.
template <std::int64_t Heads, class T, class... Mask>
constexpr tensor<T> attention(tensor<T> q, tensor<T> k, tensor<T> v, Mask const&... mask) {
  static_assert(sizeof...(Mask) <= 1, "an attention has one mask");
  auto const queries = split_heads<Heads>(q);
  auto const keys = split_heads<Heads>(k);
  auto const values = split_heads<Heads>(v);
  auto const scale = square_root(static_cast<double>(queries.extent(-1)));
  auto scores = matmul(queries, transpose(keys, {0, 1, 3, 2})) / static_cast<T>(scale);
  ((scores = scores + mask), ...);
  return merge_heads(matmul(softmax(scores), values));
}

/// Attention of x to itself, or to `memory`, through four dense layers, as PyTorch's
/// MultiheadAttention: "in_proj_weight" [3·columns, columns], "in_proj_bias", "out_proj.weight",
/// "out_proj.bias".
///   multi_head_attention<4>(x, "attention"): {2, 16, 64} → {2, 16, 64}
template <std::int64_t Heads, class T, class... Mask>
constexpr tensor<T> multi_head_attention(tensor<T> x, name const& n, Mask const&... mask) {
  auto& r = x.where();
  auto const columns = known_extent(x, -1, n);
  auto const weight = parameter<T>(r, n, "in_proj_weight", shape{3 * columns, columns});
  auto const bias = parameter<T>(r, n, "in_proj_bias", shape{3 * columns});
  auto const all = matmul(x, transpose(weight)) + bias;
  auto const parts = split<3>(all, -1);
  auto const y = attention<Heads>(parts[0], parts[1], parts[2], mask...);
  return within(n, y, [&](tensor<T> z) { return dense_to(columns, z, "out_proj"); });
}

}  // namespace inlay::inline INLAY_VERSION::expr

// Einstein's sums, as products of matrices.

namespace inlay::inline INLAY_VERSION::expr {

/// The letters of a tensor's axes.
class axis_labels {
 public:
  constexpr int size() const { return size_; }
  constexpr char operator[](int i) const { return letters_[i]; }
  constexpr int find(char letter) const {
    for (int i = 0; i < size_; ++i) {
      if (letters_[i] == letter) return i;
    }
    return -1;
  }
  constexpr bool has(char letter) const { return find(letter) >= 0; }
  constexpr bool push_back(char letter) {
    if (size_ == most) return false;
    letters_[size_++] = letter;
    return true;
  }
  constexpr void append(axis_labels const& other) {
    for (int i = 0; i < other.size(); ++i) push_back(other[i]);
  }
  friend constexpr bool operator==(axis_labels const& a, axis_labels const& b) {
    bool is_same = a.size_ == b.size_;
    for (int i = 0; is_same && i < a.size_; ++i) is_same = a[i] == b[i];
    return is_same;
  }

 private:
  static constexpr int most = 2 * max_rank;
  char letters_[most]{};
  int size_ = 0;
};

/// The letters of each operand, and of the result.
struct einsum_equation {
  static constexpr int most = 8;
  axis_labels operands[most]{};
  int count = 0;
  axis_labels result{};
  error mistake{};
};

constexpr error einsum_error(string_view text, string_view what) {
  return make_error(rule::an_attribute_must_be_in_range, "einsum '", text, "': ", what);
}

/// Without an arrow the result has the letters that stand once, in their order.
constexpr einsum_equation parse_einsum(string_view text) {
  einsum_equation e;
  bool is_result = false;
  bool has_arrow = false;
  e.count = 1;
  for (std::size_t i = 0; i < text.size() && !e.mistake; ++i) {
    auto const c = text[i];
    auto& labels = is_result ? e.result : e.operands[e.count - 1];
    if (c == ' ') continue;
    if (c == ',' && !is_result && e.count < einsum_equation::most) ++e.count;
    else if (c == '-' && i + 1 < text.size() && text[i + 1] == '>' && !is_result) {
      is_result = has_arrow = true;
      ++i;
    } else if (inlay::detail::is_letter(c) && c != '_') {
      if (labels.has(c)) e.mistake = einsum_error(text, "a letter stands twice in one tensor");
      labels.push_back(c);
    } else {
      e.mistake = einsum_error(text, "letters, commas and one arrow are expected");
    }
  }
  for (int letter = 'A'; letter <= 'z'; ++letter) {
    auto const c = static_cast<char>(letter);
    int times = 0;
    for (int i = 0; i < e.count; ++i) times += e.operands[i].has(c) ? 1 : 0;
    if (!has_arrow && times == 1) e.result.push_back(c);
    if (times == 0 && e.result.has(c)) {
      e.mistake = einsum_error(text, "the result has a letter that no operand has");
    }
  }
  return e;
}

/// A tensor whose axes have letters.
template <class T> struct labelled {
  tensor<T> x;
  axis_labels labels;

  /// Axes in this order, of the same letters.
  constexpr void arrange(axis_labels const& to) {
    if (labels == to) return;
    std::int64_t order[max_rank]{};
    for (int i = 0; i < to.size() && i < max_rank; ++i) order[i] = labels.find(to[i]);
    x = apply<op::transpose>(
        x, named_attribute("perm",
                           span<std::int64_t const>(order, static_cast<std::size_t>(to.size()))));
    labels = to;
  }
  /// Without the axes whose letters are not needed.
  template <class Needed> constexpr void sum_others(Needed const& is_needed) {
    std::int64_t axes[max_rank]{};
    std::size_t count = 0;
    axis_labels kept;
    for (int i = 0; i < labels.size() && i < max_rank; ++i) {
      if (is_needed(labels[i])) kept.push_back(labels[i]);
      else axes[count++] = i;
    }
    if (count == 0) return;
    x = apply<op::reduce_sum>(x, list_of(x.where(), span<std::int64_t const>(axes, count)),
                              named_attribute("keepdims", 0));
    labels = kept;
  }
  constexpr std::int64_t extent(char letter) const {
    auto const& s = x.shape();
    int const axis = labels.find(letter);
    return axis < 0 || axis >= s.size() ? 1 : s[axis];
  }
};

/// A shape out of runs of axes: each stays as it is, or is as many axes as the run has.
template <class T> class reshaping {
 public:
  constexpr explicit reshaping(recorder& r) : recorder_(&r) {}
  /// The first so many axes stay.
  constexpr void keep(int count) {
    for (int i = 0; i < count; ++i) to_.push_back(0);
  }
  constexpr void join(labelled<T> const& x, axis_labels const& run) {
    std::int64_t product = 1;
    for (int i = 0; i < run.size(); ++i) product = times(product, x.extent(run[i]));
    to_.push_back(product);
  }
  constexpr void separate(labelled<T> const& x, axis_labels const& run) {
    for (int i = 0; i < run.size(); ++i) to_.push_back(times(1, x.extent(run[i])));
  }
  constexpr tensor<T> of(tensor<T> x) const {
    int open = 0;
    for (auto const extent : to_) open += extent == -1 ? 1 : 0;
    if (open > 1) {
      recorder_->fail(make_error(rule::every_dimension_must_have_a_value,
                                 "an einsum joins several axes of ", x.shape(),
                                 " without a value"));
    }
    return apply<op::reshape>(x, list_of(*recorder_, to_));
  }

 private:
  /// -1 where one has no value.
  static constexpr std::int64_t times(std::int64_t a, std::int64_t b) {
    return a < 0 || b < 0 ? -1 : a * b;
  }
  recorder* recorder_;
  vector<std::int64_t> to_;
};

/// The sum of products over the letters that are not needed any more.
template <class T, class Needed>
constexpr labelled<T> contract(labelled<T> a, labelled<T> b, Needed const& is_needed) {
  a.sum_others([&](char c) { return b.labels.has(c) || is_needed(c); });
  b.sum_others([&](char c) { return a.labels.has(c) || is_needed(c); });
  axis_labels batch;
  axis_labels left;
  axis_labels summed;
  axis_labels right;
  for (int i = 0; i < a.labels.size(); ++i) {
    auto const c = a.labels[i];
    if (!b.labels.has(c)) left.push_back(c);
    else if (is_needed(c)) batch.push_back(c);
    else summed.push_back(c);
  }
  for (int i = 0; i < b.labels.size(); ++i) {
    if (!a.labels.has(b.labels[i])) right.push_back(b.labels[i]);
  }
  auto rows = batch;
  rows.append(left);
  rows.append(summed);
  auto columns = batch;
  columns.append(summed);
  columns.append(right);
  a.arrange(rows);
  b.arrange(columns);
  auto& r = a.x.where();
  auto x = a.x;
  auto y = b.x;
  if (left.size() != 1 || summed.size() != 1) {
    reshaping<T> to(r);
    to.keep(batch.size());
    to.join(a, left);
    to.join(a, summed);
    x = to.of(x);
  }
  if (right.size() != 1 || summed.size() != 1) {
    reshaping<T> to(r);
    to.keep(batch.size());
    to.join(b, summed);
    to.join(b, right);
    y = to.of(y);
  }
  labelled<T> product{matmul(x, y), batch};
  product.labels.append(left);
  product.labels.append(right);
  if (left.size() != 1 || right.size() != 1) {
    reshaping<T> to(r);
    to.keep(batch.size());
    to.separate(a, left);
    to.separate(b, right);
    product.x = to.of(product.x);
  }
  return product;
}

/// Whether each tensor has the axes that the equation says, of one extent for each letter.
template <class T, std::size_t N>
constexpr error check_einsum(string_view text, einsum_equation const& e,
                             labelled<T> const (&operands)[N]) {
  for (auto const& a : operands) {
    if (a.x.rank() != a.labels.size()) {
      return make_error(rule::the_rank_must_match_the_operator, "einsum '", text,
                        "': a tensor of shape ", a.x.shape(), " has ", a.labels.size(), " letters");
    }
    for (auto const& b : operands) {
      for (int i = 0; i < b.labels.size(); ++i) {
        auto const c = b.labels[i];
        auto const one = a.extent(c);
        auto const other = b.extent(c);
        if (!a.labels.has(c) || one == other || one < 0 || other < 0) continue;
        char const letter[] = {c, '\0'};
        return make_error(rule::shapes_must_broadcast, "einsum '", text, "': '",
                          string_view(letter, 1), "' is ", one, " and ", other);
      }
    }
  }
  return e.mistake;
}

/// Einstein's sum: einsum("bij,bjk->bik", x, y) is a product of matrices. A letter names an axis;
/// letters that the result does not have are summed over.
/// *Errors*: letters that do not fit the tensors; one twice in a tensor; an ellipsis.
/// *Costs*: a product of matrices for each operand but the first.
template <class T, class... Rest>
constexpr tensor<T> einsum(string_view equation, tensor<T> x, Rest... rest) {
  constexpr auto count = static_cast<int>(sizeof...(Rest)) + 1;
  static_assert((std::is_same_v<typename Rest::element, T> && ...),
                "the tensors of an einsum have elements of one type");
  auto& r = x.where();
  auto const e = parse_einsum(equation);
  labelled<T> operands[] = {{x, {}}, {rest, {}}...};
  error mistake = e.mistake;
  if (!mistake && e.count != count) {
    mistake = make_error(rule::the_number_of_inputs_must_match_the_operator, "einsum '", equation,
                         "' is of ", e.count, " tensors, and has ", count);
  }
  if (!mistake) {
    for (int i = 0; i < count; ++i) operands[i].labels = e.operands[i];
    mistake = check_einsum(equation, e, operands);
  }
  if (mistake) {
    r.fail(mistake);
    return x;
  }
  auto all = operands[0];
  for (int i = 1; i < count; ++i) {
    all = contract(all, operands[i], [&](char c) {
      bool is_needed = e.result.has(c);
      for (int k = i + 1; k < count; ++k) is_needed = is_needed || e.operands[k].has(c);
      return is_needed;
    });
  }
  all.sum_others([&](char c) { return e.result.has(c); });
  all.arrange(e.result);
  return all.x;
}

}  // namespace inlay::inline INLAY_VERSION::expr

// A network as a function on tensors, which is recorded where its graph is asked for.

// Where the weights of a network come from.

namespace inlay::inline INLAY_VERSION {

namespace expr {

/// The graph whose constants the weights are: itself, or what it makes when it is called.
template <class Weights> constexpr graph graph_of_weights(Weights const& w) {
  if constexpr (requires { w(); }) return w();
  else return w;
}

/// An array, of arrays or of elements, under the name of a parameter.
template <class Array> struct named_array {
  string_view name;
  Array const* elements;
};

template <class Array> constexpr void append_extents(shape& to) {
  if constexpr (std::is_array_v<Array>) {
    to.push_back(static_cast<std::int64_t>(std::extent_v<Array>));
    append_extents<std::remove_extent_t<Array>>(to);
  }
}
template <class T, class Array> constexpr void append_elements(vector<T>& to, Array const& from) {
  if constexpr (std::is_array_v<Array>) {
    for (auto const& part : from) append_elements(to, part);
  } else {
    to.push_back(from);
  }
}
template <class Array> constexpr void add_array(builder& b, named_array<Array> const& a) {
  using element = std::remove_all_extents_t<Array>;
  shape s;
  append_extents<Array>(s);
  vector<element> elements;
  append_elements(elements, *a.elements);
  b.constant<element>(a.name, s, span<element const>(elements.data(), elements.size()));
}

/// Arrays as weights.
template <class... Array> struct arrays {
  pack<named_array<Array>...> all;

  constexpr graph operator()() const {
    builder b;
    apply_pack([&](auto const&... a) { (add_array(b, a), ...); }, all);
    return b.finish();
  }
};

}  // namespace expr

/// An array of the program as the weight of that name: `named("fc.bias", bias)`.
template <class T, std::size_t N>
constexpr expr::named_array<T[N]> named(string_view name, T const (&elements)[N]) {
  return {name, &elements};
}

/// Weights out of the program's arrays, which outlive them:
///
///     net.with(weights(named("fc.weight", w), named("fc.bias", b)))
///
/// An array of arrays has the shape of its extents.
template <class... Array>
constexpr expr::arrays<Array...> weights(expr::named_array<Array> const&... all) {
  return {pack<expr::named_array<Array>...>(all...)};
}

}  // namespace inlay::inline INLAY_VERSION

// Gives the parameters of a network their elements.

namespace inlay::inline INLAY_VERSION {

namespace detail {

/// How many characters must be changed, added or removed to make one text of the other; counted up
/// to the length of the longer one, of the first 63 characters.   *Source*: Levenshtein, 1966.
constexpr int distance_between(string_view a, string_view b) {
  constexpr std::size_t most = 63;
  auto const rows = a.size() < most ? a.size() : most;
  auto const columns = b.size() < most ? b.size() : most;
  int row[most + 1]{};
  for (std::size_t k = 0; k <= columns; ++k) row[k] = static_cast<int>(k);
  for (std::size_t i = 1; i <= rows; ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i);
    for (std::size_t k = 1; k <= columns; ++k) {
      int const above = row[k];
      int best = diagonal + (a[i - 1] == b[k - 1] ? 0 : 1);
      if (above + 1 < best) best = above + 1;
      if (row[k - 1] + 1 < best) best = row[k - 1] + 1;
      diagonal = above;
      row[k] = best;
    }
  }
  return row[columns];
}

/// Adds the name that looks most like this one, of those for which `is_one(value)` holds.
template <class IsOne>
constexpr void add_nearest(error& e, vector<value> const& values, string_view name, IsOne is_one) {
  string_view nearest;
  int least = 0;
  for (auto const& v : values) {
    if (v.name.empty() || !is_one(v)) continue;
    auto const distance = distance_between(name, v.name);
    if (!nearest.empty() && distance >= least) continue;
    nearest = v.name;
    least = distance;
  }
  if (nearest.empty()) e.text << "; they have no names";
  else e.text << "; the nearest name there is '" << nearest << "'";
}

/// "the parameter 'conv1.weight' of shape 8x1x5x5 is not among the weights; the nearest name there
/// is 'conv1.wieght'"
template <class Graph>
constexpr error no_such_weight(Graph const& weights, string_view name, shape const& wanted) {
  auto e = make_error(rule::a_parameter_must_be_among_the_weights, "the parameter '", name,
                      "' of shape ", wanted, " is not among the weights");
  add_nearest(e, weights.values, name, [](value const& v) { return v.constant != not_constant; });
  return e;
}

/// Copies a constant of another graph, whose view stays one.
template <class Graph>
constexpr std::uint32_t copy_constant(Graph& g, graph const& from, constant c) {
  if (c.stored_size != 0) {
    auto const bytes = from.bytes_of(c);
    c.stored_at = g.storage.size();
    g.storage.append(bytes.data(), bytes.size());
  }
  g.constants.push_back(c);
  return static_cast<std::uint32_t>(g.constants.size() - 1);
}

template <class Graph>
constexpr error bind_parameter(Graph& g, value& v, graph const& weights, value_id found) {
  if (found == no_value) return no_such_weight(weights, v.name, v.type.shape);
  auto const& weight = weights.values[found];
  auto const& c = weights.constants[weight.constant];
  if (!(weight.type == v.type)) {
    return make_error(rule::a_weight_must_have_the_type_of_its_parameter, "the parameter '", v.name,
                      "' is ", v.type.element, " of shape ", v.type.shape, ", the weight is ",
                      weight.type.element, " of shape ", weight.type.shape);
  }
  if (c.external != not_external || c.sparse_values != no_value) {
    return make_error(rule::external_data_must_be_read, "the weight '", v.name,
                      "' has no elements here");
  }
  v.constant = copy_constant(g, weights, c);
  return {};
}

}  // namespace detail

/// Inputs from the `first` on become constants: each that of its name in another graph, an ONNX
/// file's for instance. Elements that are views of a file stay so.
///   before   inputs %0 'image', %1 'fc.weight'     after   input %0 'image', constant %1
///   'fc.weight'
/// *Errors*: no constant of that name; one of another element type or shape.
template <class Graph>
constexpr Graph bind_parameters(Graph g, std::size_t first, graph const& weights) {
  if (weights.failure) g.fail(weights.failure);
  if (g.failure) return g;
  index_table names;
  for (value_id id = 0; id < weights.values.size(); ++id) {
    auto const& v = weights.values[id];
    if (v.constant == not_constant || v.name.empty()) continue;
    auto const hash = hash_text(v.name);
    auto const is_same = [&](std::uint32_t i) { return weights.values[i].name == v.name; };
    if (names.find(hash, is_same) == index_table::absent) names.insert(hash, id);
  }
  for (std::size_t i = first; i < g.inputs.size() && !g.failure; ++i) {
    auto& v = g.values[g.inputs[i]];
    auto const found = names.find(
        hash_text(v.name), [&](std::uint32_t id) { return weights.values[id].name == v.name; });
    if (auto const e = detail::bind_parameter(g, v, weights, found)) g.fail(e);
  }
  if (!g.failure && first < g.inputs.size()) g.inputs.truncate(first);
  return g;
}

}  // namespace inlay::inline INLAY_VERSION

namespace inlay::inline INLAY_VERSION {

namespace expr {

template <class... Input> struct input_list {
  static constexpr std::size_t size = sizeof...(Input);
};

template <class T> std::false_type find_input(T const&);
template <class T, auto... Extents> std::true_type find_input(input<T, Extents...> const&);
template <class T>
concept an_input = decltype(find_input(std::declval<std::remove_cvref_t<T>>()))::value;

template <class R, class F, bool N, class... A>
input_list<std::remove_cvref_t<A>...> inputs_of(R (F::*)(A...) const noexcept(N));
template <class R, class F, bool N, class... A>
input_list<std::remove_cvref_t<A>...> inputs_of(R (F::*)(A...) noexcept(N));
template <class R, bool N, class... A>
input_list<std::remove_cvref_t<A>...> inputs_of(R (*)(A...) noexcept(N));

template <class F> constexpr auto find_inputs() {
  if constexpr (std::is_pointer_v<F>) return decltype(inputs_of(F{})){};
  else if constexpr (requires { &F::operator(); }) return decltype(inputs_of(&F::operator())){};
  else {
    static_assert(
        requires { &F::operator(); },
        "the parameters of a network have types: input<float, 1, 8>, not auto");
    return input_list<>{};
  }
}

/// "input", or "input0", "input1", … where there are several.
constexpr string_view port_name(bool is_input, std::size_t index, std::size_t count) {
  constexpr string_view inputs[] = {"input0", "input1", "input2", "input3",
                                    "input4", "input5", "input6", "input7"};
  constexpr string_view outputs[] = {"output0", "output1", "output2", "output3",
                                     "output4", "output5", "output6", "output7"};
  if (count == 1) return is_input ? "input" : "output";
  if (index >= 8) return {};
  return is_input ? inputs[index] : outputs[index];
}

constexpr void name_port(recorder& r, bool is_input, value_id id, std::size_t index,
                         std::size_t count) {
  if (r.unfinished().values[id].name.empty()) {
    r.name_port(id, port_name(is_input, index, count));
  }
}

/// Makes the outputs of the graph of what the function of a network returned.
template <class R> constexpr void record_outputs(recorder& r, R const& result) {
  if constexpr (a_tensor<R>) {
    name_port(r, false, result.id(), 0, 1);
    r.output(result.id());
  } else {
    constexpr bool is_several = requires { std::tuple_size<R>::value; };
    static_assert(is_several, "a network returns a tensor, or several of them: inlay::pack{a, b}");
    if constexpr (is_several) {
      constexpr auto count = std::tuple_size<R>::value;
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((name_port(r, false, get<I>(result).id(), I, count), r.output(get<I>(result).id())), ...);
      }(std::make_index_sequence<count>{});
    }
  }
}

template <class F, class... Input> constexpr recording record(F const& f, input_list<Input...>) {
  static_assert((an_input<Input> && ...),
                "the parameters of a network are inputs: input<float, 1, 28, 28>");
  static_assert(!std::is_void_v<std::invoke_result_t<F const&, Input...>>,
                "a network returns a tensor, or several of them: inlay::pack{a, b}");
  recorder r;
  pack<Input...> const inputs{Input(r)...};
  r.end_inputs();
  auto const result = apply_pack(f, inputs);
  std::size_t index = 0;
  apply_pack([&](auto const&... x) { (name_port(r, true, x.id(), index++, sizeof...(x)), ...); },
             inputs);
  record_outputs(r, result);
  return r.finish();
}

/// The names of a network that no literal holds, as one constant. The network is recorded once
/// where they are short, else once more.
template <class F, class Inputs> class static_names {
  static constexpr std::size_t short_size = 16 * 1024;
  struct short_text {
    char characters[short_size]{};
    std::size_t size = 0;
    member_sizes<graph_arrays> graph_sizes;
  };
  static constexpr short_text first = [] {
    short_text copy;
    auto r = inlay::detail::call_in_constant([] { return record(F{}, Inputs{}); });
    copy.size = r.text_size();
    copy.graph_sizes = inlay::detail::sizes_of<graph_arrays>(r.result, graph_arrays{});
    // Each parameter becomes a constant where there are weights.
    copy.graph_sizes.template get<&graph::constants>() += r.result.inputs.size();
    if (copy.size <= short_size) r.copy_text(copy.characters);
    return copy;
  }();

 public:
  static constexpr frozen_vector<char, first.size> text = [] {
    frozen_vector<char, first.size> copy;
    if constexpr (first.size <= short_size) {
      for (std::size_t i = 0; i < first.size; ++i) copy.elements[i] = first.characters[i];
    } else {
      inlay::detail::call_in_constant([] {
        return record(F{}, Inputs{});
      }).copy_text(copy.elements);
    }
    return copy;
  }();
  /// Of the graph, which is no larger but for the elements of weights that the program computes.
  static constexpr member_sizes<graph_arrays> graph_sizes = first.graph_sizes;
};

/// No weights: the parameters stay inputs.
struct no_weights {};

}  // namespace expr

/// A network that a function on tensors describes; see `network`.
template <class F, class Weights = expr::no_weights> class expression_network {
  using inputs = decltype(expr::find_inputs<F>());
  static constexpr bool has_no_captures = std::is_empty_v<F> && std::is_default_constructible_v<F>;

 public:
  static constexpr std::size_t max_dimensions = 8;
  /// How many inputs it has that are no parameters.
  static constexpr std::size_t input_count = inputs::size;
  /// How many elements the members of its graph have at most, as a rule.
  static constexpr member_sizes<graph_arrays> expected_sizes()
    requires has_no_captures
  {
    return expr::static_names<F, inputs>::graph_sizes;
  }

  constexpr explicit expression_network(F f, Weights w = {}) : function_(f), weights_(w) {}

  /// The graph. Parameters are its last inputs, or constants where there are weights.
  /// *Errors*: `failure` of the graph.
  template <class Graph = graph> constexpr Graph operator()() const {
    auto g = recorded();
    if constexpr (!std::is_same_v<Weights, expr::no_weights>) {
      g = bind_parameters(std::move(g), input_count, expr::graph_of_weights(weights_));
    }
    if (dimension_count_ > max_dimensions) {
      g.fail(make_error(rule::at_most_8_dimensions_can_be_given, dimension_count_,
                        " dimensions are given values; at most ", max_dimensions, " can be"));
    }
    auto const count = dimension_count_ < max_dimensions ? dimension_count_ : max_dimensions;
    return bind_dimensions(std::move(g), span<dimension_value const>(dimensions_, count));
  }

  /// The same network with weights for its parameters: an ONNX file, `array_weights`, or a graph
  /// whose constants have the parameters' names.
  template <class W> constexpr expression_network<F, W> with(W weights) const {
    expression_network<F, W> other(function_, std::move(weights));
    other.take_dimensions(dimensions_, dimension_count_);
    return other;
  }
  /// The same network with values for dimensions that have only names.
  constexpr expression_network with_dimensions(
      std::initializer_list<dimension_value> dimensions) const {
    auto other = *this;
    other.take_dimensions(dimensions.begin(), dimensions.size());
    return other;
  }

  constexpr void take_dimensions(dimension_value const* first, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, ++dimension_count_) {
      if (dimension_count_ < max_dimensions) dimensions_[dimension_count_] = first[i];
    }
  }

 private:
  constexpr graph recorded() const {
    auto r = expr::record(function_, inputs{});
    if constexpr (has_no_captures) {
      r.move_text(expr::static_names<F, inputs>::text.elements);
    } else {
      shared_text text(r.text_size());
      r.copy_text(text.data());
      r.move_text(text.data());
      r.result.names = text;
    }
    return std::move(r.result);
  }

  [[no_unique_address]] F function_;
  [[no_unique_address]] Weights weights_;
  dimension_value dimensions_[max_dimensions]{};
  std::size_t dimension_count_ = 0;  // as the caller gave them
};

/// The network that a function on tensors describes:
///
///     inline constexpr auto net = inlay::network([](inlay::input<float, 1, 28, 28> image) {
///       auto x = max_pool<2>(relu(conv<8, 5>(image, "conv1")));
///       return softmax(dense<10>(flatten(x), "fc"));
///     });
///
/// It is what `inlay::onnx` is: `net()` is its graph, `inlay::model<net>` runs it. As a constant it
/// takes a function without captures.
template <class F> constexpr expression_network<F> network(F f) { return expression_network<F>(f); }

}  // namespace inlay::inline INLAY_VERSION

// Recurrent layers over sequences of a known length, as compositions of operators.

// Parameters are those of PyTorch's layers of one level and one direction: "weight_ih_l0",
// "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", with the gates one after the other. They start from
// the state that they are given, else from zeros.
// *Shapes*: x {n, steps, columns}, state {n, 1, Hidden} → {n, steps, Hidden}, the state after each
// step.
namespace inlay::inline INLAY_VERSION::expr {

/// Whether a state stands for zeros, that no value has.
template <class T> constexpr bool is_zero(tensor<T> state) { return state.id() == no_value; }

/// What the cells of a recurrent layer of so many gates share.
template <class T> class recurrence {
 public:
  constexpr recurrence(tensor<T> x, name const& n, std::int64_t gates, std::int64_t hidden)
      : steps_(known_extent(x, 1, n)) {
    auto& r = x.where();
    auto const rows = gates * hidden;
    auto const w = parameter<T>(r, n, "weight_ih_l0", shape{rows, known_extent(x, 2, n)});
    weight_ = transpose(parameter<T>(r, n, "weight_hh_l0", shape{rows, hidden}));
    inputs_ = matmul(x, transpose(w)) + parameter<T>(r, n, "bias_ih_l0", shape{rows});
    bias_ = parameter<T>(r, n, "bias_hh_l0", shape{rows});
  }

  /// `cell(x, h, state)` of each step's gates, those of the input and those of the state before,
  /// makes the state. Where it starts from zeros, the first `state` is none.
  template <class Cell> constexpr tensor<T> run(tensor<T> state, Cell&& cell) const {
    vector<value_id> states;
    for (std::int64_t i = 0; i < steps_; ++i) {
      auto const x = slice(inputs_, 1, i, i + 1);
      auto h = bias_;
      if (!is_zero(state)) h = matmul(state, weight_) + bias_;
      state = cell(x, h, state);
      states.push_back(state.id());
    }
    auto& r = inputs_.where();
    named_attribute const along[] = {{"axis", 1}};
    return {r, r.add(id_of<op::concat>, {}, states, along)};
  }

 private:
  std::int64_t steps_;
  tensor<T> weight_;
  tensor<T> inputs_;
  tensor<T> bias_;
};

/// h = tanh(x + h), each through its weights.                                    *Source*: Elman,
/// 1990.
template <std::int64_t Hidden, class T>
constexpr tensor<T> rnn(tensor<T> x, name const& n, tensor<T> state = {}) {
  return recurrence<T>(x, n, 1, Hidden).run(state, [](auto input, auto hidden, auto) {
    return tanh(input + hidden);
  });
}

/// Gates input, forget, cell, output. Starts from the state and the cell {n, 1, Hidden}; returns
/// the state after each step, and the cell after the last.
/// *Source*: Hochreiter and Schmidhuber, 1997; Gers, 2000.
template <std::int64_t Hidden, class T>
constexpr pack<tensor<T>, tensor<T>> lstm(tensor<T> x, name const& n, tensor<T> state,
                                          tensor<T> cell) {
  auto const states = recurrence<T>(x, n, 4, Hidden).run(state, [&](auto input, auto hidden, auto) {
    auto const [i, f, g, o] = split<4>(input + hidden, 2);
    auto const added = sigmoid(i) * tanh(g);
    if (is_zero(cell)) cell = added;
    else cell = sigmoid(f) * cell + added;
    return sigmoid(o) * tanh(cell);
  });
  return pack<tensor<T>, tensor<T>>(states, cell);
}
/// The same from zeros; the state after each step.
template <std::int64_t Hidden, class T> constexpr tensor<T> lstm(tensor<T> x, name const& n) {
  return get<0>(lstm<Hidden>(x, n, tensor<T>(), tensor<T>()));
}

/// Gates reset, update, new; the reset gate works behind the weights.     *Source*: Cho et al.,
/// 2014.
template <std::int64_t Hidden, class T>
constexpr tensor<T> gru(tensor<T> x, name const& n, tensor<T> state = {}) {
  return recurrence<T>(x, n, 3, Hidden).run(state, [](auto input, auto hidden, auto before) {
    auto const [xr, xz, xn] = split<3>(input, 2);
    auto const [hr, hz, hn] = split<3>(hidden, is_zero(before) ? 0 : 2);
    auto const update = sigmoid(xz + hz);
    auto const next = tanh(xn + sigmoid(xr + hr) * hn);
    if (is_zero(before)) return (1 - update) * next;
    return (1 - update) * next + update * before;
  });
}

}  // namespace inlay::inline INLAY_VERSION::expr
