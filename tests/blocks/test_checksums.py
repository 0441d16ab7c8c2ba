"""Two numbers for each block."""

from __future__ import annotations

import math

import numpy as np
import pytest
from dask._task_spec import Task
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from daskcnn.blocks import checksums as module
from daskcnn.blocks.checksums import checksum, checksums, total
from daskcnn.blocks.layer import BlockLayer
from daskcnn.layout import Layout
from daskcnn.region import Shape


@given(
    values=hnp.arrays(np.float32, hnp.array_shapes(max_side=6), elements=st.floats(-1e6, 1e6, width=32)),
    transposed=st.booleans(),
)
def test_sums(values: NDArray[np.float32], transposed: bool) -> None:
    exact = [math.fsum(values.ravel().tolist()), math.fsum(np.abs(values).ravel().tolist())]
    found = checksum(values.T if transposed else values)
    assert found.shape == (2,)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, exact, rtol=1e-12, atol=1e-12 * exact[1])


def test_sums_of_many_are_in_float64_and_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.full(2**20, 0.1, np.float32)
    whole = checksum(values)
    monkeypatch.setattr(module, "AT_ONCE", 1000)
    np.testing.assert_allclose(checksum(values), whole, rtol=1e-14)
    np.testing.assert_allclose(whole, [2**20 * float(np.float32(0.1))] * 2, rtol=1e-14)


def test_integers_and_values_that_are_not_finite() -> None:
    assert checksum(np.array([3, -4])).tolist() == [-1, 7]
    assert np.isnan(checksum(np.array([np.nan, 1]))).all()
    assert np.isnan(checksum(np.array([np.inf, -np.inf]))[0])
    assert checksum(np.array([np.inf, -np.inf]))[1] == np.inf


@pytest.mark.parametrize("shape", [(7,), (7, 4), (7, 4, 6, 5)])
def test_a_task_for_each_block_on_its_worker(shape: Shape) -> None:
    whole = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    grid = ((0, 3, 7), *((0, 1, size) for size in shape[1:]))
    tiles = 2 ** len(shape[1:])
    layout = Layout(grid, (tuple(range(tiles)), tuple(range(tiles, 2 * tiles))))
    blocks = {
        ("conv1-t", number): whole[tuple(slice(*s) for s in region)] for number, (region, _) in enumerate(layout.blocks)
    }
    layer: BlockLayer = checksums("conv1", layout, list(blocks), "t")
    tasks: list[Task] = list(layer.tasks.values())
    found = total(task({key: blocks[key] for key in task.dependencies}) for task in tasks)
    np.testing.assert_allclose(found, [whole.sum(dtype=float), np.abs(whole).sum(dtype=float)], rtol=1e-12, atol=1e-5)
    assert layer.owners == list(range(2 * tiles))
    assert layer.reads == {"conv1-t"}
    assert set(layer.nbytes) == {found.nbytes}
