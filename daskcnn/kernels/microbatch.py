"""How many images a block computes at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from daskcnn.kernels.step import Steps
from daskcnn.region import FLOAT, Shape

CACHE = 4 << 20
"""Bytes that a step's input and output may take together: several passes of a core's own cache are as fast."""


def images_per_pass(steps: Steps, inputs: Sequence[Shape]) -> int:
    """Images whose widest step, input and output together, takes `CACHE` bytes at most; at least one.

    Examples
    --------
    >>> from daskcnn.kernels import Step
    >>> from daskcnn.layers import Relu
    >>> images_per_pass((Step(Relu(), (0,), ()),), [(100, 1, 128, 128)])
    32
    """
    return _images_per_pass(steps, tuple(shape[1:] for shape in inputs))


@lru_cache(maxsize=1024)
def _images_per_pass(steps: Steps, inputs: tuple[Shape, ...]) -> int:
    shapes: list[Shape] = [(1, *shape) for shape in inputs]
    widest = 1
    for step in steps:
        own = [shapes[i] for i in step.inputs]
        shapes.append(step.op.output_shape(*own))
        widest = max(widest, sum(math.prod(shape) for shape in (*own, shapes[-1])))
    return max(1, CACHE // (FLOAT * widest))
