"""Sizes along height and width, as people give them."""

from __future__ import annotations

Side = int | tuple[int, int]
Sides = int | tuple[int, int] | tuple[int, int, int, int]


def pair(value: Side) -> tuple[int, int]:
    """Along height and width; one number is that of both.

    >>> pair(2), pair((1, 2))
    ((2, 2), (1, 2))
    """
    return (value, value) if isinstance(value, int) else value


def sides(value: Sides) -> tuple[int, int, int, int]:
    """At top, left, bottom and right; one number is that of all, two are those along height and width.

    >>> sides(1), sides((1, 2))
    ((1, 1, 1, 1), (1, 2, 1, 2))
    """
    if isinstance(value, tuple) and len(value) == 4:
        return value
    height, width = pair(value)
    return height, width, height, width
