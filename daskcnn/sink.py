"""A Zarr store that each worker writes its own blocks to.

The library is imported where something is written: every worker imports this module.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import uuid4

import numpy as np
from numpy.typing import DTypeLike, NDArray

from daskcnn.errors import RunError, UsageError, telling
from daskcnn.layers.base import AXES
from daskcnn.region import Grid, Region, Shape

if TYPE_CHECKING:
    import zarr

MOST = 2**24
"""Bytes of a chunk at most, unless one element along every axis but the last is more."""
RESERVED = {"", ".", "..", "zarr.json"}
"""What no array in a group can be named."""


@dataclass(frozen=True)
class Target:
    """An array that workers write to."""

    path: Path
    """Of the array, absolute: a worker may have another working folder."""
    chunks: Shape
    """Longest side of a chunk along each axis."""


@contextmanager
def sink(path: str | Path, outputs: Mapping[str, tuple[Grid, DTypeLike]]) -> Iterator[dict[str, Target]]:
    """A new Zarr group with an array for each output, which is there whole or not at all.

    The arrays have a hidden name beside `path` until the block ends well; then all of them must be complete, and the
    group is renamed in one step. If the block raises they are removed. Whoever writes must be done, or gone, by then.

    Parameters
    ----------
    path : str or Path
        Of the group: a name that is not taken, or an empty folder.
    outputs : mapping of str to (Grid, dtype)
        How each output is cut; its name is that of its array, with `/` and the like as `%2F`.

    Yields
    ------
    dict of str to Target
        Where to write each output.

    Raises
    ------
    UsageError
        The path is taken.
    RunError
        The folder cannot be written to, or something was not written.

    Examples
    --------
    >>> import tempfile, zarr
    >>> store = Path(tempfile.mkdtemp(), "out.zarr")
    >>> with sink(store, {"conv1": (((0, 2, 4), (0, 3)), np.float32)}) as targets:
    ...     for region in (((0, 2), (0, 3)), ((2, 4), (0, 3))):
    ...         print(write_block(np.ones((2, 3), np.float32), targets["conv1"], region), store.exists())
    24 False
    24 False
    >>> float(zarr.open_array(store / "conv1", mode="r")[:].sum())
    12.0
    """
    import zarr

    path = Path(path).absolute()
    if taken := RESERVED & outputs.keys():
        raise UsageError(f"{min(taken)!r} cannot be the name of an array in {path.name}; rename that layer")
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise UsageError(f"{path}: is there already; remove it, or write to another name")
    part = path.with_name(f".{uuid4().hex}.part")
    try:
        with _writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            group = zarr.create_group(part)
            targets = {name: _create(group, name, part, *output) for name, output in outputs.items()}
        yield targets
        for name, target in targets.items():
            _check(path, name, target)
        with _writing(path):
            part.replace(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_block(block: NDArray[Any], target: Target, region: Region) -> int:
    """Write a block, by the worker that has it.

    Workers may do so at once where their regions share no chunk: see `aligned`.

    Parameters
    ----------
    block : ndarray
    target : Target
    region : Region
        Where the block lies in the whole.

    Returns
    -------
    int
        Bytes written.

    Raises
    ------
    RunError
        The folder is not to be seen from here, or full.
    """
    import zarr

    with _writing(target.path):
        # Zeros are written like anything else: a chunk that is missing is one that was never written.
        array = zarr.open_array(target.path, mode="r+").with_config({"write_empty_chunks": True})
        array[tuple(slice(*interval) for interval in region)] = block
    return block.nbytes


def chunk_shape(grid: Grid, itemsize: int) -> Shape:
    """Sides of the chunks for an array that is cut by `grid`.

    At most as long as the longest block, and at most 16 MiB where an axis can still be cut; of the lengths from
    there down to a quarter, the one whose multiples come nearest to the boundaries of the blocks.

    Examples
    --------
    >>> chunk_shape(((0, 40, 80), (0, 3), (0, 1022), (0, 1022)), itemsize=4)
    (1, 3, 1022, 1022)
    >>> chunk_shape(((0, 7, 13, 19), (0, 10)), itemsize=4)
    (7, 10)
    """
    sides: list[int] = []
    for bounds in reversed(grid):
        longest = max(stop - start for start, stop in pairwise(bounds))
        sides.append(_side(bounds, min(longest, max(1, MOST // (itemsize * prod(sides))))))
    return tuple(reversed(sides))


def aligned(grid: Grid, chunks: Shape) -> Grid:
    """The grid with every boundary at the nearest boundary of a chunk, so that no two blocks share a chunk.

    >>> aligned(((0, 7, 13, 19), (0, 10)), (7, 10))
    ((0, 7, 14, 19), (0, 10))
    """
    return tuple(
        tuple(sorted({0, size} | {min(_nearest(bound, side), size) for bound in inner}))
        for (*inner, size), side in zip(grid, chunks, strict=True)
    )


def _side(bounds: tuple[int, ...], most: int) -> int:
    sides = np.arange(most, most // 4, -1)
    shifts = sum((np.abs(_nearest(bound, sides) - bound) for bound in bounds[1:-1]), np.zeros_like(sides))
    return int(sides[np.argmin(shifts)])


def _nearest(bound: int, side: Any) -> Any:
    """The multiple of a side, or of each of some sides."""
    return (bound + side // 2) // side * side


def _create(group: zarr.Group, name: str, folder: Path, grid: Grid, dtype: DTypeLike) -> Target:
    node, shape = quote(name, safe=" "), tuple(bounds[-1] for bounds in grid)
    chunks = chunk_shape(grid, np.dtype(dtype).itemsize)
    axes = [f"{name}.{axis}" for axis in (*AXES, *map(str, range(len(AXES), len(shape))))[1 : len(shape)]]
    group.create_array(
        node,
        shape=shape,
        chunks=chunks,
        dtype=np.dtype(dtype),
        compressors=None,  # float32 of a network hardly shrinks
        dimension_names=["image", *axes],
        attributes={"layer": name},
    )
    return Target(folder / node, chunks)


def _check(path: Path, name: str, target: Target) -> None:
    import zarr

    with _writing(path):
        array = zarr.open_array(target.path, mode="r")
        written = array.nchunks_initialized
    if written != array.nchunks:
        raise RunError(f"{path}: {written} of {array.nchunks} chunks of {name} were written; run it again")


def _writing(path: Path) -> AbstractContextManager[None]:
    return telling(RunError, f"{path}: cannot be written", "choose a folder with space that every worker sees")
