"""What reshaping says of itself."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.layers import Flatten, Reshape
from tests.cuts import arrays, check_cut, regions
from tests.shapes import images_or_features, reshapes


@given(data=st.data())
@settings(max_examples=100)
def test_a_region_needs_the_channels_that_its_elements_lie_in(data: st.DataObject) -> None:
    shape = data.draw(images_or_features())
    op = data.draw(st.one_of(st.just(Flatten()), reshapes(shape).map(Reshape)))
    region = data.draw(regions(op, shape))
    check_cut(op, [data.draw(arrays(shape))], {}, region, tolerance=0)
    area = math.prod(shape[2:])
    kept, read = op.output_shape(shape), op.needs(region, shape)[0][1]
    start, stop = (bound * math.prod(kept[2:]) for bound in region[1])
    assert read[0] * area <= start < (read[0] + 1) * area
    assert (read[1] - 1) * area < stop <= read[1] * area


@given(data=st.data(), parts=st.integers(1, 6))
@settings(max_examples=100)
def test_blocks_meet_between_channels_where_there_are_enough(data: st.DataObject, parts: int) -> None:
    shape = data.draw(images_or_features())
    op = Reshape(data.draw(reshapes(shape)))
    output = op.output_shape(shape)
    parts = min(parts, output[1])
    bounds = op.bounds(1, parts, output, shape)
    assert bounds[0] == 0 and bounds[-1] == output[1] and len(bounds) == parts + 1
    assert all(start < stop for start, stop in pairwise(bounds))
    inner, area = math.prod(output[2:]), math.prod(shape[2:])
    seams = [bound for bound in range(1, output[1]) if bound * inner % area == 0]
    if parts <= len(seams) + 1:
        assert set(bounds[1:-1]) <= set(seams)


def test_it_costs_nothing() -> None:
    assert Reshape((12,)).operations((2, 12), (2, 3, 2, 2)) == 0


@pytest.mark.parametrize("shape", [(), (5,), (-1, -1), (0, -1), (-2, -6), (5, -1)])
def test_a_shape_that_does_not_fit_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match="product 12, or one of −1"):
        Reshape(shape).output_shape((2, 3, 2, 2))


def test_without_channels_it_is_refused() -> None:
    with pytest.raises(UsageError, match=r"not \(10,\)"):
        Reshape((1,)).output_shape((10,))
