"""Several ways to cut side by side: every number of every question, a column a way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import xarray as xr

from daskcnn.asking import question
from daskcnn.cli import show
from daskcnn.quantity import quantity

WHOLE = {"": "", "max": ", most of a worker", "sum": ", in all"}
"""How many numbers are told as one, and in what words."""
APART = ("of", "exchange")
"""Dimensions so short that each entry is told."""
UNKNOWN = "unknown"
"""What counts begin with that are of no interest where they are 0."""

Answers = Mapping[str, xr.Dataset]
"""What each question found, by its name."""


def side_by_side(title: str, ways: Sequence[str], answers: Sequence[Answers]) -> None:
    """Print the table.

    Parameters
    ----------
    title : str
    ways : sequence of str
        Heads of the columns.
    answers : sequence of Answers
        One a way, all to the same questions.
    """
    rows = []
    for asked in answers[0]:
        found = [own[asked] for own in answers]
        rows += [[getattr(question(asked), "TITLE", asked), *[""] * len(ways)]]
        rows += [[f"  {name}", *cells] for name, cells in _rows(found)]
    show.title(title)
    show.table(["", *ways], rows, texts=[""])


def _rows(found: Sequence[xr.Dataset]) -> Iterator[tuple[str, list[str]]]:
    """What one question found: names, and a cell a way."""
    for name, values in found[0].data_vars.items():
        own = [one[name] for one in found]
        label = str(values.attrs.get("long_name", name))
        if values.dims in [(dim,) for dim in APART]:
            entries = dict.fromkeys(str(entry) for one in own for entry in one[values.dims[0]].values.tolist())
            for entry in entries:
                numbers = [_entry(one, entry) for one in own]
                if any(numbers):
                    yield f"{label}: {entry}", list(map(_cell, numbers))
        elif (whole := _whole(values)) is not None:
            numbers = [getattr(one, whole)(skipna=False) if whole else one for one in own]
            if not _dull(str(name), numbers):
                yield label + WHOLE[whole], list(map(_cell, numbers))
    if "finding" in found[0].dims:
        yield "findings", ["\n".join(one["finding"].values.tolist()) or "none" for one in found]


def _whole(values: xr.DataArray) -> str | None:
    """How an answer is one number: as it is, of the worker that has most, of all layers; None if it is not."""
    if values.dtype.kind not in "biuf" or values.dims not in ((), ("worker",), ("layer",)):
        return None
    if values.dims != ("layer",):
        return "max" if values.dims else ""
    adds_up = values.dtype.kind in "iu" or values.attrs.get("units") in ("B", "FLOP")
    return "sum" if adds_up else None


def _entry(values: xr.DataArray, entry: str) -> xr.DataArray:
    """One of an answer's entries; nothing where this way has none."""
    at = np.flatnonzero(values[values.dims[0]].values == entry)
    return values[at[0]] if at.size else xr.zeros_like(values[:1].sum(keep_attrs=True))


def _dull(name: str, numbers: Sequence[xr.DataArray]) -> bool:
    """Whether it is known of no way, or how many are unknown, and none are."""
    values = np.array([number.item() for number in numbers], dtype=float)
    return bool(np.isnan(values).all() or (name.startswith(UNKNOWN) and not values.any()))


def _cell(number: xr.DataArray) -> str:
    return quantity(number.item(), str(number.attrs.get("units", "")))
