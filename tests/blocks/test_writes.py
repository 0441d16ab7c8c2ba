"""Blocks of any layout, written by their workers to a Zarr array made for any other."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr
from dask import threaded
from dask._task_spec import Task
from dask.core import flatten
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from daskcnn import networks
from daskcnn.blocks.layer import BlockLayer, Key
from daskcnn.blocks.writes import writes, written
from daskcnn.forward import forward
from daskcnn.layout import Layout
from daskcnn.plan import Plan
from daskcnn.region import Region, Shape, counts
from daskcnn.sink import Target, sink
from daskcnn.sources import RandomImages
from tests import strategies

ITEM = 4


@st.composite
def layouts(draw: st.DrawFn, shape: Shape) -> Layout:
    """Blocks cut anyhow, on any of three workers."""
    grid = draw(strategies.grids(shape))
    batches, *tiles = counts(grid)
    row = st.tuples(*[st.integers(0, 2)] * int(np.prod(tiles)))
    return Layout(grid, draw(st.tuples(*[row] * batches)))


def produced(layout: Layout, whole: NDArray[Any]) -> BlockLayer:
    """A task for each block that gives its part of an array."""
    layer = BlockLayer("conv1", "t")
    indices = product(*(range(count) for count in counts(layout.grid)))
    for index, (region, owner) in zip(indices, layout.blocks, strict=True):
        block = whole[tuple(slice(*side) for side in region)]
        layer.add(Task((layer.name, *index), np.copy, block), owner, 0, block.nbytes)
    return layer


def results(layers: list[BlockLayer], last: BlockLayer) -> list[int]:
    """What the last layer's tasks give, run by many threads."""
    graph = {key: task for layer in layers for key, task in layer.tasks.items()}
    return list(threaded.get(graph, list(last.tasks), num_workers=8))


@given(data=st.data(), shape=st.lists(st.integers(1, 12), min_size=1, max_size=4).map(tuple))
def test_what_is_written_is_the_whole(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, shape: Shape
) -> None:
    layout, other = data.draw(layouts(shape)), data.draw(layouts(shape))
    made_for = data.draw(st.sampled_from([layout, other]))
    whole = np.random.default_rng(0).integers(0, 3, shape).astype(np.float32)
    source = produced(layout, whole)
    store = tmp_path_factory.mktemp("writes") / "out.zarr"
    with sink(store, {"conv1": (made_for.grid, np.float32)}) as targets:
        slices, layer = writes("conv1", layout, list(source.tasks), ITEM, targets["conv1"], "t")
        assert sum(results([source, slices, layer], layer)) == whole.nbytes
    np.testing.assert_array_equal(zarr.open_array(store / "conv1", mode="r")[:], whole, strict=True)
    assert slices.reads == {source.name}
    assert layer.reads <= {source.name, slices.name}
    sent_by_no_one_to_himself(layout, targets["conv1"], source, slices, layer)


def sent_by_no_one_to_himself(
    layout: Layout, target: Target, source: BlockLayer, slices: BlockLayer, layer: BlockLayer
) -> None:
    """Every edge between workers carries a slice or a whole block, and their bytes are those that are foretold."""
    owner = {key: own for each in (source, slices, layer) for key, own in zip(each.tasks, each.owners, strict=True)}
    nbytes = {key: own for each in (source, slices) for key, own in zip(each.tasks, each.nbytes, strict=True)}
    moves = {(key, owner[reader]) for reader, task in layer.tasks.items() for key in task.dependencies}
    moved = sum(nbytes[key] for key, to in moves if to != owner[key])
    assert moved == written(layout, target)[1].elements * ITEM
    assert all(owner[key] == owner[key_of] for key, task in slices.tasks.items() for key_of in task.dependencies)


@given(data=st.data(), shape=st.tuples(*[st.integers(1, 12)] * 3))
def test_each_block_is_written_by_a_worker_that_has_most_of_it(data: st.DataObject, shape: Shape) -> None:
    layout = data.draw(layouts(shape))
    target = Target(Path("nowhere"), data.draw(st.tuples(*(st.integers(1, size) for size in shape))))
    consumer, _ = written(layout, target)
    for region, owner in consumer.blocks:
        parts = [(common(region, block), own) for block, own in layout.blocks]
        assert max(part for part, _ in parts) == max(part for part, own in parts if own == owner)


def common(one: Region, other: Region) -> int:
    """How many elements two boxes share."""
    sides = ((max(a, c), min(b, d)) for (a, b), (c, d) in zip(one, other, strict=True))
    return int(np.prod([max(0, stop - start) for start, stop in sides]))


def test_blocks_that_end_with_chunks_are_written_as_they_are(tmp_path: Path) -> None:
    layout = Layout(((0, 10, 20), (0, 3), (0, 8, 16)), ((0, 1), (2, 0)))
    source = produced(layout, np.zeros((20, 3, 16), np.float32))
    with pytest.raises(KeyError), sink(tmp_path / "out", {"a": (layout.grid, "f4")}) as targets:
        slices, layer = writes("a", layout, list(source.tasks), ITEM, targets["a"], "t")
        raise KeyError
    assert not slices.tasks
    assert layer.owners == source.owners
    assert [next(iter(task.dependencies)) for task in layer.tasks.values()] == list(source.tasks)
    assert list(layer.tasks) == [(layer.name, *key[1:]) for key in source.tasks]


@pytest.mark.parametrize("cut", ["batch=3", "channel=3", "spatial=3x2", "serial"])
def test_a_kept_output_of_a_plan(tmp_path: Path, cut: str) -> None:
    images = RandomImages((7, 1, 28, 28))
    plan = Plan.of(networks.mnist(), cut, images=7, workers=3)
    work = forward(plan, images, engine="numpy", keep=["conv1"])
    array = work.array("conv1")
    stage = plan.by_name["conv1"]
    keys: list[Key] = list(flatten(array.__dask_keys__()))
    with sink(tmp_path / "out.zarr", {"conv1": (stage.layout.grid, stage.op.output_dtype())}) as targets:
        slices, layer = writes("conv1", stage.layout, keys, stage.itemsize, targets["conv1"], "t")
        retagged = layer.retagged("u", {})
        assert sum(results([*work.layers, slices, retagged], retagged)) == array.nbytes
    expected = array.compute(scheduler="sync", optimize_graph=False)
    np.testing.assert_array_equal(zarr.open_array(tmp_path / "out.zarr/conv1", mode="r")[:], expected, strict=True)
