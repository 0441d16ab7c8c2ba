"""Names and words as letters that the font has, and how much room they take."""

from collections.abc import Iterator
from functools import cache

from matplotlib.font_manager import findfont, get_font
from matplotlib.ft2font import LoadFlags

from daskcnn.figures.labels import LONGEST, short

SANS, MONO = "DejaVu Sans", "DejaVu Sans Mono"
"""Fonts that Matplotlib brings with it."""
MISSING = "\N{WHITE SQUARE}"


def letters(name: str, longest: int = LONGEST) -> str:
    r"""The short name, never read as mathematics.

    >>> print(letters("$x$ 世"), "|", letters("batch=2 " * 9))
    \$x\$ □ | batch=2 batch=2 batch=2 bat…
    """
    return short(printable(name), longest).replace("$", r"\$")


def printable(text: str, font: str = SANS) -> str:
    """Text in one line, with a square for every letter that the font lacks."""
    known = _letters(font)
    return "".join(letter if ord(letter) in known else MISSING for letter in " ".join(text.split()))


def wrapped(text: str, width: float, font: str = SANS) -> Iterator[str]:
    """Lines of printable text, each at most so wide, in heights of the font; words that are wider are cut.

    >>> list(wrapped("in two words", 4.0)), list(wrapped("WWWWWWW", 4.0))
    (['in two', 'words'], ['WWWW', 'WWW'])
    """
    line = ""
    for word in printable(text, font).split(" "):
        longer = f"{line} {word}" if line else word
        if wide(longer, font) > width and line:
            yield line
            longer = word
        while wide(longer, font) > width and len(longer) > 1:
            fitting = next(
                count for count in range(len(longer) - 1, 0, -1) if wide(longer[:count], font) <= width or count == 1
            )
            yield longer[:fitting]
            longer = longer[fitting:]
        line = longer
    yield line


def wide(text: str, font: str = SANS) -> float:
    """How much room printable text takes, in heights of the font."""
    return sum(_advance(letter, font) for letter in text)


@cache
def _letters(font: str) -> frozenset[int]:
    return frozenset(get_font(findfont(font)).get_charmap())


@cache
def _advance(letter: str, font: str) -> float:
    found = get_font(findfont(font))
    found.set_size(100, 72)
    # In 65536ths of a point, of letters of 100 points.
    return found.load_char(ord(letter), LoadFlags.NO_HINTING).linearHoriAdvance / 6_553_600
