"""Times of several ways to do a thing, turn and turn about, and their table."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

import click
import numpy as np

from daskcnn.cli import show
from daskcnn.provenance import provenance

REPEATS = 7


def interleaved(ways: Mapping[str, Callable[[], object]], repeats: int = REPEATS) -> dict[str, list[float]]:
    """Seconds of each way for each repeat, after a round that is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for repeat in range(repeats + 1):
        for name, way in ways.items():
            start = perf_counter()
            way()
            if repeat:
                seconds[name].append(perf_counter() - start)
    return seconds


def ratio(seconds: Mapping[str, list[float]], own: str, other: str) -> tuple[float, float, float]:
    """How many times as fast `own` is as `other`: median of the repeats' ratios, and their quartiles."""
    found = np.array(seconds[other]) / np.array(seconds[own])
    middle, low, high = np.percentile(found, (50, 25, 75))
    return float(middle), float(low), float(high)


def text(found: tuple[float, float, float]) -> str:
    """A ratio with its quartiles."""
    middle, low, high = found
    return f"{middle:.2f}  [{low:.2f}, {high:.2f}]"


def report(columns: list[str], rows: list[list[str]], numbers: list[dict[str, Any]], path: Path | None) -> None:
    """Print the table; write the numbers with the machine that they came from."""
    show.table(columns, rows)
    if path:
        path.write_text(json.dumps({"machine": provenance(), "rows": numbers}, indent=2) + "\n")
        click.echo(f"wrote {path}")
