"""The same elements in other axes."""

from __future__ import annotations

import math
from collections.abc import Callable

from daskcnn.errors import UsageError
from daskcnn.layers import Flatten, Op, Reshape, Transpose
from daskcnn.onnx.node import Node, axis_of
from daskcnn.onnx.tensor import Tensor
from daskcnn.region import Shape


def flatten(node: Node) -> Tensor:
    """With the images along the first axis of the result."""
    tensor = node.tensor()
    axis, ndim = node["axis"], len(tensor.shape)
    first = math.prod(tensor.shape[: axis + ndim if axis < 0 else axis])
    if first != tensor.shape[0]:
        raise UsageError(f"attribute axis={axis} makes {first} rows of {tensor.shape}; use 1, one for each image")
    return node.layer(Flatten(), tensor)


def reshape(node: Node) -> Tensor:
    """To a shape that is known before any image, with the images along its first axis; not of no elements."""
    tensor = node.tensor()
    asked = tuple(node.array(1).ravel().tolist())
    keeps = not node.attributes.get("allowzero", 0)
    sizes = [tensor.shape[axis] if size == 0 and keeps else size for axis, size in enumerate(asked)]
    known = math.prod(size for size in sizes if size != -1)
    free = math.prod(tensor.shape) // known if known > 0 else 0
    return node.chain(tensor, reshaped(tensor, tuple(free if size == -1 else size for size in sizes)))


def squeeze(node: Node) -> Tensor:
    """Of any axes but that of the images."""
    tensor = node.tensor()
    given, ndim = node.numbers(1, "axes"), len(tensor.shape)
    if given is None:
        axes = {axis for axis, size in enumerate(tensor.shape) if size == 1}
    else:
        axes = {axis_of(axis, ndim) for axis in given}
    kept = tuple(size for axis, size in enumerate(tensor.shape) if axis not in axes)
    return node.chain(tensor, reshaped(tensor, kept))


def unsqueeze(node: Node) -> Tensor:
    """Of any axes behind that of the images."""
    tensor = node.tensor()
    given = node.numbers(1, "axes") or ()
    ndim = len(tensor.shape) + len(given)
    axes = {axis_of(axis, ndim) for axis in given}
    sizes = iter(tensor.shape)
    return node.chain(tensor, reshaped(tensor, tuple(1 if axis in axes else next(sizes) for axis in range(ndim))))


def transpose(node: Node) -> Tensor:
    """With the images along the first axis of the result."""
    tensor = node.tensor()
    order = node.ints("perm", tuple(reversed(range(len(tensor.shape)))))
    if order[:1] != (0,):
        raise UsageError(f"attribute perm={order} is not supported; use 0, that of images, first")
    return node.layer(Transpose(order), tensor)


def depth_to_space(node: Node) -> Tensor:
    """All of it."""
    tensor, size = node.images(), node["blocksize"]
    _, channels, height, width = tensor.shape
    inner = channels // size**2
    if node.attributes.get("mode", "DCR") == "DCR":
        apart, order = (size, size, inner, height, width), (0, 3, 4, 1, 5, 2)
    else:
        apart, order = (inner, size, size, height, width), (0, 1, 4, 2, 5, 3)
    return node.chain(tensor, Reshape(apart), Transpose(order), Reshape((inner, height * size, width * size)))


def space_to_depth(node: Node) -> Tensor:
    """All of it."""
    tensor, size = node.images(), node["blocksize"]
    _, channels, height, width = tensor.shape
    apart = channels, height // size, size, width // size, size
    order = (0, 1, 3, 5, 2, 4) if node.attributes.get("mode", "DCR") == "CRD" else (0, 3, 5, 1, 2, 4)
    shape = channels * size**2, height // size, width // size
    return node.chain(tensor, Reshape(apart), Transpose(order), Reshape(shape))


def reshaped(tensor: Tensor, shape: Shape) -> Op | None:
    """The reshape to a shape; None where it is that already, UsageError where images are not along its first axis."""
    if shape[:1] != tensor.shape[:1]:
        raise UsageError(f"{tensor.shape} as {shape} is not supported; keep the {tensor.shape[0]} images first")
    return None if shape == tensor.shape else Reshape(shape[1:])


OPERATORS: dict[str, Callable[[Node], Tensor]] = {
    "DepthToSpace": depth_to_space,
    "Flatten": flatten,
    "Reshape": reshape,
    "SpaceToDepth": space_to_depth,
    "Squeeze": squeeze,
    "Transpose": transpose,
    "Unsqueeze": unsqueeze,
}
