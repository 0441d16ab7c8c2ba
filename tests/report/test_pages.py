"""Reports as PDF."""

import re
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from daskcnn.figures.prints import MONO, wide
from daskcnn.report import pages
from daskcnn.report.document import Document, Section, Table
from tests.report.hostile import HOSTILE


def drawn() -> Figure:
    figure = Figure(figsize=(4, 3), layout="constrained")
    (line,) = figure.add_subplot().plot([1, 2], label="a")
    figure.legend(handles=[line], loc="outside lower center")
    return figure


def written(folder: Path, *sections: Section) -> list[tuple[float, float]]:
    """The sizes of a report's pages, in inches."""
    file = folder / "report.pdf"
    pages.pdf(Document("Title", "About.", sections), {"a": drawn}, file)
    content = file.read_bytes()
    assert content.startswith(b"%PDF")
    boxes = re.findall(rb"/MediaBox \[ ([\d. ]+) \]", content)
    return [(float(w) / 72, float(h) / 72) for _, _, w, h in (box.split() for box in boxes)]


def test_a_figure_has_its_words_and_tables_on_its_page(tmp_path: Path) -> None:
    table = Table(("Way", "Time"), (("batch", "1 s"),))
    plain = written(tmp_path, Section("1. First", "a"))
    ((width, height),) = plain[1:]
    assert len(plain) == 2  # the title's and the figure's
    assert (width, height) == pytest.approx((pages.SIZE[0], 3 + 2.5 * pages.MARGIN), abs=0.02)
    more = written(tmp_path, Section("1. First", "a", ("One.",), (table,)))
    assert len(more) == 2 and more[1][1] > height


def test_long_tables_go_on_pages_of_their_own(tmp_path: Path) -> None:
    table = Table(("Way", "Time"), (("batch", "1 s"),) * 100)
    sizes = written(tmp_path, Section("1. First", "a", (), (table,)), Section("Second", words=("One.",)))
    assert len(sizes) == 2 + 3
    assert [size == pytest.approx(pages.SIZE, abs=0.02) for size in sizes[2:]] == [True] * 3


def test_hostile_names_are_written(tmp_path: Path) -> None:
    table = Table(HOSTILE, (HOSTILE,) * 2, about=HOSTILE[4])
    assert len(written(tmp_path, Section(HOSTILE[2], "a", HOSTILE, (table,)))) == 2


def test_columns_that_do_not_fit_follow_below() -> None:
    head = tuple(f"Column {place}" for place in range(30))
    table = Table(head, (tuple("x" * 20 for _ in head),), names=2)
    lines = [line for line in pages._table(table) if line.text]
    room = (pages.SIZE[0] - 2 * pages.MARGIN) / (pages.SMALL * pages.POINT)
    assert all(wide(line.text, MONO) <= room for line in lines)
    heads = [line.text for line in lines if "Column" in line.text]
    assert len(heads) > 1 and all(text.startswith("Column 0") and "Column 1 " in text for text in heads)
    assert {name for text in heads for name in re.findall(r"Column \d+", text)} == set(head)


def test_a_heading_is_not_left_alone_at_the_foot_of_a_page() -> None:
    lines = [pages.Line(f"{n}") for n in range(200)]
    for place in range(20, 60):
        head = pages.Line("Heading", 13, bold=True, together=pages.HEADED)
        found = pages._pages([*lines[:place], head, *lines[place:]])
        for page in found:
            texts = [text.get_text() for text in page.texts]
            assert texts[-1] != "Heading"


def test_pages_hold_what_fits_on_them() -> None:
    for page in pages._pages([pages.Line(f"{n}") for n in range(100)]):
        places = [text.get_position()[1] for text in page.texts]
        assert min(places) > pages.MARGIN / pages.SIZE[1] * 0.9 and max(places) < 1


def test_a_table_that_a_page_has_room_for_is_on_one() -> None:
    table = list(pages._table(Table(("Way", "Time"), (("batch", "1 s"),) * 20)))
    for place in range(0, 60, 7):
        found = [
            [text.get_text() for text in page.texts] for page in pages._pages([*[pages.Line("x")] * place, *table])
        ]
        assert [sum("batch" in text for text in texts) for texts in found if any("batch" in t for t in texts)] == [20]
