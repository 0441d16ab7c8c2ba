"""Findings as a Dataset, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
import xarray as xr

from daskcnn.taskgraph.faults.case import Finding
from daskcnn.taskgraph.table import column

NUMBERS = ("value", "limit")
COLUMNS = tuple(field.name for field in fields(Finding))[1:]


def table(findings: Sequence[Finding]) -> xr.Dataset:
    """The findings along `finding`, their names, with how bad each is."""

    def values(name: str) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
        return np.array([getattr(one, name) for one in findings], dtype=float if name in NUMBERS else str)

    return xr.Dataset(
        {name: column("finding", values(name), name.title()) for name in (*COLUMNS, "severity")},
        coords={"finding": values("name")},
    )


def from_table(found: xr.Dataset) -> list[Finding]:
    """The findings of such a Dataset.

    >>> one = Finding("imbalance", 0.5, 0.2, "", "conv1", "worker 2 has more", "cut evenly")
    >>> from_table(table([one])) == [one]
    True
    """
    rows = zip(*(found[name].values.tolist() for name in ("finding", *COLUMNS)), strict=True)
    return [Finding(*row) for row in rows]
