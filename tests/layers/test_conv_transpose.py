"""How a transposed convolution is cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.layers import ConvTranspose2d
from daskcnn.layers.spread import Spread
from tests.cuts import arrays, check_cut, parameters, regions
from tests.shapes import images
from tests.windowed import transposed_convs


@given(data=st.data())
@settings(max_examples=150)
def test_any_region_is_exact(data: st.DataObject) -> None:
    shape = data.draw(images())
    op = data.draw(transposed_convs(shape))
    x, weights = data.draw(arrays(shape)), data.draw(parameters(op, shape))
    check_cut(op, [x], weights, data.draw(regions(op, shape)))


def test_doubling_needs_nothing_of_the_neighbours_where_blocks_follow_those_of_the_input() -> None:
    op, shape = ConvTranspose2d(4, (2, 2), (2, 2)), (1, 3, 7, 7)
    bounds = op.bounds(2, 2, op.output_shape(shape), shape)
    needs = [op.needs(((0, 1), (0, 4), rows, (0, 14)), shape)[0][2] for rows in pairwise(bounds)]
    assert needs == [(0, 4), (4, 7)]


@given(
    spread=st.builds(Spread, *(st.integers(1, 4),) * 2, *(st.integers(0, 3),) * 2, st.integers(1, 2)),
    size=st.integers(1, 9),
    parts=st.integers(1, 4),
)
def test_bounds_cut_all_of_the_axis(spread: Spread, size: int, parts: int) -> None:
    outputs = spread.uncropped(size) - spread.before - spread.after
    if parts <= min(outputs, size):
        bounds = spread.bounds(parts, size)
        assert (bounds[0], bounds[-1], len(bounds)) == (0, outputs, parts + 1)
        assert all(a < b for a, b in pairwise(bounds))


def test_every_input_is_multiplied_once_with_every_tap() -> None:
    op = ConvTranspose2d(6, (3, 2), (2, 2), groups=2)
    assert op.operations(op.output_shape((5, 4, 7, 8)), (5, 4, 7, 8)) == 2 * 5 * 4 * 7 * 8 * 3 * 3 * 2


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"output_padding": (2, 0), "stride": (2, 2)}, "not less than stride"),
        ({"output_padding": (-1, 0)}, "not less than stride"),
        ({"padding": (3, 0, 3, 0)}, "leaves nothing of the 6 outputs of an axis of 4"),
        ({"groups": 4}, "groups=4 does not divide 6 input"),
        ({"dilation": (0, 1)}, "dilation"),
    ],
)
def test_what_does_not_fit_is_refused(attributes: dict[str, tuple[int, ...]], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ConvTranspose2d(4, (3, 3), **attributes).output_shape((1, 6, 4, 4))  # type: ignore[arg-type]
