"""A report as PDF: pages of words and tables, and for each figure a page with its words under it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.transforms import Bbox

from daskcnn.figures.prints import MONO, SANS, printable, wide, wrapped
from daskcnn.report.document import Document, Table

SIZE = 11.69, 8.27
"""A4 across, in inches."""
MARGIN = 0.6
ROOM = SIZE[1] - 2 * MARGIN
"""Height of what a page has room for."""
POINT = 1 / 72
"""In inches."""
SPACING = 1.45
"""From one line to the next, in heights of letters."""
PLAIN, SMALL = 9.5, 7.5
"""Points of letters, of words and of tables."""
HEADED = 4
"""Lines that a heading is on a page with."""
MOST = 6.0
"""Inches of words and tables that go under a figure."""
CELL = 46
"""Letters of a cell."""
GAP = 2
"""Letters between columns."""


class Line(NamedTuple):
    """A line of a page."""

    text: str
    points: float = PLAIN
    font: str = SANS
    bold: bool = False
    together: int = 1
    """With how many lines, itself among them, it is on one page where that has room."""

    @property
    def height(self) -> float:
        """In inches."""
        return self.points * SPACING * POINT


BLANK = Line("", 6)


def pdf(report: Document, draw: Mapping[str, Callable[[], Figure]], path: Path) -> None:
    """Write a report.

    Parameters
    ----------
    report : Document
    draw : mapping of str to callable
        What draws each figure anew, by its name.
    path : Path
    """
    with PdfPages(path, metadata={"Title": printable(report.title), "CreationDate": None}) as file:
        waiting = [*(Line(line, 16, bold=True) for line in _wrapped(report.title, 16)), *_words([report.about])]
        for section in report.sections:
            head = Line(section.title, 13, bold=True, together=HEADED)
            tables = [line for table in section.tables for line in _table(table)]
            if not section.figure:
                waiting += [BLANK, head, *_words(section.words), *tables]
                continue
            for page in _pages(waiting):
                file.savefig(page)
            beneath = [*_words(section.words), *tables]
            waiting = beneath if _height(beneath) > MOST else []
            _save(file, draw[section.figure](), head, [] if waiting else beneath)
            waiting = [head, *waiting] if waiting else []
        for page in _pages(waiting):
            file.savefig(page)


def _save(file: PdfPages, drawn: Figure, head: Line, beneath: Sequence[Line]) -> None:
    """Save a figure with its heading above and its words beneath, on a page that is as much higher."""
    width, height = drawn.get_size_inches()
    left = -max(SIZE[0] - width, 0) / 2
    # Panels and key stay where they are in the figure, whatever is put around it.
    drawn.draw_without_rendering()
    drawn.set_layout_engine("none")
    for key in drawn.legends:
        key.set_bbox_to_anchor((0, 0, 1, 1), transform=drawn.transFigure)
    _put(drawn, [head], left + MARGIN, height + MARGIN)
    _put(drawn, beneath, left + MARGIN, -MARGIN / 3)
    page = Bbox.from_extents(left, -_height(beneath) - MARGIN, width - left, height + 1.5 * MARGIN)
    file.savefig(drawn, bbox_inches=page)  # type: ignore[no-untyped-call, unused-ignore]


def _pages(lines: Sequence[Line]) -> Iterator[Figure]:
    """Pages of words."""
    page: list[Line] = []
    for place, line in enumerate(lines):
        needed = _height(lines[place : _end(lines, place)])
        if page and _height(page) + (needed if needed <= ROOM else line.height) > ROOM:
            yield _page(page)
            page = []
        if page or line.text:
            page.append(line)
    if page:
        yield _page(page)


def _end(lines: Sequence[Line], place: int) -> int:
    """Where those end that are on one page with a line: a heading keeps the table under it, which keeps its rows."""
    end = place + 1
    while place < min(end, len(lines)):
        end, place = max(end, place + lines[place].together), place + 1
    return end


def _page(lines: Sequence[Line]) -> Figure:
    drawn = Figure(figsize=SIZE)
    _put(drawn, lines, MARGIN, SIZE[1] - MARGIN)
    return drawn


def _put(drawn: Figure, lines: Sequence[Line], left: float, top: float) -> None:
    """Lines beneath each other, from so many inches to the right and upwards of a figure's corner."""
    width, height = drawn.get_size_inches()
    for line in lines:
        font = FontProperties(family=line.font, size=line.points, weight="bold" if line.bold else "normal")
        drawn.text(left / width, top / height, line.text, va="top", parse_math=False, fontproperties=font)
        top -= line.height


def _height(lines: Sequence[Line]) -> float:
    """In inches."""
    return sum(line.height for line in lines)


def _wrapped(text: str, points: float) -> Iterator[str]:
    return wrapped(text, (SIZE[0] - 2 * MARGIN) / (points * POINT))


def _words(lines: Sequence[str]) -> list[Line]:
    """Paragraphs."""
    return [Line(part) for line in lines for part in _wrapped(line, PLAIN)]


def _table(table: Table) -> Iterator[Line]:
    """A table in letters of one width; columns for which a line is too short follow below, after the names again."""
    yield BLANK
    columns = [[_cell(cell) for cell in column] for column in zip(table.head, *table.rows, strict=True)]
    widths = [max(map(len, column)) for column in columns]
    names = list(range(table.names))
    for places in _fitting(widths, names):
        together = len(table.rows) + 1
        for row in zip(*(columns[place] for place in places), strict=True):
            cells = (_aligned(cell, widths[at], left=at in names) for at, cell in zip(places, row, strict=True))
            yield Line((" " * GAP).join(cells), SMALL, MONO, together=together)
            together = 1
        yield BLANK
    yield from (Line(part, 8) for part in _wrapped(table.about, 8) if table.about)


def _aligned(cell: str, width: int, *, left: bool) -> str:
    return cell.ljust(width) if left else cell.rjust(width)


def _cell(text: str) -> str:
    shown = printable(text, MONO)
    return shown if len(shown) <= CELL else f"{shown[: CELL - 1]}…"


def _fitting(widths: Sequence[int], names: list[int]) -> Iterator[list[int]]:
    """Which columns go side by side: the names each time, and as many others as a line has room for."""
    room = int((SIZE[0] - 2 * MARGIN) / (SMALL * POINT * wide("0", MONO)))
    side = list(names)
    for place in range(len(names), len(widths)):
        if len(side) > len(names) and sum(widths[other] + GAP for other in (*side, place)) > room:
            yield side
            side = list(names)
        side.append(place)
    yield side
