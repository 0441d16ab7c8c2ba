"""Sizes along height and width, as people give them."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral

from daskcnn.errors import UsageError

Side = int | Sequence[int]
"""One number, or two along height and width."""
Sides = int | Sequence[int]
"""One number, two, or four at top, left, bottom and right."""


def pair(value: Side) -> tuple[int, int]:
    """Along height and width; one number is that of both. UsageError for anything else.

    >>> pair(2), pair([1, 2])
    ((2, 2), (1, 2))
    """
    height, width = (value, value) if isinstance(value, Integral) else _whole(value, (2,))
    return int(height), int(width)


def sides(value: Sides) -> tuple[int, int, int, int]:
    """At top, left, bottom and right; one number is that of all, two are those along height and width.

    >>> sides(1), sides((1, 2))
    ((1, 1, 1, 1), (1, 2, 1, 2))
    """
    given = (value, value) if isinstance(value, Integral) else _whole(value, (2, 4))
    top, left, bottom, right = map(int, given if len(given) == 4 else (*given, *given))
    return top, left, bottom, right


def _whole(value: object, lengths: tuple[int, ...]) -> Sequence[int]:
    if isinstance(value, Sequence) and len(value) in lengths and all(isinstance(side, Integral) for side in value):
        return value
    counts = " or ".join(map(str, (1, *lengths)))
    raise UsageError(f"{value!r} is no size along height and width; give {counts} whole numbers")
