"""How padding is cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.layers import Pad2d
from daskcnn.layers.border import Border
from tests.borders import pads
from tests.cuts import arrays, check_cut, regions
from tests.shapes import images


@given(data=st.data())
@settings(max_examples=200)
def test_any_region_is_exact(data: st.DataObject) -> None:
    shape = data.draw(images())
    op = data.draw(pads(shape))
    check_cut(op, [data.draw(arrays(shape))], {}, data.draw(regions(op, shape)), tolerance=0)


@pytest.mark.parametrize("mode", ["constant", "reflect", "edge"])
def test_blocks_need_nothing_of_their_neighbours_where_they_follow_those_of_the_input(mode: str) -> None:
    op, shape = Pad2d((2, 1, 1, 0), mode), (1, 3, 9, 9)
    bounds = op.bounds(2, 3, op.output_shape(shape), shape)
    needs = [op.needs(((0, 1), (0, 3), rows, (0, 10)), shape)[0][2] for rows in pairwise(bounds)]
    assert needs == [(0, 3), (3, 6), (6, 9)]


def test_an_axis_that_is_not_cut_is_padded_and_not_gathered() -> None:
    op, shape = Pad2d((1, 1, 1, 1), "reflect"), (1, 3, 8, 8)
    local = op.local(((0, 1), (0, 3), (0, 4), (0, 10)), shape)
    assert local.columns is None and local.rows is not None
    assert op.local(((0, 1), (0, 3), (4, 6), (0, 10)), shape) == Pad2d((0, 1, 0, 1), "reflect")


@given(border=st.builds(Border, st.integers(-2, 3), st.integers(-2, 3)), size=st.integers(5, 9))
def test_bounds_cut_all_of_the_axis(border: Border, size: int) -> None:
    for parts in range(1, border.output_size(size) + 1):
        bounds = border.bounds(parts, size)
        assert (bounds[0], bounds[-1], len(bounds)) == (0, border.output_size(size), parts + 1)
        assert all(a < b for a, b in pairwise(bounds))


@pytest.mark.parametrize(
    ("padding", "mode", "message"),
    [
        ((3, 0, 0, 0), "reflect", "does not suit an axis of 3"),
        ((0, -3, 0, 0), "edge", "does not suit an axis of 3"),
        ((-4, 0, 1, 0), "constant", "does not suit an axis of 3"),
        ((0, 0, 0, 0), "mirror", "'mirror'; use one of constant, reflect, edge, wrap"),
    ],
)
def test_what_does_not_fit_is_refused(padding: tuple[int, int, int, int], mode: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Pad2d(padding, mode).output_shape((1, 1, 3, 3))


@pytest.mark.parametrize("mode", ["reflect", "edge", "wrap"])
def test_the_whole_reads_nothing_that_it_crops(mode: str) -> None:
    op, shape = Pad2d((2, -1, -3, 1), mode), (1, 2, 7, 6)
    region = (0, 1), (0, 2), (0, 6), (0, 6)
    assert op.needs(region, shape) == (((0, 1), (0, 2), (0, 4), (1, 6)),)
    assert op.local(region, shape) == Pad2d((2, 0, 0, 1), mode)
