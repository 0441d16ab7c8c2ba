"""Which axes of an array are taken for what."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.region import Shape
from daskcnn.sources.axes import CHANNELS_FIRST, CHANNELS_LAST, NO_CHANNELS, ImageShape, Order, fits, order, reordered


@pytest.mark.parametrize(
    ("shape", "image_shape", "expected"),
    [
        ((5, 28, 28), None, NO_CHANNELS),
        ((5, 28, 28), (1, 28, 28), NO_CHANNELS),
        ((5, 3, 32, 32), None, CHANNELS_FIRST),
        ((5, 32, 32, 3), None, CHANNELS_LAST),
        ((5, 32, 32, 1), None, CHANNELS_LAST),
        ((5, 32, 32, 4), None, CHANNELS_LAST),
        ((5, 3, 32, 3), None, CHANNELS_FIRST),
        ((5, 64, 8, 8), None, CHANNELS_FIRST),
        ((5, 64, 8, 1), None, CHANNELS_LAST),
        ((5, 64, 8, 1), (64, 8, 1), CHANNELS_FIRST),
        ((5, 64, 8, 1), (None, 64, 8), CHANNELS_LAST),
        ((5, 64, 8, 1), (None, None, None), CHANNELS_LAST),
        ((5, 3, 32, 32), (32, 3, 32), CHANNELS_LAST),
        ((5, 8, 8, 8), (8, 8, 8), CHANNELS_FIRST),
        ((5, 784), (784,), (0, 1)),
        ((5, 2, 300), (2, 300), (0, 1, 2)),
        ((5, 2, 3, 4, 5), (2, 3, None, None), (0, 1, 2, 3, 4)),
    ],
)
def test_order(shape: Shape, image_shape: ImageShape | None, expected: Order) -> None:
    assert order(shape, image_shape) == expected


@pytest.mark.parametrize(
    ("shape", "image_shape", "told"),
    [
        ((), None, r"shape \(\): images have 3 or 4 axes"),
        ((5, 784), None, r"shape \(5, 784\): images have 3 or 4 axes"),
        ((5, 784), (1, 28, 28), r"shape \(5, 784\): images have 3 or 4 axes"),
        ((5, 784), (783,), r"images of shape \(784,\), but the network takes \(783\)"),
        ((5, 2, 300), (3, None), r"images of shape \(2, 300\), but the network takes \(3, any\)"),
        ((0, 28, 28), None, "there is nothing along an axis"),
        ((5, 28, 28), (3, None, None), r"images of shape \(1, 28, 28\), but the network takes \(3, any, any\)"),
        ((5, 9, 8, 3), (3, 8, 9), r"images of shape \(3, 9, 8\) or \(9, 8, 3\), but the network takes \(3, 8, 9\)"),
    ],
)
def test_what_does_not_fit_is_refused(shape: Shape, image_shape: ImageShape | None, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        order(shape, image_shape)


@given(shape=st.lists(st.integers(1, 4), min_size=3, max_size=4).map(tuple), data=st.data())
def test_an_order_that_is_found_fits(shape: Shape, data: st.DataObject) -> None:
    wanted = data.draw(st.tuples(*[st.none() | st.integers(1, 4)] * 3))
    try:
        found = order(shape, wanted)
    except UsageError:
        known = [CHANNELS_FIRST, CHANNELS_LAST] if len(shape) == 4 else [NO_CHANNELS]
        assert not any(fits(reordered(shape, reading), wanted) for reading in known)
    else:
        assert fits(reordered(shape, found), wanted)
        assert np.prod(reordered(shape, found)) == np.prod(shape)
