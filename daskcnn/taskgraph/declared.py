"""What the layers of dask arrays say of their blocks, put right where it is said of something else."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
CHOOSING = (
    getitem_variadic,
    routines._unique_internal,
    chunk.slice_with_int_dask_array,
    np.bincount,
    routines._bincount_agg,
)
"""Functions that give as much as the values in a block say; something else is declared."""
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
MOMENTS = (reductions.moment_chunk, reductions.moment_combine)
"""Those of them that give one more for each order above the second."""
MOST_OUTPUTS = 32
"""Of a generalized ufunc."""
EXTRA = "extra"
"""In the keys of the running totals that a cumulative layer hands from block to block."""


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

    def filled(self, chunks: Sequence[Sequence[float]], dtype: Any) -> Blocks:
        """The same, and where nothing was known what the array's own chunks say: they may have been found since."""
        if self.nbytes.ndim != len(chunks) or np.dtype(dtype).hasobject:
            return self
        own = Blocks.of(chunks, np.dtype(dtype).itemsize)
        return own if np.isnan(self.nbytes).all() and own.nbytes.shape == self.nbytes.shape else self

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
    found = {name: own for name, layer in layers.items() for own in _declared(layer)}
    found |= {name: own for name, blocks in found.items() if (own := _together(name, blocks, found))}
    extras = ((name, _extra(name, layers[name], blocks)) for name, blocks in found.items())
    return found | {f"{name} {EXTRA}": own for name, own in extras if own}


def _together(name: str, blocks: Blocks, others: Mapping[str, Blocks]) -> Blocks | None:
    """What a generalized ufunc gives at once: its layer declares the loop's axes, those of each output the rest."""
    head, _, token = name.rpartition("-")
    outputs = [own for place in range(MOST_OUTPUTS) if (own := others.get(f"{head}_{place}-{token}"))]
    if not outputs or any(own.nbytes.size != blocks.nbytes.size for own in outputs):
        return None
    return replace(blocks, nbytes=np.sum([own.nbytes.reshape(blocks.nbytes.shape) for own in outputs], axis=0))


def _extra(name: str, layer: Layer, blocks: Blocks) -> Blocks | None:
    """The running totals of a cumulative layer: blocks of one element along its axis."""
    places = np.eye(len(blocks.chunks), dtype=int).tolist()
    first = _shape(layer, name, [0] * len(places))
    if first is None:
        return None
    # Those that stand before the first blocks are made, the others worked out.
    cut = [
        size == 1 and (len(own) == 1 or _shape(layer, name, place) is None)
        for size, own, place in zip(first, blocks.chunks, places, strict=True)
    ]
    chunks = [(1.0,) * len(own) if one else own for one, own in zip(cut, blocks.chunks, strict=True)]
    return Blocks.of(chunks, blocks.itemsize)


def _shape(layer: Layer, name: str, block: Sequence[int]) -> Sequence[int] | None:
    """The shape in which a running total is made, where it is."""
    task = layer.get((name, EXTRA, *block)) if isinstance(layer, MaterializedLayer) else None
    settings = task[-1] if type(task) is tuple and len(task) > 1 else None
    shape = settings.get("shape") if isinstance(settings, dict) else None
    return shape if isinstance(shape, tuple) and len(shape) == len(block) else None


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
    if _among(function, MOMENTS):
        arrays += keywords.get("order", 2) - 2
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
