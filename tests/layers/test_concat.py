"""What concatenation says of itself, alone and in a network."""

from __future__ import annotations

import numpy as np
import pytest
from dask.base import compute
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from daskcnn.errors import UsageError
from daskcnn.forward import forward
from daskcnn.kernels import ENGINES
from daskcnn.layers import Concat, Conv2d, Dense, Flatten, Relu
from daskcnn.network import INPUT, Layer, Network
from daskcnn.plan import Plan
from daskcnn.region import size_of
from daskcnn.sources import ArraySource
from tests.cuts import arrays, check_cut, regions
from tests.shapes import joinable


@given(data=st.data())
@settings(max_examples=100)
def test_a_region_needs_what_lies_in_it_of_each_input(data: st.DataObject) -> None:
    axis, shapes = data.draw(joinable())
    op, inputs = Concat(axis), [data.draw(arrays(shape)) for shape in shapes]
    region = data.draw(regions(op, *shapes))
    check_cut(op, inputs, {}, region, tolerance=0)
    assert sum(size_of(need) for need in op.needs(region, *shapes)) == size_of(region)


BRANCHES = Network(
    "branches",
    {INPUT: (3, 6, 5)},
    (
        Layer("narrow", Conv2d(4, (1, 1)), (INPUT,)),
        Layer("wide", Conv2d(7, (3, 3), padding=(1, 1, 1, 1)), (INPUT,)),
        Layer("relu", Relu(), ("wide",)),
        Layer("joined", Concat(), ("narrow", INPUT, "relu")),
        Layer("flat", Flatten(), ("joined",)),
        Layer("dense", Dense(4), ("flat",)),
        Layer("both", Concat(), ("dense", "flat")),
    ),
).initialised()


@pytest.mark.parametrize("engine", list(ENGINES))
@pytest.mark.parametrize("chunks", ["batch=2", "channel=2", "channel=4", "spatial=2x2"])
def test_branches_meet_under_every_cut(chunks: str, engine: str) -> None:
    images = np.random.default_rng(1).normal(size=(5, *BRANCHES.image_shape)).astype(np.float32)
    plan = Plan.of(BRANCHES, chunks, images=5, workers=3, batch=2)
    work = forward(plan, ArraySource(images), engine=engine, keep=[layer.name for layer in BRANCHES.layers])
    lazy = {name: work.array(name) for name in work.names}
    found = compute(lazy, scheduler="sync", optimize_graph=False)[0]
    assert_array_equal(found["joined"], np.concatenate([found["narrow"], images, found["relu"]], axis=1))
    assert_array_equal(found["both"], np.concatenate([found["dense"], found["flat"]], axis=1))


def test_a_block_that_lies_in_one_input_is_sent_nothing_of_the_others() -> None:
    plan = Plan.of(BRANCHES, "channel=4", images=5, workers=4)
    [narrow, _, relu] = plan.by_name["joined"].needs
    assert [size_of(need) > 0 for need in narrow] == [True, False, False, False]
    assert [size_of(need) > 0 for need in relu] == [False, True, True, True]


@pytest.mark.parametrize(
    ("axis", "inputs", "message"),
    [
        (1, [(2, 3, 4, 4), (2, 3, 4, 5)], "alike but for axis 1"),
        (2, [(2, 3, 4, 4), (3, 3, 4, 4)], "alike but for axis 2"),
        (1, [(2, 3), (2, 3, 4, 4)], "alike but for axis 1"),
        (0, [(2, 3), (2, 3)], "axis from 1 to 1 of .*, not 0"),
        (2, [(2, 3), (2, 3)], "axis from 1 to 1 of .*, not 2"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(axis: int, inputs: list[tuple[int, ...]], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Concat(axis).output_shape(*inputs)
