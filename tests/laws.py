"""The laws of the design, one helper each: a plan keeps them, or an assertion names what does not."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr
from dask.base import compute
from numpy.typing import ArrayLike, NDArray

from daskcnn.blame import blame, intervals
from daskcnn.exchange import Exchange
from daskcnn.forward import Forward, forward
from daskcnn.layers import Argmax
from daskcnn.layout import Layout
from daskcnn.plan import Plan
from daskcnn.region import Region, Shape, size_of, whole
from daskcnn.segment import segments
from daskcnn.sources import ArraySource
from daskcnn.stage import Stage
from daskcnn.taskgraph import TaskGraph
from tests import reference

Array = NDArray[Any]
Owned = tuple[Region, int]
"""A box and the worker whose it is."""
TOLERANCE = 1e-4
"""Of the scale of a tensor; a tensor of nothing but rounding errors has the scale `LEAST`."""
LEAST = 1e-2


def same_answer(plan: Plan, images: ArrayLike, engine: str = "numpy", keep: Sequence[str] = ()) -> None:
    """Law 1: the blocks joined are what the reference computes unsplit, for the output and every kept layer."""
    work = forward(plan, ArraySource(np.asarray(images)), engine=engine, keep=keep)
    arrays = {name: work.array(name) for name in work.names}
    found = compute(arrays, scheduler="sync", optimize_graph=False)[0]
    expected = reference.run(plan.network, images)
    for name, values in found.items():
        agree(values, expected, plan.by_name[name])
        assert arrays[name].dtype == values.dtype, f"{name}: {values.dtype}, announced as {arrays[name].dtype}"
        assert arrays[name].shape == values.shape, f"{name}: {values.shape}, announced as {arrays[name].shape}"


def agree(found: Array, expected: dict[str, Array], stage: Stage) -> None:
    """One tensor is as near to the reference as float32 can be; a class named is as good as the best."""
    name, right = stage.layer.name, expected[stage.layer.name]
    assert found.shape == right.shape == stage.shape, f"{name}: {found.shape}, not {right.shape}"
    if isinstance(stage.op, Argmax):
        # Two classes may be equal but for rounding: compare what was chosen by, not the choice.
        axis, values = stage.op.axis, expected[stage.layer.inputs[0]]
        found = found if stage.op.keepdims else np.expand_dims(found, axis)
        found, right = np.take_along_axis(values, found, axis), values.max(axis, keepdims=True)
    error, scale = np.abs(found - right).max(), max(np.abs(right).max(), LEAST)
    assert error <= TOLERANCE * scale, f"{name}: off by {error:.2e} where values go up to {scale:.2e}"


def bytes_agree(plan: Plan, keep: Sequence[str] = (), granularity: str = "segment") -> None:
    """Law 3: for each tensor the plan's closed form, the graph's edges and plain counting give the same bytes."""
    graph = graph_of(plan, keep, granularity)
    kept = {plan.network.output, *keep}
    tensors = {segment.name: segment.last.layer.name for segment in segments(plan, kept, granularity)}
    planned: dict[str, int] = {}
    for stage in plan.stages:
        for name, found in zip(stage.layer.inputs, stage.exchanges, strict=True):
            if found is not None:
                planned[name] = planned.get(name, 0) + found.elements * plan.by_name[name].itemsize
    assert planned == {name: least_bytes(plan, name) for name in planned}
    assert {name: moved for name, moved in planned.items() if moved} == moved_tensors(graph, tensors)
    assert plan.bytes_moved == graph.bytes_moved == sum(plan.bytes_sent(stage) for stage in plan.stages)
    traffic_agrees(plan, graph)


def traffic_agrees(plan: Plan, graph: TaskGraph) -> None:
    """The plan's bytes from worker to worker are those of the graph, each output once to each worker that reads it."""
    found = np.zeros_like(plan.traffic)
    sent = {(read, graph.owner[reader]) for reader, read in zip(*graph.edges, strict=True)}
    for task, to in sent:
        if graph.owner[task] != to:
            found[graph.owner[task], to] += int(graph.nbytes[task])
    np.testing.assert_array_equal(plan.traffic, found)
    for node in ([worker % 2 for worker in range(plan.workers)], list(range(plan.workers)), [0] * plan.workers):
        away = replace(plan, nodes=tuple(node))
        assert away.bytes_between_nodes == graph.bytes_between(node), f"between the nodes {node}"
        assert away.bytes_between_nodes == sum(map(away.sent_between_nodes, away.stages)) <= plan.bytes_moved


def graph_of(plan: Plan, keep: Sequence[str] = (), granularity: str = "segment") -> TaskGraph:
    """The frozen graph of a plan, over images that nobody reads."""
    return TaskGraph.of(forward(plan, nothing(plan), keep=keep, granularity=granularity))


def nothing(plan: Plan) -> ArraySource:
    """As many black images as a plan has, in no memory."""
    return ArraySource(np.broadcast_to(np.float32(0), (plan.images, *plan.network.image_shape)))


def moved_tensors(graph: TaskGraph, tensors: dict[str, str]) -> dict[str, int]:
    """Bytes of each tensor that go from worker to worker: blocks, or slices of them, once to each that reads them."""
    origin = dict(zip(*graph.edges, strict=True))
    found: dict[str, int] = {}
    for task in graph.moves[0]:
        layer = graph.layers[graph.layer[task]]
        if layer not in tensors:
            # A slice reads the one block that it is cut from.
            layer = graph.layers[graph.layer[origin[task]]]
        found[tensors[layer]] = found.get(tensors[layer], 0) + int(graph.nbytes[task])
    return found


def least_bytes(plan: Plan, name: str) -> int:
    """Elements of a tensor that a worker's blocks need and the worker does not own, counted one by one."""
    producer = plan.by_name[name]
    wanted = [
        box
        for stage in plan.stages
        for read, needs in zip(stage.layer.inputs, stage.needs, strict=True)
        if read == name
        for box in needed(stage.layout, needs)
    ]
    missing = (
        covered(producer.shape, wanted, worker) & ~covered(producer.shape, producer.layout.blocks, worker)
        for worker in range(plan.workers)
    )
    return sum(int(mask.sum()) for mask in missing) * producer.itemsize


def needed(consumer: Layout, needs: Sequence[Region]) -> list[Owned]:
    """The box that each block reads, with the block's owner."""
    return [
        ((batch, *need), owner)
        for batch, owners in zip(consumer.batches, consumer.owners, strict=True)
        for need, owner in zip(needs, owners, strict=True)
    ]


def covered(shape: Shape, boxes: Sequence[Owned], worker: int) -> NDArray[np.bool_]:
    """Which elements lie in a worker's boxes."""
    mask = np.zeros(shape, np.bool_)
    for box, owner in boxes:
        if owner == worker:
            mask[tuple(slice(*side) for side in box)] = True
    return mask


def well_formed(plan: Plan) -> None:
    """The structure of a plan: every layer is tiled by its blocks, and every block is given just what it needs."""
    shapes = plan.network.shapes(plan.images)
    assert [stage.layer for stage in plan.stages] == list(plan.network.layers)
    readers: dict[str, list[Reader]] = {}
    for stage in plan.stages:
        assert stage.shape == shapes[stage.layer.name]
        blocks = [block for block, _ in stage.layout.blocks]
        assert tiles(blocks, whole(stage.shape)), f"{stage.layer.name} is not tiled by {blocks}"
        assert {owner for _, owner in stage.layout.blocks} <= set(range(plan.workers))
        assert all(stop - start <= plan.batch for start, stop in stage.layout.batches)
        assert len(stage.exchanges) == len(stage.needs) == len(stage.layer.inputs)
        for name, needs, found in zip(stage.layer.inputs, stage.needs, stage.exchanges, strict=True):
            assert (found is None) == (name in plan.network.inputs)
            if found is not None:
                readers.setdefault(name, []).append((stage.layout, needs, found))
    for name, own in readers.items():
        exchanged(plan.by_name[name].layout, own)


Reader = tuple[Layout, Sequence[Region], Exchange]
"""Of what is computed, for each of its tiles the box that it reads, and how that comes to it."""


def exchanged(producer: Layout, readers: Sequence[Reader]) -> None:
    """Reads tile what each block needs, each from its own worker or from what is sent there; nothing goes twice."""
    sends = [
        (join.source, send.tile, (join.images, *send.region), send.destination)
        for _, _, found in readers
        for join in found.joins
        for send in join.pattern.sends
    ]
    for block, tile, region, destination in sends:
        assert producer.owners[block][tile] != destination, f"{region} stays where it is"
        assert within((producer.batches[block], *producer.tiles[tile]), region), f"{region} is larger than its block"
    for number, (_, _, region, destination) in enumerate(sends):
        for other in sends[:number]:
            twice = other[3] == destination and meets(other[2], region)
            assert not twice, f"{region} and {other[2]} go to {destination}, and share elements"
    for consumer, needs, found in readers:
        for number, (box, owner) in enumerate(needed(consumer, needs)):
            batch, tile = divmod(number, len(needs))
            reads = [(join, read) for join in found.joins if join.batch == batch for read in join.pattern.reads[tile]]
            assert tiles([(join.images, *read.region) for join, read in reads], box), f"{box} is not tiled by {reads}"
            for join, read in reads:
                source = join.source, read.tile
                assert within(read.carrier, read.region), f"{read} is not in what carries it"
                if read.sent:
                    carried = (*source, (join.images, *read.carrier), owner) in sends
                    assert carried, f"{read} is carried by nothing"
                else:
                    assert producer.owners[join.source][read.tile] == owner, f"{read} is not near"
                    assert read.carrier == producer.tiles[read.tile], f"{read} is not read from its block"


def sizes_agree(plan: Plan, images: ArrayLike, engine: str = "numpy") -> None:
    """Every task, called alone, gives as many bytes as the graph says before it runs."""
    work = forward(plan, ArraySource(np.asarray(images)), engine=engine)
    for key, (value, planned) in results(work).items():
        given = value.__sizeof__() if isinstance(value, dict) else value.nbytes
        assert given == planned, f"{key}: {given} bytes, planned {planned}"


def results(work: Forward) -> dict[Any, tuple[Any, int]]:
    """What each task gives, run in order without Dask, and the bytes it was to give."""
    values: dict[Any, Any] = {}
    planned: dict[Any, int] = {}
    for layer in work.layers:
        for (key, task), nbytes in zip(layer.tasks.items(), layer.nbytes, strict=True):
            values[key], planned[key] = task({name: values[name] for name in task.dependencies}), nbytes
    return {key: (value, planned[key]) for key, value in values.items()}


def tiles(boxes: Sequence[Region], region: Region) -> bool:
    """Whether boxes fill a region, and none meets another."""
    return (
        all(within(region, box) for box in boxes)
        and sum(map(size_of, boxes)) == size_of(region)
        and not any(meets(a, b) for number, a in enumerate(boxes) for b in boxes[:number])
    )


def within(outer: Region, inner: Region) -> bool:
    """Whether one box lies in another."""
    return all(a <= c < d <= b for (a, b), (c, d) in zip(outer, inner, strict=True))


def meets(one: Region, other: Region) -> bool:
    """Whether two boxes share an element."""
    return all(max(a, c) < min(b, d) for (a, b), (c, d) in zip(one, other, strict=True))


def time_is_tiled(trace: xr.DataTree) -> None:
    """Law 4: the causes of every lane add up to the makespan, and its pieces fill the repeat end to end."""
    found = blame(trace)
    assert (found["seconds"] >= 0).all()
    np.testing.assert_allclose(found["seconds"].sum("cause") - found["makespan"], 0, atol=1e-9)
    for repeat, makespan in zip(found["repeat"].values.tolist(), found["makespan"].values, strict=True):
        parts = intervals(trace, repeat)
        lane, start, stop = (parts[name].values for name in ("lane", "start", "stop"))
        assert (start < stop).all()
        assert np.unique(lane).size == (found.sizes["lane"] if makespan else 0), "a lane is empty"
        first, last = np.diff(lane, prepend=-1) > 0, np.diff(lane, append=found.sizes["lane"]) > 0
        np.testing.assert_array_equal(start[~first], stop[~last], "pieces leave gaps, or overlap")
        assert (stop[last] - start[first] == makespan).all(), "a lane is not filled"
