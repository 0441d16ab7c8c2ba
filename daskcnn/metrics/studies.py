"""Which rows of a store's table are a scaling study: alike but for the number of workers."""

import re
from collections.abc import Iterator
from math import prod
from typing import NamedTuple

import numpy as np
import xarray as xr

from daskcnn.metrics.doubt import disturbed
from daskcnn.metrics.fits import Scaling

SETTING = ("network", "engine", "cluster", "granularity")
"""What runs of a study share."""
SIZES = re.compile(r"=[0-9x]+")


class Study(NamedTuple):
    """Runs of one setting and as much work: the same, or the same for each worker."""

    kind: Scaling
    setting: tuple[str, ...]
    """Texts of `SETTING`, those that are known."""
    images: int
    """In all, for weak scaling of one worker; 0 of work that has none."""
    series: dict[str, xr.Dataset]
    """By the way of cutting, rows of the table with numbers of workers that differ, the newest of each."""


def studies(runs: xr.Dataset, fewest: int = 2) -> list[Study]:
    """The studies that a store holds, those with most runs first.

    A run counts for strong scaling with those of as many images, for weak scaling with those of as many images a
    worker, unless its sweep was for one of the two. One that lost workers counts for none.

    Parameters
    ----------
    runs : xarray.Dataset
        The store's table, oldest run first.
    fewest : int
        Numbers of workers that a way of cutting has at least.

    Examples
    --------
    >>> texts = {name: ("run", ["x"] * 3) for name in ("network", "engine", "cluster")}
    >>> chunks = {"chunks": ("run", ["batch=1", "batch=2", "batch=4"])}
    >>> numbers = {"workers": ("run", [1, 2, 4]), "images": ("run", [90] * 3), "seconds": ("run", [4.0, 2.0, 1.0])}
    >>> (found,) = studies(xr.Dataset(texts | chunks | numbers, {"run": ["a", "b", "c"]}))
    >>> found.kind, found.images, found.series["batch"]["workers"].values
    ('strong', 90, array([1, 2, 4]))
    """
    found = [*_of_kind(runs, "strong", fewest), *_of_kind(runs, "weak", fewest)]
    return sorted(found, key=lambda study: -sum(own.sizes["run"] for own in study.series.values()))


def way(chunks: str, workers: int) -> str:
    """A way of cutting, without its sizes where they make as many blocks as there are workers.

    >>> way("batch=2,channel=2", 4), way("serial", 1), way("spatial=2x2", 2)
    ('batch,channel', 'serial', 'spatial=2x2')
    """
    blocks = prod(int(size) for sizes in SIZES.findall(chunks) for size in re.findall("[0-9]{1,9}", sizes))
    return SIZES.sub("", chunks) if blocks == workers else chunks


def _of_kind(runs: xr.Dataset, kind: Scaling, fewest: int) -> Iterator[Study]:
    count = runs.sizes["run"]
    texts = {name: _texts(runs, name) for name in (*SETTING, "series", "scaling", "pair", "chunks")}
    workers, images = runs["workers"].values, runs["images"].values
    usable = np.isfinite(runs["seconds"].values) & (runs["seconds"].values > 0) & (workers > 0) & ~disturbed(runs)
    each = images if kind == "strong" else images // np.maximum(workers, 1)
    groups: dict[tuple[tuple[str, ...], int], dict[str, dict[int, int]]] = {}
    for row in range(count):
        # The second half of a pair is there for the noise alone.
        if not usable[row] or texts["scaling"][row] not in ("", kind) or texts["pair"][row] == "B":
            continue
        if kind == "weak" and (not images[row] or images[row] % workers[row]):
            continue
        setting = tuple(texts[name][row] for name in SETTING if texts[name][row])
        cut = texts["series"][row] or way(texts["chunks"][row], int(workers[row])) or texts["network"][row]
        groups.setdefault((setting, int(each[row])), {}).setdefault(cut, {})[int(workers[row])] = row
    for (setting, size), cuts in groups.items():
        for rows in cuts.values():
            # Not cut at all is any way of cutting on one worker.
            rows |= {n: row for n, row in cuts.get("serial", {}).items() if n == 1 and n not in rows}
        series = {
            cut: runs.isel(run=[rows[n] for n in sorted(rows)])
            for cut, rows in sorted(cuts.items())
            if len(rows) >= fewest
        }
        if series:
            yield Study(kind, setting, size, series)


def _texts(runs: xr.Dataset, name: str) -> list[str]:
    return runs[name].values.tolist() if name in runs else [""] * runs.sizes["run"]
