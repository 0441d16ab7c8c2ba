"""A report as Markdown; what comes from files is text, whatever it looks like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from daskcnn.report.document import Document, Section, Table

SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|$~&]")
LEADING = re.compile(r"^(\d*)([-+.)=])")


def markdown(report: Document, image: Callable[[str], str]) -> str:
    """The text of a report.

    Parameters
    ----------
    report : Document
    image : callable
        Where the picture of a figure lies, from its name.
    """
    lines = [f"# {escaped(report.title)}", "", paragraph(report.about), ""]
    for section in report.sections:
        lines += _section(section, image)
    return "\n".join(lines)


def escaped(text: str) -> str:
    r"""Text in one line that no reader of Markdown takes for anything else.

    >>> print(escaped("a|b <script> $x$ [y](z)"))
    a\|b \<script\> \$x\$ \[y\](z)
    """
    return SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))


def paragraph(text: str) -> str:
    r"""The same at the beginning of a line, where more has a meaning.

    >>> print(paragraph("1. a - b"), paragraph("- a"))
    1\. a - b \- a
    """
    return LEADING.sub(r"\1\\\2", escaped(text))


def _section(section: Section, image: Callable[[str], str]) -> Iterator[str]:
    yield from (f"## {escaped(section.title)}", "")
    if section.figure:
        yield from (f"![{escaped(section.title)}]({image(section.figure)})", "")
    if section.words:
        yield from (*(f"- {paragraph(line)}" for line in section.words), "")
    for table in section.tables:
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    sides = [":--" if place < table.names else "--:" for place in range(len(table.head))]
    yield from map(_row, (table.head, sides))
    yield from (_row([escaped(cell) for cell in row]) for row in table.rows)
    yield ""
    if table.about:
        yield from (paragraph(table.about), "")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
