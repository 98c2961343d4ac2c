// The rules that models, files and calls keep. Compilers print them, so each reads as a clause.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "inlay/core/error.hpp"

namespace inlay::inline INLAY_VERSION {

enum class rule : std::uint16_t {
  none = 0,

  // files
  the_file_must_be_readable,
  the_file_must_be_smaller_than_2_gib,
  the_file_must_not_be_truncated,
  a_field_must_have_the_wire_type_of_the_format,
  a_field_must_have_a_number_of_the_format,
  a_number_must_fit_in_64_bits,
  messages_must_nest_at_most_64_deep,
  the_file_must_hold_a_graph,
  a_graph_must_have_at_most_1048576_parts,
  a_graph_must_have_at_most_262144_nameless_parts,
  the_ir_version_must_be_supported,
  the_opset_must_be_supported,
  a_name_must_not_be_empty,
  an_input_must_be_a_tensor,
  an_attribute_must_have_a_value,
  an_attribute_must_hold_what_its_type_says,
  a_tensor_must_hold_as_many_bytes_as_its_shape,
  a_tensor_must_hold_its_elements_in_the_field_of_its_type,
  an_element_must_fit_its_type,
  external_data_must_have_a_location,
  external_data_must_have_decimal_numbers,
  external_data_must_lie_in_its_file,
  external_data_must_be_read,
  external_data_must_stay_beneath_the_model,
  segments_are_not_supported,
  sparse_tensors_are_not_supported,
  the_text_must_follow_the_grammar,

  // graphs
  a_name_must_be_defined_once,
  a_name_must_be_defined_before_it_is_used,
  a_graph_must_have_an_output,
  a_shape_must_have_at_most_8_axes,
  an_extent_must_not_be_negative,
  a_tensor_must_fit_in_memory,
  the_arena_must_fit_in_memory,
  every_dimension_must_have_a_value,
  a_dimension_must_be_a_number_or_an_expression,
  an_index_must_be_in_range,
  a_body_must_be_held_once,
  bodies_must_nest_at_most_64_deep,
  nodes_of_a_body_must_stand_behind_those_of_bodies_in_it,
  a_function_must_be_defined_once,
  only_attributes_in_functions_may_refer_to_others,
  a_reference_must_name_an_attribute_of_its_function,
  a_container_must_stand_behind_what_it_holds,
  containers_must_nest_at_most_64_deep,
  keys_of_a_map_must_be_integers_or_strings,
  sparse_and_opaque_types_must_be_innermost,
  a_tensor_of_strings_must_hold_as_many_texts_as_its_shape,
  a_sparse_tensor_must_hold_its_values_and_their_indices,

  // operators
  the_operator_must_be_supported,
  the_form_of_the_operator_must_be_supported,
  the_element_type_must_be_supported,
  the_number_of_inputs_must_match_the_operator,
  the_number_of_outputs_must_match_the_operator,
  an_attribute_must_have_the_type_of_the_operator,
  an_attribute_must_be_in_range,
  element_types_of_the_inputs_must_agree,
  the_rank_must_match_the_operator,
  the_axis_must_be_within_the_rank,
  columns_of_left_must_equal_rows_of_right,
  channels_of_the_input_must_match_the_weights,
  channels_must_divide_into_the_groups,
  the_window_must_fit_into_the_padded_input,
  the_bias_must_have_one_element_a_channel,
  the_statistics_must_have_one_element_a_channel,
  the_window_must_have_the_shape_of_the_weights,
  shapes_must_broadcast,
  the_number_of_elements_must_stay,
  the_shape_must_be_a_constant,
  the_declared_type_must_equal_the_inferred,

  // calls
  the_input_must_have_the_shape_of_the_model,
  the_dimension_must_be_in_the_model,
  the_value_of_a_dimension_must_be_at_least_1,
  at_most_8_dimensions_can_be_given,
  every_input_of_the_model_must_be_given,
  an_input_must_be_given_once,
  the_input_must_be_in_the_model,
  the_input_must_have_the_element_type_of_the_model,
  there_must_be_memory_for_the_model,
  the_code_must_be_compiled,
  the_cache_must_be_a_folder_of_the_user,

  // networks as expressions
  a_parameter_must_be_among_the_weights,
  a_weight_must_have_the_type_of_its_parameter,
  a_parameter_must_be_in_the_network,

  // what a file may hold besides tensors and nodes
  an_input_must_have_a_type,
  indices_of_a_sparse_tensor_must_be_in_range,
  functions_must_be_called_as_they_are_declared,
  functions_must_not_call_themselves,
  calls_must_nest_at_most_64_deep,
  functions_must_come_to_at_most_262144_nodes,
};

/// Whether a file that breaks the rule may be right, and asks for more than there is.
constexpr bool is_about_support(rule broken) {
  switch (broken) {
    case rule::messages_must_nest_at_most_64_deep:
    case rule::the_ir_version_must_be_supported:
    case rule::the_opset_must_be_supported:
    case rule::an_input_must_be_a_tensor:
    case rule::segments_are_not_supported:
    case rule::sparse_tensors_are_not_supported:
    case rule::a_shape_must_have_at_most_8_axes:
    case rule::the_operator_must_be_supported:
    case rule::the_form_of_the_operator_must_be_supported:
    case rule::the_element_type_must_be_supported:
    case rule::the_shape_must_be_a_constant: return true;
    default: return false;
  }
}

}  // namespace inlay::inline INLAY_VERSION
