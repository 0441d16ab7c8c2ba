"""Sizes along height and width, as people give them."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import cast

Side = int | Sequence[int]
"""One number, or two along height and width."""
Sides = int | Sequence[int]
"""One number, two, or four at top, left, bottom and right."""


def pair(value: Side) -> tuple[int, int]:
    """Along height and width; one number is that of both.

    >>> pair(2), pair([1, 2])
    ((2, 2), (1, 2))
    """
    height, width = (value, value) if isinstance(value, Integral) else cast(Sequence[int], value)
    return int(height), int(width)


def sides(value: Sides) -> tuple[int, int, int, int]:
    """At top, left, bottom and right; one number is that of all, two are those along height and width.

    >>> sides(1), sides((1, 2))
    ((1, 1, 1, 1), (1, 2, 1, 2))
    """
    if isinstance(value, Sequence) and len(value) == 4:
        top, left, bottom, right = map(int, value)
        return top, left, bottom, right
    height, width = pair(value)
    return height, width, height, width
