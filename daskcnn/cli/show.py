"""What is printed: JSON documents and tables."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDE = 200
"""Columns where nobody's terminal says how many there are."""


def document(value: Any) -> None:
    """One JSON document; what is not a finite number is null."""
    click.echo(json.dumps(_plain(value), indent=2, ensure_ascii=False))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], title: str = "", numbers: bool = True) -> None:
    """A table: the first column to the left, the others to the right where they are numbers."""
    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    drawn = Table(title=Text(title) if title else None, title_justify="left")
    for place, column in enumerate(columns):
        drawn.add_column(Text(column), justify="right" if numbers and place else "left", overflow="fold")
    for row in rows:
        # Text, not markup: what comes from files must not style the terminal.
        drawn.add_row(*(Text(cell) for cell in row))
    console.print(drawn)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return None if isinstance(value, float) and not math.isfinite(value) else value
