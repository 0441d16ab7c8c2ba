"""What is printed: JSON documents, tables, pairs of names and values."""

from __future__ import annotations

import json
import math
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any, Literal

import click
import xarray as xr
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from daskcnn.metrics import doubts

UNLIMITED = 100_000
"""Columns where no terminal says how many there are: a row stays a line for who reads a pipe or a file."""
GAP = 2
"""Blank columns between two of a table."""


def document(value: Any) -> None:
    """One JSON document; what is not a finite number is null."""
    click.echo(json.dumps(_plain(value), indent=2))


def title(text: str) -> None:
    """A line, and an empty one."""
    click.echo(f"{_text(text)}\n")


def pairs(rows: Iterable[tuple[str, str]]) -> None:
    """Names and their values, one pair a line."""
    drawn = Table(box=None, show_header=False, pad_edge=False, padding=(0, GAP, 0, 0))
    for row in rows:
        drawn.add_row(*map(_text, row))
    console().print(drawn)


def table(titles: Sequence[str], rows: Iterable[Sequence[str]], texts: Container[str] = ()) -> None:
    """A table with the columns of `texts` to the left, the others to the right as numbers are.

    Columns that a terminal is too narrow for follow below, after the first one again.
    """
    terminal, cells = console(), list(rows)
    heads = [title.replace(" ", "\n") for title in titles]
    for number, places in enumerate(_fitting([heads, *cells], terminal.width)):
        drawn = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0))
        for place in places:
            side: Literal["left", "right"] = "left" if titles[place] in texts else "right"
            drawn.add_column(Text(heads[place]), justify=side, overflow="fold")
        for row in cells:
            drawn.add_row(*(_text(row[place]) for place in places))
        if number:
            terminal.print()
        terminal.print(drawn)


def doubted(runs: xr.Dataset) -> None:
    """On standard error, a line for each thing that makes a run's numbers doubtful."""
    for line in doubts(runs):
        click.echo(f"daskcnn: {line}", err=True)


def console() -> Console:
    """Standard output, as wide as its terminal."""
    found = Console(highlight=False)
    if not found.is_terminal:
        found.width = UNLIMITED
    return found


def _fitting(rows: Sequence[Sequence[str]], width: int) -> Iterator[list[int]]:
    """Numbers of the columns that go side by side: the first one each time, and as many others as fit."""
    widths = [max(cell_len(line) for cell in column for line in cell.split("\n")) for column in zip(*rows, strict=True)]
    side: list[int] = [0]
    for place in range(1, len(widths)):
        if len(side) > 1 and sum(widths[other] + GAP for other in (*side, place)) - GAP > width:
            yield side
            side = [0]
        side.append(place)
    yield side


def _text(value: str) -> Text:
    """Text, not markup, and no control codes: what comes from files must not style the terminal."""
    return Text(
        "".join(letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in value)
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return None if isinstance(value, float) and not math.isfinite(value) else value
