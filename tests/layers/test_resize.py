"""How resampling is cut."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.layers import Resize2d
from daskcnn.layers.place import Place
from tests.cuts import arrays, check_cut, regions
from tests.resizes import resizes
from tests.shapes import images


@given(data=st.data())
@settings(max_examples=200)
def test_any_region_is_exact(data: st.DataObject) -> None:
    shape = data.draw(images())
    op = data.draw(resizes(shape))
    check_cut(op, [data.draw(arrays(shape))], {}, data.draw(regions(op, shape)))


def test_doubling_by_the_nearest_needs_nothing_of_the_neighbours_and_no_place() -> None:
    op, shape = Resize2d((2, 2)), (1, 3, 7, 7)
    bounds = op.bounds(2, 3, op.output_shape(shape), shape)
    blocks = [((0, 1), (0, 3), rows, (0, 14)) for rows in pairwise(bounds)]
    assert [op.needs(block, shape)[0][2] for block in blocks] == [(0, 3), (3, 5), (5, 7)]
    assert all(op.local(block, shape) == op for block in blocks)


def test_doubling_by_means_needs_a_row_of_each_neighbour_and_a_place() -> None:
    op, shape = Resize2d((2, 2), mode="linear"), (1, 3, 9, 9)
    bounds = op.bounds(2, 3, op.output_shape(shape), shape)
    blocks = [((0, 1), (0, 3), rows, (0, 18)) for rows in pairwise(bounds)]
    assert [op.needs(block, shape)[0][2] for block in blocks] == [(0, 4), (2, 7), (5, 9)]
    assert op.local(blocks[1], shape).rows == Place((6, 12), 2, 9)
    assert op.local(blocks[1], shape).columns is None


@given(data=st.data())
def test_bounds_cut_all_of_the_axis(data: st.DataObject) -> None:
    shape = data.draw(images())
    op = data.draw(resizes(shape))
    for axis, size in list(enumerate(op.output_shape(shape)))[1:]:
        for parts in range(1, size + 1):
            bounds = op.bounds(axis, parts, op.output_shape(shape), shape)
            assert (bounds[0], bounds[-1], len(bounds)) == (0, size, parts + 1)
            assert all(a < b for a, b in pairwise(bounds))


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({}, "pass one of them"),
        ({"scales": (1.0, 1.0), "sizes": (2, 2)}, "pass one of them"),
        ({"scales": (0.0, 1.0)}, "above 0"),
        ({"sizes": (3, 3), "mode": "cubic"}, "mode 'cubic'; use one of nearest, linear"),
        ({"sizes": (3, 3), "coordinate_transformation_mode": "tf_crop_and_resize"}, "'tf_crop_and_resize'; use"),
        ({"scales": (0.2, 1.0)}, "leaves nothing of an axis of 4; use 0.25"),
    ],
)
def test_what_does_not_fit_is_refused(attributes: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Resize2d(**attributes).output_shape((1, 1, 4, 4))
