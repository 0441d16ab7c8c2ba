"""What each kind of layer means, worked out in float64 without the package's kernels: slow, plain, independent."""

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import correlate2d

from daskcnn.layers import Add, Argmax, Concat, Conv2d, Dense, Flatten, MaxPool2d, Op, Partial, Relu, Total
from daskcnn.network import INPUT, Network

Array = NDArray[Any]


def run(network: Network, images: ArrayLike) -> dict[str, Array]:
    """Every tensor of a network, `images` included."""
    tensors: dict[str, Array] = {INPUT: np.asarray(images, np.float64)}
    for layer in network.layers:
        prefix = f"{layer.weights_of or layer.name}."
        own = {
            name.removeprefix(prefix): np.asarray(values, np.float64)
            for name, values in network.parameters.items()
            if name.startswith(prefix)
        }
        tensors[layer.name] = evaluate(layer.op, [tensors[name] for name in layer.inputs], own)
    return tensors


def evaluate(op: Op, inputs: list[Array], weights: Mapping[str, Array]) -> Array:
    """One layer."""
    return LAYERS[type(op)](op, *inputs, **weights)


def conv2d(op: Conv2d, x: Array, weight: Array, bias: Array | None = None) -> Array:
    """Image by image and channel by channel: SciPy correlates, the stride picks."""
    bias = np.zeros(len(weight)) if bias is None else bias
    (sy, sx), (dy, dx) = op.stride, op.dilation
    canvas, spread = padded(x, op.padding), dilated(weight, (dy, dx))
    inner, outer = x.shape[1] // op.groups, op.channels // op.groups
    planes = [
        [
            sum(correlate2d(image[k // outer * inner + c], spread[k, c], mode="valid") for c in range(inner)) + bias[k]
            for k in range(op.channels)
        ]
        for image in canvas
    ]
    y = np.array(planes)[:, :, ::sy, ::sx]
    return y if op.crop is None else y[:, slice(*op.crop)]


def conv2d_by_loops(op: Conv2d, x: Array, weight: Array, bias: Array | None = None) -> Array:
    """The definition, index by index: what lies beside the image counts as zero."""
    bias = np.zeros(len(weight)) if bias is None else bias
    (sy, sx), (dy, dx), (top, left, bottom, right) = op.stride, op.dilation, op.padding
    batch, channels, height, width = x.shape
    inner, outer = channels // op.groups, op.channels // op.groups
    rows = (height + top + bottom - (op.kernel[0] - 1) * dy - 1) // sy + 1
    columns = (width + left + right - (op.kernel[1] - 1) * dx - 1) // sx + 1
    y = np.zeros((batch, op.channels, rows, columns)) + bias[:, None, None]
    for n, k, i, j in np.ndindex(y.shape):
        for c, u, v in product(range(inner), range(op.kernel[0]), range(op.kernel[1])):
            row, column = i * sy + u * dy - top, j * sx + v * dx - left
            if 0 <= row < height and 0 <= column < width:
                y[n, k, i, j] += x[n, k // outer * inner + c, row, column] * weight[k, c, u, v]
    return y if op.crop is None else y[:, slice(*op.crop)]


def padded(x: Array, padding: tuple[int, int, int, int]) -> Array:
    """Zeros at top, left, bottom and right; rows and columns taken away where the padding is negative."""
    top, left, bottom, right = padding
    height, width = x.shape[2] + top + bottom, x.shape[3] + left + right
    y = np.zeros((*x.shape[:2], height, width))
    for row, column in np.ndindex(*x.shape[2:]):
        if 0 <= row + top < height and 0 <= column + left < width:
            y[:, :, row + top, column + left] = x[:, :, row, column]
    return y


def dilated(weight: Array, dilation: tuple[int, int]) -> Array:
    """The kernel with zeros between its taps."""
    (dy, dx), (height, width) = dilation, weight.shape[2:]
    spread = np.zeros((*weight.shape[:2], (height - 1) * dy + 1, (width - 1) * dx + 1))
    spread[:, :, ::dy, ::dx] = weight
    return spread


def dense(op: Dense, x: Array, weight: Array, bias: Array | None = None) -> Array:
    """Each image's features as sums of products."""
    bias = np.zeros(len(weight)) if bias is None else bias
    return np.array([[(row * taps).sum() + b for taps, b in zip(weight, bias, strict=True)] for row in x])


def relu(op: Relu, x: Array) -> Array:
    """What is not positive becomes zero."""
    return np.where(x > 0, x, 0.0)


def flatten(op: Flatten, x: Array) -> Array:
    """Each image's elements in order."""
    y = np.array([image.ravel() for image in x])
    return y if op.crop is None else y[:, slice(*op.crop)]


def argmax(op: Argmax, x: Array) -> Array:
    """The first of the largest along the axis."""
    chosen = [[*values].index(max(values)) for values in np.moveaxis(x, op.axis, -1).reshape(-1, x.shape[op.axis])]
    y = np.array(chosen, np.int64).reshape(*x.shape[: op.axis], *x.shape[op.axis + 1 :])
    return np.expand_dims(y, op.axis) if op.keepdims else y


def add(op: Add, *inputs: Array) -> Array:
    """Elements of the same place added."""
    return np.array([sum(elements) for elements in zip(*(x.ravel() for x in inputs), strict=True)]).reshape(
        inputs[0].shape
    )


def concat(op: Concat, *inputs: Array) -> Array:
    """One after the other: along the axis, slice by slice."""
    slices = [part for x in inputs for part in np.moveaxis(x, op.axis, 0)]
    return np.moveaxis(np.array(slices), 0, op.axis)


def max_pool2d(op: MaxPool2d, x: Array) -> Array:
    """The largest of what each window finds on the image, index by index."""
    (sy, sx), (dy, dx), (top, left, _, _) = op.stride, op.dilation, op.padding
    y = np.full(op.output_shape(x.shape), -np.inf)
    for n, c, i, j in np.ndindex(y.shape):
        rows = [row for row in (i * sy + u * dy - top for u in range(op.kernel[0])) if 0 <= row < x.shape[2]]
        columns = [
            column for column in (j * sx + v * dx - left for v in range(op.kernel[1])) if 0 <= column < x.shape[3]
        ]
        y[n, c, i, j] = max((x[n, c, row, column] for row in rows for column in columns), default=-np.inf)
    return y


def partial(op: Partial, x: Array, weight: Array, bias: Array | None = None) -> Array:
    """The layer for each part of its input channels, the others taken for zero; the first has the bias."""
    found = []
    for part, channels in enumerate(np.array_split(np.arange(x.shape[1]), op.parts)):
        own = np.zeros_like(x)
        own[:, channels] = x[:, channels]
        found.append(evaluate(op.op, [own], {"weight": weight} | ({} if part or bias is None else {"bias": bias})))
    return np.stack(found, axis=-1)


def total(op: Total, x: Array, **of_the_parts: Array) -> Array:
    """Parts along the last axis added, so many at a time."""
    sums = [x[..., start : start + op.fan_in].sum(axis=-1) for start in range(0, x.shape[-1], op.fan_in)]
    return sums[0] if op.last else np.stack(sums, axis=-1)


LAYERS: dict[type[Op], Callable[..., Array]] = {
    Add: add,
    Argmax: argmax,
    Concat: concat,
    Conv2d: conv2d,
    Dense: dense,
    Flatten: flatten,
    MaxPool2d: max_pool2d,
    Partial: partial,
    Relu: relu,
    Total: total,
}
