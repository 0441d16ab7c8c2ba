"""Words in the letters of a font."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.figures.prints import MONO, SANS, printable, wide, wrapped


@pytest.mark.parametrize("font", [SANS, MONO])
def test_letters_that_the_font_lacks_are_squares(font: str) -> None:
    assert printable("a 世 🙂 b\n c", font) == "a □ □ b c"


@given(st.text(max_size=60), st.floats(1.5, 20))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: float) -> None:
    lines = list(wrapped(text, width))
    assert "".join(lines).replace(" ", "") == printable(text).replace(" ", "")
    assert all(wide(line) <= width or len(line) == 1 for line in lines)


def test_words_stay_together_where_they_can() -> None:
    assert list(wrapped("aaaa bb cc dddd", wide("aaaa bb"))) == ["aaaa bb", "cc dddd"]


def test_letters_of_one_width_are_so() -> None:
    assert wide("iiii", MONO) == pytest.approx(wide("WWWW", MONO))
    assert wide("iiii", SANS) < wide("WWWW", SANS)
