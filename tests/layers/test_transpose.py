"""What transposition says of itself, alone and at the edges of a network."""

from __future__ import annotations

import numpy as np
import pytest
from dask.base import compute
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from daskcnn.errors import UsageError
from daskcnn.forward import forward
from daskcnn.layers import Conv2d, Transpose
from daskcnn.network import Network
from daskcnn.plan import Plan
from daskcnn.sources import ArraySource
from tests.cuts import arrays, check_cut, regions
from tests.shapes import images

ORDERS = st.permutations([1, 2, 3]).map(lambda rest: (0, *rest))


@given(data=st.data(), order=ORDERS)
@settings(max_examples=60)
def test_a_region_needs_the_region_at_the_same_place(data: st.DataObject, order: tuple[int, ...]) -> None:
    op, shape = Transpose(order), data.draw(images())
    check_cut(op, [data.draw(arrays(shape))], {}, data.draw(regions(op, shape)), tolerance=0)


@pytest.mark.parametrize("chunks", ["batch=2", "channel=2", "spatial=2", "spatial=2x3"])
def test_images_with_channels_last_go_in_and_out_under_every_cut(chunks: str) -> None:
    conv = Conv2d(4, (3, 3), padding=(1, 1, 1, 1))
    last = Network.chain(
        "channels-last", (7, 6, 3), [("in", Transpose((0, 3, 1, 2))), ("conv", conv), ("out", Transpose((0, 2, 3, 1)))]
    ).initialised()
    x = np.random.default_rng(1).normal(size=(5, 7, 6, 3)).astype(np.float32)
    plan = Plan.of(last, chunks, images=5, workers=3, batch=2)
    work = forward(plan, ArraySource(x), engine="numpy", keep=["in", "conv"])
    lazy = {name: work.array(name) for name in work.names}
    found = compute(lazy, scheduler="sync", optimize_graph=False)[0]
    assert_array_equal(found["in"], np.moveaxis(x, 3, 1))
    assert_array_equal(found["out"], np.moveaxis(found["conv"], 1, 3))
    assert plan.bytes_sent(plan.by_name["in"]) == 0


@pytest.mark.parametrize("order", [(), (1, 0), (0, 1, 1), (0, 2), (0, 1, 2, -1)])
def test_an_order_that_is_none_is_refused(order: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match="for batch, and then the other axes"):
        Transpose(order)


def test_an_order_of_other_axes_is_refused() -> None:
    with pytest.raises(UsageError, match="name 2 axes"):
        Transpose((0, 2, 1)).output_shape((2, 3))
