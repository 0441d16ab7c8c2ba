"""Tables of words escape what is put in."""

import pytest

from daskcnn.figures.arrange import wrapped
from daskcnn.figures.cells import Cell, cells
from daskcnn.figures.notes import note, within

HOSTILE = "<script>window.hacked = 1</script>"


@pytest.mark.parametrize("text", [HOSTILE, Cell(HOSTILE), Cell(HOSTILE, "#ffffff")])
def test_whatever_is_put_in_is_text(text: str | Cell) -> None:
    found = cells(HOSTILE, [HOSTILE, "b"], [[HOSTILE, text]], HOSTILE)
    assert "<script>" not in found.text
    assert found.text.count("&lt;script&gt;") == 6
    assert found.disable_math


def test_a_page_within_a_page_is_one_address() -> None:
    assert 'src="a&quot;b"' in within('a"b', "title").text


def test_side_by_side_as_wide_as_there_is_room() -> None:
    found = wrapped([note("a"), note("b")], narrowest=300)
    assert [child.text for child in found.children] == ["<h1>a</h1>", "<h1>b</h1>"]
    assert "minmax(min(100%, 300px), 1fr)" in found.styles["grid-template-columns"]
