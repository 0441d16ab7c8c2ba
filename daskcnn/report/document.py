"""A report before it has a form: sections of words, tables and figures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """Rows under a head; the first columns are names, the others numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    names: int = 1
    """Columns that are names."""
    about: str = ""
    """A line beneath."""


@dataclass(frozen=True)
class Section:
    """A heading and what is under it, in this order."""

    title: str
    figure: str = ""
    """A key of `daskcnn.figures.prints.PRINTS`."""
    words: tuple[str, ...] = ()
    """Paragraphs, a line each."""
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Document:
    """A whole report."""

    title: str
    about: str
    sections: tuple[Section, ...]
