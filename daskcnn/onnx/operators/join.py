"""Tensors one after the other, and parts of tensors."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate, pairwise

from daskcnn.errors import UsageError
from daskcnn.layers import Concat, Slice
from daskcnn.onnx.node import Node, axis_of
from daskcnn.onnx.tensor import Tensor

FAR = 1 << 31
"""An end beyond this is that of any axis."""


def concat(node: Node) -> Tensor:
    """Along any axis but that of the images; tensors alone."""
    tensors = node.tensors
    return node.layer(Concat(axis_of(node["axis"], len(tensors[0].shape))), *tensors)


def split(node: Node) -> tuple[Tensor | None, ...]:
    """Along any axis but that of the images, with constant sizes."""
    tensor = node.tensor()
    axis = axis_of(node["axis"], len(tensor.shape))
    size, parts = tensor.shape[axis], len(node.proto.output)
    each = -(-size // node.attributes.get("num_outputs", parts))
    sizes = node.numbers(1, "split") or [min(each, size - start) for start in range(0, size, each)]
    if len(sizes) != parts or sum(sizes) != size:
        raise UsageError(f"sizes {tuple(sizes)} do not make {parts} outputs of the {size} along axis {axis}; use such")
    bounds = pairwise(accumulate(sizes, initial=0))
    return tuple(
        node.output(number, Slice(start, stop, axis=axis), tensor) if node.used[number] else None
        for number, (start, stop) in enumerate(bounds)
    )


def slice_(node: Node) -> Tensor:
    """Along any axes but that of the images, with constant bounds and steps of 1 or more."""
    tensor = node.tensor()
    starts, ends = node.numbers(1, "starts") or (), node.numbers(2, "ends") or ()
    axes = node.numbers(3, "axes") or range(len(starts))
    steps = node.numbers(4, "steps") or (1,) * len(starts)
    if len({axis % len(tensor.shape) for axis in axes}) < len(axes):
        raise UsageError(f"axes {tuple(axes)} name one twice; name each once")
    ops = (
        _along(tensor, axis, start, end, step) for axis, start, end, step in zip(axes, starts, ends, steps, strict=True)
    )
    return node.chain(tensor, *ops)


def _along(tensor: Tensor, axis: int, start: int, end: int, step: int) -> Slice | None:
    """The slice along one axis; None where it takes all."""
    axis = axis + len(tensor.shape) if axis < 0 else axis
    size = tensor.shape[axis]
    if axis == 0 and (start, step) == (0, 1) and (end >= FAR or end == size):
        return None
    axis = axis_of(axis, len(tensor.shape))
    if step < 1:
        raise UsageError(f"step {step} along axis {axis} is not supported; use 1 or more")
    first, last, _ = slice(start, end, step).indices(size)
    return None if (first, last, step) == (0, size, 1) else Slice(first, last, step, axis)


OPERATORS: dict[str, Callable[[Node], Tensor | tuple[Tensor | None, ...]]] = {
    "Concat": concat,
    "Slice": slice_,
    "Split": split,
}
