"""Operands of different shapes in one operation, aligned at their last axes as NumPy and ONNX do."""

from __future__ import annotations

import numpy as np

from daskcnn.errors import UsageError
from daskcnn.region import Region, Shape


def broadcast(*shapes: Shape) -> Shape:
    """The shape of all of them together; UsageError where they do not fit.

    >>> broadcast((10, 16, 8, 8), (16, 1, 1))
    (10, 16, 8, 8)
    """
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        listed = " and ".join(map(str, shapes))
        raise UsageError(f"shapes {listed} do not go together; make each axis as long as the others', or 1") from None


def part(output: Region, operand: Shape) -> Region:
    """The region of an operand that a region of the output needs: all of an axis of size 1.

    >>> part(((0, 5), (4, 8), (0, 3), (0, 8)), (16, 1, 1))
    ((4, 8), (0, 1), (0, 1))
    """
    aligned = output[len(output) - len(operand) :]
    return tuple((0, 1) if size == 1 else interval for interval, size in zip(aligned, operand, strict=True))


def check_constant(name: str, constant: Shape, image: Shape) -> None:
    """UsageError unless a parameter of that shape can be the same for every image of a tensor."""
    short = 0 < len(constant) < len(image)
    if not short and not (len(constant) == len(image) and constant[0] == 1):
        raise UsageError(
            f"{name} of shape {constant} cannot be the same for each image of {image}; "
            f"use 1 to {len(image) - 1} axes, (1,) for one number"
        )
