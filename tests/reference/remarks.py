"""What a model says besides what it computes: to put more of it into models, and to compare.

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import onnx

CONTAINERS = (("sequence_type", "elem_type"), ("optional_type", "elem_type"),
              ("map_type", "value_type"))


def attributes_of(holder):
    return getattr(holder, "attribute", None) or getattr(holder, "attribute_proto", ())


def tensors_of(attribute):
    """The tensors that an attribute holds, those of sparse ones too."""
    sparse = [*attribute.sparse_tensors]
    if attribute.HasField("sparse_tensor"):
        sparse.append(attribute.sparse_tensor)
    single = [attribute.t] if attribute.HasField("t") else []
    return [*single, *attribute.tensors, *(part for s in sparse for part in (s.values, s.indices))]


def types_of(attribute):
    return [*([attribute.tp] if attribute.HasField("tp") else []), *attribute.type_protos]


def graphs_of(attribute):
    return [*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs]


def layers_of(kind):
    """A type, then the types inside it."""
    yield kind
    for container, inner in CONTAINERS:
        if kind.HasField(container) and getattr(kind, container).HasField(inner):
            yield from layers_of(getattr(getattr(kind, container), inner))


def dimensions_of(kind):
    """Those of the tensor inside."""
    innermost = [*layers_of(kind)][-1]
    for tensor in ("tensor_type", "sparse_tensor_type"):
        if innermost.HasField(tensor):
            return getattr(innermost, tensor).shape.dim
    return []


def entries(holder):
    return [(entry.key, entry.value) for entry in holder.metadata_props]


# What is said

def of_type(kind):
    return ([layer.denotation for layer in layers_of(kind)],
            [dimension.denotation for dimension in dimensions_of(kind)])


def of_value(value):
    return (value.doc_string, entries(value), of_type(value.type))


def of_holder(holder, where, said):
    """Of a node's attributes, or the defaults of a function's."""
    for attribute in attributes_of(holder):
        here = f"{where}, attribute '{attribute.name}'"
        said[here] = (attribute.doc_string,
                      [(t.name, t.doc_string, entries(t)) for t in tensors_of(attribute)],
                      [kind.SerializeToString(deterministic=True) for kind in types_of(attribute)])
        for i, graph in enumerate(graphs_of(attribute)):
            of_graph(graph, f"{here}, graph {i}", said)


def of_nodes(nodes, where, said):
    for i, node in enumerate(nodes):
        here = f"{where}node {i}"
        said[here] = (node.doc_string, entries(node), node.overload)
        of_holder(node, here, said)


def of_graph(graph, where, said):
    said[f"{where} the inputs"] = [
        (value.name, value.type.SerializeToString(deterministic=True), of_value(value))
        for value in graph.input]
    said[f"{where} the outputs"] = [(value.name, of_value(value)) for value in graph.output]
    outputs = {value.name for value in graph.output}
    constants = {tensor.name for tensor in graph.initializer}
    defined = {name for node in graph.node for name in node.output} | constants
    for value in graph.value_info:
        # Tools leave entries of values behind that are no more. What a file says of a constant
        # stands where its elements are.
        denotations = of_type(value.type)
        if value.name in defined - outputs and any(map(any, denotations)):
            said[f"{where} the type of '{value.name}'"] = denotations
    for tensor in graph.initializer:
        said[f"{where} initializer '{tensor.name}'"] = (tensor.doc_string, entries(tensor))
    for tensor in graph.sparse_initializer:
        said[f"{where} sparse initializer '{tensor.values.name}'"] = [
            (part.name, part.doc_string, entries(part)) for part in (tensor.values, tensor.indices)]
    said[f"{where} the documentation"] = (graph.doc_string, entries(graph))
    of_nodes(graph.node, where, said)


def of_model(model):
    said = {"the documentation": (model.doc_string, entries(model))}
    of_graph(model.graph, "", said)
    for function in model.functions:
        where = f"function '{function.name}' "
        said[where] = (function.doc_string, entries(function))
        of_holder(function, where, said)
        of_nodes(function.node, where, said)
    return said


def with_all_inputs(model):
    """Before IR version 4 every initializer must be an input, which we make it where it is none."""
    inputs = {value.name for value in model.graph.input}
    for tensor in model.graph.initializer if model.ir_version < 4 else ():
        if tensor.name not in inputs:
            model.graph.input.append(onnx.helper.make_tensor_value_info(
                tensor.name, tensor.data_type, tensor.dims))
    return model


def difference(before, after):
    """The first thing that two models do not say alike."""
    said, again = of_model(with_all_inputs(before)), of_model(after)
    for where in [*said, *again]:
        if said.get(where) != again.get(where):
            return f"{where}: {said.get(where)} is now {again.get(where)}"
    return ""


# Saying more

def denote(kind):
    for i, layer in enumerate(layers_of(kind)):
        layer.denotation = f"TYPE_{i}"
    for i, dimension in enumerate(dimensions_of(kind)):
        if i != 1:
            dimension.denotation = f"AXIS_{i}"


def remark_tensor(tensor, name):
    tensor.name = name
    tensor.doc_string = f"of {name}"
    tensor.metadata_props.add(key="key", value=name)


def remark_nodes(nodes):
    for node in nodes:
        remark_attributes(node)


def remark_attributes(holder):
    for attribute in attributes_of(holder):
        attribute.doc_string = f"what {attribute.name} does"
        for i, tensor in enumerate(tensors_of(attribute)):
            remark_tensor(tensor, f"{attribute.name} {i}")
        for kind in types_of(attribute):
            denote(kind)
        for graph in graphs_of(attribute):
            remark_graph(graph)


def remark_graph(graph):
    for value in [*graph.input, *graph.output, *graph.value_info]:
        if value.HasField("type"):
            denote(value.type)
    remark_nodes(graph.node)


def with_remarks(model):
    """The model with remarks wherever one may stand; half of its initializers are inputs too, of
    shapes that are known, not known in full, or not at all."""
    changed = onnx.ModelProto()
    changed.CopyFrom(model)
    graph = changed.graph
    remark_graph(graph)
    for function in changed.functions:
        remark_nodes(function.node)
        remark_attributes(function)
    inputs = {value.name for value in graph.input}
    for i, tensor in enumerate(graph.initializer):
        if tensor.name in inputs or i % 2 == 1:
            continue
        symbolic = ["n", *tensor.dims[1:]] if tensor.dims else []
        shape = ([*tensor.dims], symbolic, None)[i // 2 % 3]
        value = onnx.helper.make_tensor_value_info(tensor.name, tensor.data_type, shape)
        graph.input.insert(i % (len(graph.input) + 1), value)
    return changed
