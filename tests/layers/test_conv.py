"""How a convolution is cut."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.layers import Conv2d
from tests.cuts import arrays, check_cut, parameters, regions
from tests.shapes import images
from tests.strategies import convs


@given(data=st.data())
@settings(max_examples=100)
def test_any_region_is_exact_groups_cut_through_or_not(data: st.DataObject) -> None:
    shape = data.draw(images())
    op = replace(data.draw(convs(shape[1:])), bias=data.draw(st.booleans()))
    x, weights = data.draw(arrays(shape)), data.draw(parameters(op, shape))
    check_cut(op, [x], weights, data.draw(regions(op, shape)))


def test_a_block_within_a_group_needs_and_computes_no_more_than_its_own() -> None:
    op, shape = Conv2d(12, (3, 3), groups=3), (1, 6, 8, 8)
    region = (0, 1), (5, 7), (0, 6), (0, 6)
    assert op.needs(region, shape) == (((0, 1), (2, 4), (0, 8), (0, 8)),)
    assert op.local(region, shape) == Conv2d(2, (3, 3))
    assert op.weights(region, shape)["weight"][0] == (5, 7)


def test_whole_groups_stay_grouped() -> None:
    op, shape = Conv2d(12, (3, 3), groups=3), (1, 6, 8, 8)
    assert op.local(((0, 1), (4, 12), (0, 6), (0, 6)), shape) == Conv2d(8, (3, 3), groups=2)


def test_a_block_that_cuts_through_groups_computes_them_whole_and_crops() -> None:
    op, shape = Conv2d(12, (3, 3), groups=3), (1, 6, 8, 8)
    region = (0, 1), (3, 6), (0, 6), (0, 6)
    assert op.local(region, shape) == Conv2d(8, (3, 3), groups=2, crop=(3, 6))
    assert op.weights(region, shape)["bias"] == ((0, 8),)


@pytest.mark.parametrize(("groups", "parts"), [(1, 5), (4, 2), (4, 3), (4, 4), (4, 5), (4, 12)])
def test_channels_are_cut_between_groups_while_there_are_enough(groups: int, parts: int) -> None:
    op, shape = Conv2d(12, (1, 1), groups=groups), (1, 4, 2, 2)
    bounds = op.bounds(1, parts, op.output_shape(shape), shape)
    assert (bounds[0], bounds[-1], len(bounds)) == (0, 12, parts + 1)
    for channel in pairwise(bounds):
        assert channel[0] < channel[1]
        assert op.local(((0, 1), channel, (0, 2), (0, 2)), shape).crop is None


@pytest.mark.parametrize(
    ("op", "shape", "message"),
    [
        (Conv2d(4, (3, 3), groups=3), (1, 6, 8, 8), "groups=3 does not divide 6 input and 4 output"),
        (Conv2d(4, (3, 3), groups=0), (1, 6, 8, 8), "groups=0"),
        (Conv2d(4, (9, 3)), (1, 6, 8, 8), "spans 9 does not fit an axis of 8"),
        (Conv2d(4, (3, 3), stride=(0, 1)), (1, 6, 8, 8), "stride is 0; use 1 or more"),
        (Conv2d(4, (3, 3)), (6, 8, 8), r"not \(6, 8, 8\); reshape to 4 axes"),
    ],
)
def test_what_does_not_fit_is_refused(op: Conv2d, shape: tuple[int, ...], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        op.output_shape(shape)
