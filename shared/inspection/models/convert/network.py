"""Converts a TensorFlow Lite network to ONNX.

The layout changes from channels-last to channels-first, half-precision weights become single precision, and the only
custom operator is replaced by a standard one. The same input gives the same bytes on every machine.
"""

from . import onnx
from .tflite import Model


def convert(data):
    """ONNX bytes from TensorFlow Lite bytes."""
    return Conversion(Model(data)).run()


class Conversion:
    def __init__(self, model):
        self.model = model
        self.graph = onnx.Graph()
        self.names = {model.input: "input"}
        # Resize operators that are moved behind the following convolution, by their output tensor.
        self.enlargements = {}
        self.operator = None

    def run(self):
        for self.operator in self.model.operators:  # noqa: B020
            name = getattr(self, self.operator.kind)()
            if name is not None:
                self.names[self.operator.output] = name
        shapes = {}
        for output in self.model.outputs:
            tensor = self.model.tensors[output]
            self.graph.node("Identity", [self.names[output]], tensor.name)
            shapes[tensor.name] = channels_first(tensor.shape)
        return self.graph.model({"input": channels_first(self.shape(self.model.input))}, shapes)

    def shape(self, tensor):
        return self.model.tensors[tensor].shape

    def constant(self, position):
        """Numbers and shape of one of the operator's constant inputs."""
        tensor = self.model.tensors[self.operator.inputs[position]]
        return tensor.values, tensor.shape

    def input(self, position=0):
        return self.names[self.operator.inputs[position]]

    def node(self, kind, *inputs, **attributes):
        return self.graph.node(kind, inputs or [self.input()], **attributes)

    def dequantize(self):
        """Half-precision weights: the output tensor gets the values of the constant."""
        source = self.model.tensors[self.operator.inputs[0]]
        self.model.tensors[self.operator.output].values = source.values

    def convolve(self):
        weights, (outputs, rows, columns, inputs) = self.constant(1)
        weights = reorder(weights, [outputs, rows, columns, inputs], [0, 3, 1, 2])
        weights = self.graph.floats(weights, [outputs, inputs, rows, columns])
        result = self.convolution(weights, rows, columns, group=1)
        return self.enlarge(result, self.enlargements.get(self.operator.inputs[0]))

    def convolve_depthwise(self):
        weights, (_, rows, columns, channels) = self.constant(1)
        weights = reorder(weights, [rows, columns, channels], [2, 0, 1])
        weights = self.graph.floats(weights, [channels, 1, rows, columns])
        return self.convolution(weights, rows, columns, group=channels)

    def convolution(self, weights, rows, columns, group):
        options = self.operator.options
        steps = [options.int(2), options.int(1)]
        bias = self.graph.floats(*self.constant(2))
        same = options.byte(0) == 0
        pads = self.padding([rows, columns], steps) if same else [0, 0, 0, 0]
        return self.node(
            "Conv", self.input(), weights, bias, kernel_shape=[rows, columns], strides=steps, pads=pads, group=group
        )

    def padding(self, window, steps):
        """The "same" padding: zeros on both sides; if the number is odd, one more at the end."""
        before, after = [], []
        for axis in (0, 1):
            source = self.shape(self.operator.inputs[0])[axis + 1]
            target = self.shape(self.operator.output)[axis + 1]
            total = max((target - 1) * steps[axis] + window[axis] - source, 0)
            before.append(total // 2)
            after.append(total - total // 2)
        return before + after

    def convolve_transposed(self):
        """MediaPipe's custom operator: a transposed convolution whose windows do not overlap."""
        weights, (outputs, rows, columns, inputs) = self.constant(1)
        source, target = self.shape(self.operator.inputs[0]), self.shape(self.operator.output)
        if [source[1] * rows, source[2] * columns] != target[1:3]:
            raise ValueError("a transposed convolution with overlapping windows is not handled")
        weights = reorder(weights, [outputs, rows, columns, inputs], [3, 0, 1, 2])
        weights = self.graph.floats(weights, [inputs, outputs, rows, columns])
        bias = self.graph.floats(*self.constant(2))
        window = [rows, columns]
        return self.node("ConvTranspose", self.input(), weights, bias, kernel_shape=window, strides=window)

    def prelu(self):
        """`x` above zero, `slope * x` below, written as `slope * x + (1 - slope) * relu(x)`.

        The multiplications are depthwise 1 x 1 convolutions: the runtime keeps its blocked layout for them, whereas its own
        PRelu converts the layout before and after every call and takes three times as long.
        """
        slopes, _ = self.constant(1)
        channels = len(slopes)
        below = self.graph.floats(slopes, [channels, 1, 1, 1])
        above = self.graph.floats([1 - slope for slope in slopes], [channels, 1, 1, 1])
        scaled = self.node("Conv", self.input(), below, kernel_shape=[1, 1], group=channels)
        positive = self.node("Relu")
        return self.node("Add", self.node("Conv", positive, above, kernel_shape=[1, 1], group=channels), scaled)

    def relu(self):
        return self.node("Relu")

    def sigmoid(self):
        return self.node("Sigmoid")

    def hard_swish(self):
        return self.node("Mul", self.input(), self.node("HardSigmoid", alpha=1 / 6, beta=0.5))

    def add(self):
        return self.node("Add", self.input(0), self.input(1))

    def multiply(self):
        """A factor per channel is first expanded to the size of the picture, because the runtime keeps its blocked layout
        only if both inputs have the same shape."""
        names, shapes = [self.input(0), self.input(1)], [self.shape(tensor) for tensor in self.operator.inputs]
        for side, shape, other in ((0, shapes[0], shapes[1]), (1, shapes[1], shapes[0])):
            if len(shape) == 4 and shape[1:3] == [1, 1] != other[1:3]:
                scales = self.graph.floats([1, 1, *other[1:3]], [4])
                mode = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
                names[side] = self.node("Resize", names[side], "", scales, **mode)
        return self.node("Mul", *names)

    def pad(self):
        paddings, _ = self.constant(1)
        pairs = channels_first([paddings[axis : axis + 2] for axis in (0, 2, 4, 6)])
        return self.node("Pad", self.input(), self.graph.ints([pair[0] for pair in pairs] + [pair[1] for pair in pairs]))

    def max_pool(self):
        options = self.operator.options
        window, steps = [options.int(4), options.int(3)], [options.int(2), options.int(1)]
        return self.node("MaxPool", kernel_shape=window, strides=steps, pads=self.padding(window, steps))

    def average_pool(self):
        if self.shape(self.operator.output)[1:3] != [1, 1]:
            raise ValueError("an average over less than the whole picture is not handled")
        return self.node("GlobalAveragePool")

    def resize(self):
        """A resize before a 1 x 1 convolution is moved behind it: the result is the same, and the convolution processes a
        quarter of the points."""
        if self.operator.options.byte(3) != 1:
            raise ValueError("a resize that does not align pixel centres is not handled")
        users = [operator for operator in self.model.operators if self.operator.output in operator.inputs]
        if [user.kind for user in users] == ["convolve"] and self.is_pointwise(users[0]):
            self.enlargements[self.operator.output] = self.operator
            return self.input()
        return self.enlarge(self.input(), self.operator)

    def is_pointwise(self, convolution):
        options = convolution.options
        return self.shape(convolution.inputs[1])[1:3] == [1, 1] and options.int(1) == options.int(2) == 1

    def enlarge(self, name, resize):
        if resize is None:
            return name
        source, target = self.shape(resize.inputs[0]), self.shape(resize.output)
        scales = self.graph.floats([1, 1, target[1] / source[1], target[2] / source[2]], [4])
        mode = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
        return self.node("Resize", name, "", scales, **mode)

    def reshape(self):
        """Flattening uses the channels-last order of the original network."""
        source = self.node("Transpose", perm=[0, 2, 3, 1])
        return self.node("Reshape", source, self.graph.ints(self.shape(self.operator.output)))

    def concatenate(self):
        axis = self.operator.options.int(0)
        if len(self.shape(self.operator.output)) == 4:
            raise ValueError("joining pictures is not handled")
        names = [self.names[tensor] for tensor in self.operator.inputs]
        return self.node("Concat", *names, axis=axis)


def channels_first(sides):
    return [sides[0], sides[3], sides[1], sides[2]] if len(sides) == 4 else list(sides)


def reorder(numbers, shape, order):
    """Transposes a dense array of up to four axes."""
    shape = [1] * (4 - len(shape)) + list(shape)
    order = list(range(4 - len(order))) + [axis + 4 - len(order) for axis in order]
    strides = [shape[1] * shape[2] * shape[3], shape[2] * shape[3], shape[3], 1]
    a, b, c, d = (range(0, shape[axis] * strides[axis], strides[axis]) for axis in order)
    return [numbers[i + j + k + m] for i in a for j in b for k in c for m in d]
