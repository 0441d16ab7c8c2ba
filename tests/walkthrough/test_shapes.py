"""Boxes to scale."""

import pytest

from daskcnn.walkthrough.shapes import LEAST, LENGTH, Patch, View, figure, hatches, ranges

SIZES = {"batch": 4, "channel": 10, "height": 40, "width": 20}


def test_rows_and_columns_have_one_scale() -> None:
    view = View("height", "width", SIZES)
    scale = LENGTH / 40
    box = {"height": (10, 30), "width": (5, 20)}
    assert view.pixels(box) == pytest.approx((10 * scale, 5 * scale, 20 * scale, 15 * scale))


def test_a_strip_is_as_long_as_its_axis() -> None:
    assert View(None, "channel", SIZES).pixels({"channel": (5, 10)}) == (0, LENGTH / 2, LEAST, LENGTH / 2)


def test_a_single_element_is_not_blown_up() -> None:
    view = View("height", "width", SIZES | {"height": 1, "width": 1})
    assert view.pixels({"height": (0, 1), "width": (0, 1)}) == (0, 0, LEAST, LEAST)


def test_numbers_stand_where_there_is_room() -> None:
    view, colours = View("height", "width", SIZES), {3: "#333333"}
    patches = [Patch({"height": (0, rows), "width": (0, 20)}, 3) for rows in (1, 40)]
    small, large = (figure(view, [patch], colours, "rows") for patch in patches)
    assert [own.findtext(".//text") for own in (small, large)] == [None, "3"]
    assert large.findtext(".//rect/title") == "worker 3: rows 0–39, columns 0–19"
    assert ranges({"axis4": (2, 3)}) == "axis4 2"


def test_a_hatch_a_colour() -> None:
    found = hatches({0: "#111111", 1: "#222222", 2: "#111111"})
    assert [own.attrib["id"] for own in found.iter("pattern")] == ["received-111111", "received-222222"]
