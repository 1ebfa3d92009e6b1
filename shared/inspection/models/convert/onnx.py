"""Writes ONNX files: the protocol buffer messages that a network needs. Field numbers are those of onnx.proto3."""

import struct

IR_VERSION = 8
OPSET = 13
FLOAT, INT64 = 1, 7


class Graph:
    """Nodes and constants, in the order in which they are written."""

    def __init__(self):
        self.nodes = []
        self.constants = []

    def floats(self, numbers, shape):
        return self._constant(FLOAT, "f", numbers, shape)

    def ints(self, numbers):
        return self._constant(INT64, "q", numbers, [len(numbers)])

    def _constant(self, element, form, numbers, shape):
        name = f"constant{len(self.constants)}"
        data = struct.pack(f"<{len(numbers)}{form}", *numbers)
        tensor = _ints(1, shape) + _int(2, element) + _text(8, name) + _block(9, data)
        self.constants.append(tensor)
        return name

    def node(self, operator, inputs, output=None, **attributes):
        """Adds a node with one output and returns the output's name."""
        output = output or f"value{len(self.nodes)}"
        message = b"".join(_text(1, name) for name in inputs) + _text(2, output) + _text(4, operator)
        message += b"".join(_block(5, _attribute(name, value)) for name, value in attributes.items())
        self.nodes.append(message)
        return output

    def model(self, input_shape, output_shapes):
        """The file's bytes. `input_shape` and `output_shapes` map names to side lengths."""
        graph = b"".join(_block(1, node) for node in self.nodes) + _text(2, "network")
        graph += b"".join(_block(5, constant) for constant in self.constants)
        graph += b"".join(_block(11, _value(*item)) for item in input_shape.items())
        graph += b"".join(_block(12, _value(*item)) for item in output_shapes.items())
        opset = _text(1, "") + _int(2, OPSET)
        return _int(1, IR_VERSION) + _block(7, graph) + _block(8, opset)


def _value(name, shape):
    dimensions = b"".join(_block(1, _int(1, side)) for side in shape)
    tensor = _int(1, FLOAT) + _block(2, dimensions)
    return _text(1, name) + _block(2, _block(1, tensor))


def _attribute(name, value):
    if isinstance(value, int):
        return _text(1, name) + _int(3, value) + _int(20, 2)
    if isinstance(value, float):
        return _text(1, name) + _varint(2 << 3 | 5) + struct.pack("<f", value) + _int(20, 1)
    if isinstance(value, str):
        return _text(1, name) + _text(4, value) + _int(20, 3)
    return _text(1, name) + _ints(8, value) + _int(20, 7)


def _varint(number):
    number &= (1 << 64) - 1
    data = bytearray()
    while number > 0x7F:
        data.append(number & 0x7F | 0x80)
        number >>= 7
    data.append(number)
    return bytes(data)


def _int(field, number):
    return _varint(field << 3) + _varint(number)


def _ints(field, numbers):
    return b"".join(_int(field, number) for number in numbers)


def _block(field, data):
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _text(field, text):
    return _block(field, text.encode())
