"""What the layers of dask arrays say of their blocks, put right where it is said of something else."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from dask.array import chunk, reductions, routines
from dask.array.core import getter
from dask.array.slicing import getitem_variadic
from dask.blockwise import Blockwise
from dask.highlevelgraph import Layer, MaterializedLayer

from daskcnn.taskgraph.columns import Floats

SLICING = (operator.getitem, chunk.getitem, getter)
"""Functions that take a part of a block and compute nothing."""
CHOOSING = (getitem_variadic, routines._unique_internal)
"""Functions that keep as much of a block as is in it; its whole size is declared."""
LARGEST = (chunk.topk, chunk.topk_aggregate)
"""Functions that keep `k` elements along their axis, or all if they read fewer; one is declared, or the whole block."""
FIELDS = {
    reductions.mean_chunk: (2, 0),
    reductions.mean_combine: (2, 0),
    reductions.moment_chunk: (2, 8),
    reductions.moment_combine: (1, 16),
    reductions.arg_chunk: (2, 0),
    reductions.arg_combine: (2, 0),
}
"""Steps of a reduction that give several arrays, where one is declared: how many of its dtype, and bytes of others."""


@dataclass(frozen=True)
class Blocks:
    """The blocks of an array, as its chunks are; sizes that are not known are NaN."""

    chunks: tuple[tuple[float, ...], ...]
    itemsize: float
    nbytes: Floats
    """Of each block."""

    @classmethod
    def of(cls, chunks: Sequence[Sequence[float]], itemsize: float) -> Blocks:
        """The blocks that chunks cut.

        >>> Blocks.of([(2, 1), (4,)], 8).nbytes.tolist()
        [[64.0], [32.0]]
        """
        nbytes = np.array(itemsize, dtype=np.float64)
        for own in chunks:
            nbytes = np.multiply.outer(nbytes, np.array(own, dtype=np.float64))
        return cls(tuple(map(tuple, chunks)), itemsize, nbytes)

    def part(self, block: Sequence[int], index: Any) -> float:
        """Bytes of a part of a block that slices and integers take; NaN for any other index."""
        index = index if isinstance(index, tuple) else (index,)
        sizes = [own[place] for own, place in zip(self.chunks, block, strict=True)]
        if len(index) > len(sizes):
            return np.nan
        total = self.itemsize
        for size, taken in zip(sizes, index + (slice(None),) * (len(sizes) - len(index)), strict=True):
            if size != size or not isinstance(taken, slice | int):
                return np.nan
            total *= len(range(*taken.indices(int(size)))) if isinstance(taken, slice) else 1
        return total


def blocks_of(layers: Mapping[str, Layer]) -> dict[str, Blocks]:
    """The blocks of each layer that a dask array was made of, by its name."""
    return {name: found for name, layer in layers.items() for found in _declared(layer)}


def _declared(layer: Layer) -> Iterator[Blocks]:
    """What the layer's array declared, where it is one of plain NumPy blocks."""
    said = layer.collection_annotations or {}
    dtype = said.get("dtype")
    if said.get("chunk_type") != "numpy.ndarray" or dtype is None:
        return
    chunks = [tuple(own) for own in said["chunks"]]
    function, keywords = _call(layer)
    first, largest = isinstance(layer, Blockwise), _among(function, LARGEST)
    if largest or (first and keywords.get("keepdims") is True):
        # The first step of a reduction declares the blocks that it reads.
        most, axes = abs(keywords["k"]) if largest else 1, keywords.get("axis")
        for axis in range(len(chunks)) if axes is None else np.atleast_1d(axes).tolist():
            chunks[axis] = tuple(min(most, own) if first else np.nan for own in chunks[axis])
    inputs = sum(axes is not None for _, axes in layer.indices) if isinstance(layer, Blockwise) else 0
    if _among(function, CHOOSING) or (_among(function, SLICING) and inputs > 1):
        # So does an array that another one chooses from: how much, is in that array.
        chunks = [(np.nan,) * len(own) for own in chunks]
    arrays, others = next((own for step, own in FIELDS.items() if step is function), (1, 0))
    itemsize = np.nan if np.dtype(dtype).hasobject else np.dtype(dtype).itemsize
    yield Blocks.of(chunks, arrays * itemsize + others)


def _among(function: Any, functions: Iterable[Any]) -> bool:
    """Whether it is one of them; what it is equal to is its own affair."""
    return any(function is own for own in functions)


def _call(layer: Layer) -> tuple[Any, dict[str, Any]]:
    """The function that the layer's tasks call, the innermost of partial ones, and its keywords."""
    task: Any = None
    if isinstance(layer, Blockwise):
        task = layer.task
    elif isinstance(layer, MaterializedLayer):
        task = next(iter(layer.values()), None)
    function: Any = task[0] if type(task) is tuple and task else getattr(task, "func", None)
    keywords: dict[str, Any] = dict(getattr(task, "kwargs", {}))
    function = keywords.get("enforce_dtype_function", function)
    # Reductions join blocks first, then call what they are of.
    function = getattr(function, "funcs", [function])[-1]
    while isinstance(function, partial):
        function, keywords = function.func, function.keywords | keywords
    return function, keywords
