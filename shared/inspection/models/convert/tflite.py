"""Reads a TensorFlow Lite file into objects. Field numbers and codes are those of its schema (schema.fbs, version 3)."""

import struct

from .flatbuffer import Table

OPERATORS = {
    0: "add",
    1: "average_pool",
    2: "concatenate",
    3: "convolve",
    4: "convolve_depthwise",
    6: "dequantize",
    14: "sigmoid",
    17: "max_pool",
    18: "multiply",
    19: "relu",
    22: "reshape",
    23: "resize",
    32: "custom",
    34: "pad",
    54: "prelu",
    117: "hard_swish",
}
CUSTOM_OPERATORS = {"Convolution2DTransposeBias": "convolve_transposed"}
# Element types and their format characters of the struct module.
ELEMENTS = {0: "f", 1: "e", 2: "i"}
# Number of the field with the built-in activation in the options of an operator.
ACTIVATION_FIELD = {
    "add": 0,
    "multiply": 0,
    "concatenate": 1,
    "convolve": 3,
    "convolve_depthwise": 4,
    "average_pool": 5,
    "max_pool": 5,
}


class Tensor:
    """`values` are the numbers of a constant, or None for a computed tensor. Shapes are batch, row, column, channel."""

    def __init__(self, table, buffers):
        self.shape = table.ints(0)
        self.name = table.bytes(3).decode()
        data = buffers[table.int(2)].bytes(0)
        element = ELEMENTS.get(table.byte(1))
        if data and element is None:
            raise ValueError(f"tensor {self.name} has element type {table.byte(1)}, which is not handled")
        count = len(data) // struct.calcsize(element) if data else 0
        self.values = list(struct.unpack(f"<{count}{element}", data)) if data else None


class Operator:
    def __init__(self, table, codes):
        code = codes[table.int(0)]
        # Codes up to 127 are in the older one-byte field.
        number = max(code.byte(0), code.int(3))
        if number not in OPERATORS:
            raise ValueError(f"operator {number} is not handled")
        self.kind = OPERATORS[number]
        self.inputs = table.ints(1)
        (self.output,) = table.ints(2)
        self.options = table.table(4)
        if self.kind == "custom":
            name = code.bytes(1).decode()
            if name not in CUSTOM_OPERATORS:
                raise ValueError(f"the custom operator {name} is not handled")
            self.kind = CUSTOM_OPERATORS[name]
        field = ACTIVATION_FIELD.get(self.kind)
        if field is not None and self.options.byte(field) != 0:
            raise ValueError(f"{self.kind} with a built-in activation is not handled")


class Model:
    def __init__(self, data):
        root = Table.root(data)
        (graph,) = root.tables(2)
        codes, buffers = root.tables(1), root.tables(4)
        self.tensors = [Tensor(table, buffers) for table in graph.tables(0)]
        (self.input,) = graph.ints(1)
        self.outputs = graph.ints(2)
        self.operators = [Operator(table, codes) for table in graph.tables(3)]
