"""What a task does on its worker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daskcnn.blocks.gather import Gather, Slices
from daskcnn.kernels import Steps, Weights, engine
from daskcnn.kernels.microbatch import images_per_pass

Array = NDArray[Any]


def take(block: Array, region: Slices) -> Array:
    """A region of a block, on its owner's side: what is sent is just what the other side needs."""
    return block[region].copy()


def compute(engine_name: str, steps: Steps, gathers: Sequence[Gather], weights: Weights, *carriers: Array) -> Array:
    """One block of a segment, a few images at a time so that what passes between its layers stays in cache.

    Parameters
    ----------
    engine_name : str
    steps : Steps
        The layers of the segment, as they are for this block.
    gathers : sequence of Gather
        One an input.
    weights : Weights
    *carriers : arrays
        What the gathers read, one after the other.
    """
    run = engine(engine_name).run
    images = gathers[0].shape[0]
    few = images_per_pass(steps, [gather.shape for gather in gathers])
    output: Array | None = None
    for start in range(0, images, few):
        stop = min(start + few, images)
        y = run(steps, weights, _inputs(gathers, start, stop, carriers))
        if output is None:
            if stop == images:
                return y
            output = np.empty((images, *y.shape[1:]), y.dtype)
        output[start:stop] = y
    assert output is not None
    return output


def _inputs(gathers: Sequence[Gather], start: int, stop: int, carriers: Sequence[Array]) -> list[Array]:
    inputs, first = [], 0
    for gather in gathers:
        last = first + len(gather.parts)
        inputs.append(np.ascontiguousarray(gather.images(start, stop, carriers[first:last])))
        first = last
    return inputs
