"""What is printed: JSON documents, tables, pairs of names and values.

By `print`, which keeps to the encoding of standard output: click's echo writes UTF-8 where that is ASCII.
"""

from __future__ import annotations

import json
import math
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from typing import Any

import click
import xarray as xr
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from daskcnn.cli import said
from daskcnn.metrics import doubts

UNLIMITED = 100_000
"""Columns where no terminal says how many there are: a row stays a line for who reads a pipe or a file."""
GAP = 2
"""Blank columns between two of a table."""


def document(value: Any) -> None:
    """One JSON document; what is not a finite number is null, and what JSON has no kind for a text."""
    click.echo(json.dumps(_plain(value), indent=2, default=str))


def title(text: str) -> None:
    """A line, and an empty one."""
    print(f"{clean(text)}\n")


def pairs(rows: Iterable[tuple[str, str]]) -> None:
    """Names and their values, one pair a line."""
    terminal, drawn = console(), Table(box=None, show_header=False, pad_edge=False, padding=(0, GAP, 0, 0))
    for row in rows:
        drawn.add_row(*(Text(clean(cell)) for cell in row))
    for line in terminal.render_lines(drawn, pad=False):
        print("".join(segment.text for segment in line).rstrip())


def table(titles: Sequence[str], rows: Iterable[Sequence[str]], texts: Container[str] = ()) -> None:
    """A table with the columns of `texts` to the left, the others to the right as numbers are.

    A cell may have several lines. Columns that a terminal is too narrow for follow below, after the first one again.
    """
    terminal = console()
    heads = [clean(title).split(" ") for title in titles]
    lines_of = chain.from_iterable(map(_unfolded, rows))
    bodies = [list(map(clean, cells)) for cells in zip(*lines_of, strict=True)] or [[] for _ in titles]
    widths = [max(map(_width, head + body)) for head, body in zip(heads, bodies, strict=True)]
    for number, places in enumerate(_fitting(widths, terminal.width)):
        height = max(len(heads[place]) for place in places)
        columns = [
            _aligned(
                [""] * (height - len(heads[place])) + heads[place] + bodies[place],
                widths[place],
                left=titles[place] in texts,
            )
            for place in places
        ]
        lines = [(" " * GAP).join(cells).rstrip() for cells in zip(*columns, strict=True)]
        rule = "-" if terminal.options.ascii_only else "─"
        under = rule * (sum(widths[place] + GAP for place in places) - GAP)
        if number:
            print()
        head = "\n".join(lines[:height])
        print(click.style(head, bold=True) if terminal.is_terminal else head)
        print("\n".join([under, *lines[height:]]))


def doubted(runs: xr.Dataset) -> None:
    """On standard error, a line for each thing that makes a run's numbers doubtful."""
    for line in doubts(runs):
        said.warning(line)


def console() -> Console:
    """Standard output, as wide as its terminal."""
    found = Console(highlight=False)
    if not found.is_terminal:
        found.width = UNLIMITED
    return found


def _fitting(widths: Sequence[int], width: int) -> Iterator[list[int]]:
    """Numbers of the columns that go side by side: the first one each time, and as many others as fit."""
    side: list[int] = [0]
    for place in range(1, len(widths)):
        if len(side) > 1 and sum(widths[other] + GAP for other in (*side, place)) - GAP > width:
            yield side
            side = [0]
        side.append(place)
    yield side


def _unfolded(row: Sequence[str]) -> Iterable[Sequence[str]]:
    """The lines of a row."""
    if not any("\n" in cell for cell in row):
        return (row,)
    return zip_longest(*(cell.split("\n") for cell in row), fillvalue="")


def _aligned(cells: Sequence[str], width: int, *, left: bool) -> list[str]:
    """Cells of one width."""
    gaps = [" " * (width - _width(cell)) for cell in cells]
    return [cell + gap if left else gap + cell for cell, gap in zip(cells, gaps, strict=True)]


def _width(text: str) -> int:
    """Columns of a terminal."""
    return len(text) if text.isascii() else cell_len(text)


def clean(text: str) -> str:
    """No control codes: what comes from files must not style the terminal."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return None if isinstance(value, float) and not math.isfinite(value) else value
