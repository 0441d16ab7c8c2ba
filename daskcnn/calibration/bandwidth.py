"""How fast memory is read and written, by two of the STREAM benchmark's loops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from psutil import virtual_memory  # type: ignore[import-untyped, unused-ignore]

from daskcnn.calibration.timing import rates, together

SECONDS = 0.5
"""For each of the four rates."""
TIMES_CACHE = 4
"""An array's size over that of the last-level caches, as STREAM asks."""
LEAST_BYTES, MOST_BYTES = 64 << 20, 1 << 30
"""Of an array; the lesser too where the system does not tell its caches."""
SHARE = 8
"""Of the memory that is free, the part that an array takes at most."""
BLOCK = 1 << 15
"""Elements of the triad that are worked on at a time: half a result, 256 kB, stays in a core's own cache."""
FACTOR = 3.0
CPUS = Path("/sys/devices/system/cpu")

Array = NDArray[np.float64]


def bandwidth(cores: int, seconds: float = SECONDS, size: int | None = None) -> dict[str, NDArray[np.float64]]:
    """Bytes a second of one thread, and of as many as there are cores, each on its part of the arrays.

    Parameters
    ----------
    cores : int
    seconds : float
        For each of the rates.
    size : int, optional
        Bytes of each of the three arrays; several times the last-level caches by default.

    Returns
    -------
    dict of str to (repeat,) float
        `copy`, `triad`, and both with `_all`, in B/s; what is read and what is written counts.
    """
    arrays = np.ones((3, (size or array_bytes()) // 8))
    found = {}
    for end, threads in (("", 1), ("_all", cores)):
        parts = np.array_split(arrays, threads, axis=1)
        for name, work, touched in (("copy", copy, 2), ("triad", triad, 3)):
            with together(partial(_on_part, work, parts), threads) as once:
                found[f"{name}{end}"] = rates(once, touched * arrays[0].nbytes, seconds)
    return found


def copy(a: Array, b: Array, c: Array) -> None:
    """`a = b`."""
    np.copyto(a, b)


def triad(a: Array, b: Array, c: Array) -> None:
    """`a = b + FACTOR * c`, block by block: NumPy would write all of the product to memory and read it again."""
    scaled = np.empty(min(BLOCK, a.size))
    for start in range(0, a.size, BLOCK):
        block = slice(start, start + BLOCK)
        part = np.multiply(c[block], FACTOR, out=scaled[: c[block].size])
        np.add(b[block], part, out=a[block])


def _on_part(work: Callable[[Array, Array, Array], None], parts: Sequence[Array], thread: int) -> None:
    work(*parts[thread])


def array_bytes() -> int:
    """Bytes of an array that no cache holds, and that memory does."""
    wanted = min(max(TIMES_CACHE * last_level_caches(), LEAST_BYTES), MOST_BYTES)
    return int(min(wanted, virtual_memory().available // SHARE))


def last_level_caches(cpus: Path = CPUS) -> int:
    """Bytes of all caches of the highest level, 0 where the system does not tell."""
    sizes: dict[tuple[int, str], int] = {}
    for cache in cpus.glob("cpu[0-9]*/cache/index[0-9]*"):
        try:
            level, shared, size = ((cache / name).read_text().strip() for name in ("level", "shared_cpu_list", "size"))
            sizes[int(level), shared] = int(size.removesuffix("K")) << 10
        except (OSError, ValueError):
            continue
    highest = max((level for level, _ in sizes), default=0)
    return sum(size for (level, _), size in sizes.items() if level == highest)
