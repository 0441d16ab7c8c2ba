"""The walk's tables row by row, and the few words that many rows alike come to."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

import xarray as xr

from daskcnn.plan_tables import numbers
from daskcnn.region import Interval

FEW = 8
"""Rows that are shown one by one."""
Row = dict[str, Any]


def rows(table: xr.Dataset) -> list[Row]:
    """A table's rows; a box as `box`, the first index and the one behind the last of each axis that it has.

    Examples
    --------
    >>> ends = {"start": (("share", "axis"), [[0, -1]]), "stop": (("share", "axis"), [[4, -1]])}
    >>> rows(xr.Dataset({"worker": ("share", [3]), **ends}, coords={"axis": ["batch", "height"]}))
    [{'worker': 3, 'box': {'batch': (0, 4)}}]
    """
    plain = [str(name) for name in table.variables if table[name].ndim == 1 and name != "axis"]
    found = [dict(zip(plain, values, strict=True)) for values in zip(*map(_values(table), plain), strict=True)]
    if "start" in table:
        axes = table["axis"].values.tolist()
        for row, starts, stops in zip(found, *map(_values(table), ("start", "stop")), strict=True):
            ends = zip(axes, starts, stops, strict=True)
            row["box"] = {axis: (start, stop) for axis, start, stop in ends if start >= 0}
    return found


def by_layer(found: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by the layer that they are of."""
    own: dict[str, list[Row]] = {}
    for row in found:
        own.setdefault(row["layer"], []).append(row)
    return own


def groups(found: Sequence[Row], key: Callable[[Row], Hashable]) -> list[list[Row]]:
    """Each row for itself; those of a key together where there are many; all together where there are many keys.

    >>> [len(groups([{"a": number // by} for number in range(20)], lambda row: row["a"])) for by in (1, 10)]
    [1, 2]
    """
    if len(found) <= FEW:
        return [[row] for row in found]
    alike: dict[Hashable, list[Row]] = {}
    for row in found:
        alike.setdefault(key(row), []).append(row)
    return list(alike.values()) if len(alike) <= FEW else [list(found)]


def who(workers: Iterable[int]) -> str:
    """Which workers, however many.

    >>> who([0, 1, 2]), who(range(0, 40, 2))
    ('0 to 2', '20 of 0 to 38')
    """
    own = sorted(set(workers))
    text = numbers(own)
    return text if len(own) <= FEW or "," not in text else f"{len(own):,} of {own[0]} to {own[-1]}"


def number(values: Iterable[int]) -> str:
    """A number, or the least and the most of several.

    >>> number([1000, 1000]), number([5, 3])
    ('1,000', '3 to 5')
    """
    own = sorted(set(values))
    return f"{own[0]:,}" if len(own) == 1 else f"{own[0]:,} to {own[-1]:,}"


def short(items: Iterable[object]) -> list[str]:
    """Things as texts, those in the middle left out where there are many.

    >>> short(range(100))
    ['0', '1', '2', '3', '4', '5', '…', '99']
    """
    texts = [str(item) for item in items]
    return texts if len(texts) <= FEW else [*texts[: FEW - 2], "…", texts[-1]]


def extent(intervals: Iterable[Interval]) -> str:
    """The indices of an axis, both ends included; of several intervals how long each is.

    >>> extent([(0, 8)]), extent([(5, 6)]), extent([(0, 25), (25, 50)]), extent([(0, 0)])
    ('0–7', '5', '25 each', 'none')
    """
    own = set(intervals)
    if len(own) > 1:
        return f"{number(stop - start for start, stop in own)} each"
    ((start, stop),) = own
    if stop == start:
        return "none"
    return f"{start:,}–{stop - 1:,}" if stop - start > 1 else f"{start:,}"


def _values(table: xr.Dataset) -> Callable[[str], list[Any]]:
    return lambda name: table[name].values.tolist()
