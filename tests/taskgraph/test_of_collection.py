"""Any collection as a graph: the same keys and edges as Dask's, sizes as the blocks turn out; nothing runs."""

from collections.abc import Callable
from typing import Any

import dask.array as da
import dask.bag as db
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from dask._task_spec import Alias, DataNode, Task, TaskRef, convert_legacy_graph
from dask.base import collections_to_expr
from dask.core import get_deps
from dask.delayed import delayed as lazy
from dask.graph_manipulation import clone
from dask.local import get_sync

from daskcnn.errors import UsageError
from daskcnn.taskgraph import KINDS, TaskGraph, costs
from tests.local import local


def never(*_: Any) -> Any:
    """What must not be called."""
    raise AssertionError("something ran")


def array() -> Any:
    x = da.ones((40, 60), chunks=(10, 20)).map_blocks(never, dtype=float)
    return (x[::2] + x[1::2]).rechunk((20, 6)).sum(axis=0)


def delayed_of(value: Any) -> Any:
    return lazy(never)(value)


def delayed() -> Any:
    inc = lazy(never)
    return lazy(never)([inc(1), {"a": inc(2)}], inc(3))


def bag() -> Any:
    return db.from_sequence(range(20), npartitions=4).map(never).filter(never).sum()


def frame() -> Any:
    frames = pytest.importorskip("dask.dataframe")
    frame = frames.from_pandas(pd.DataFrame({"a": range(20), "b": 1.0}), npartitions=4)
    return frame.merge(frame, on="a").groupby("a").b_x.sum()


def dataset() -> Any:
    time = pd.date_range("2000-01-01", periods=100)
    data = xr.Dataset({"t": (("time", "x"), np.ones((100, 3)))}, {"time": time}).chunk({"time": 25})
    return data.groupby("time.month") - data.groupby("time.month").mean()


MAKERS = (array, delayed, bag, dataset)


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("optimize", [False, True])
def test_keys_and_edges_are_those_of_dask(make: Callable[[], Any], optimize: bool) -> None:
    x = make()
    raw = collections_to_expr([x]).optimize().__dask_graph__() if optimize else x.__dask_graph__()
    nodes = convert_legacy_graph(dict(raw))
    dependencies, _ = get_deps(nodes)
    graph = TaskGraph.from_collection(x, optimize=optimize, workers=3)
    assert set(graph.keys) == nodes.keys() and len(graph) == len(nodes)
    for number, key in enumerate(graph.keys):
        read = graph.reads[graph.starts[number] : graph.starts[number + 1]]
        assert {graph.keys[other] for other in read} == dependencies[key]
        assert (read < number).all()
    assert graph.workers == 3 and not graph.owned and graph.external == 0
    assert len(set(graph.layers)) == len(graph.layers)


@pytest.mark.parametrize("optimize", [False, True])
def test_a_merge_of_frames(optimize: bool) -> None:
    # Its keys are others each time.
    graph = TaskGraph.from_collection(frame(), optimize=optimize)
    nodes = convert_legacy_graph(dict(frame().__dask_graph__()))
    assert len(graph) == len(nodes) and len(graph.reads) == sum(len(node.dependencies) for node in nodes.values())
    assert graph.exchanges[graph.layers.index("shuffle-partition")] == "relayout"
    assert np.isnan(graph.nbytes).any() and np.isfinite(graph.nbytes[graph.kind == KINDS.index("data")]).all()


def test_several_collections_share_what_they_share() -> None:
    x = da.ones((4, 4), chunks=2)
    both = TaskGraph.from_collection([x + 1, x * 2], optimize=False)
    assert sorted(both.layers) == ["add", "mul", "ones_like"]
    assert len(both) == 12


def not_to_be_fused() -> Any:
    """What Dask 2026.8 fails to fuse."""
    x = da.random.random((4, 4), chunks=2)
    return clone(x + 1)


def programs() -> dict[str, Any]:
    """Arrays of which every block's size can be known."""
    x = da.arange(1200, chunks=(500,), dtype="float32").reshape((40, 30)).rechunk((13, 7))
    return {
        "slices": x[3:, ::2][:, [1, 2]],
        "reduction": x.sum(axis=0),
        "all": x.max(),
        "rechunk": x.rechunk((40, 4)),
        "overlap": da.map_overlap(lambda block: block, x, depth=2, boundary="reflect", dtype=x.dtype),
        "transpose": (x[:30] + x[:30].T).astype("int8"),
        "concatenate": da.concatenate([x, x[:5]]),
        "stack": da.stack([x, 2 * x])[1],
        "mean": x.astype(float).mean(axis=0),
        "variance": x.var(),
        "place of the largest": x.astype(float).argmax(axis=0),
        "largest": da.topk(x, 5, axis=0),
        "smallest": da.topk(x, -10, axis=1),
        "fourth moment": da.moment(x.astype(float), 4, axis=0, split_every=2),
        "running sum": x.cumsum(axis=0),
        "running sum across": x.cumsum(axis=1),
        "running sum of uneven blocks": x.rechunk(((1, 39), (1,) * 30))[:, :4].cumsum(axis=1),
        "running sum of one block": x.rechunk(((1, 39), 30)).cumsum(axis=1),
        "spectra": da.apply_gufunc(np.fft.rfft, "(i)->(j)", x.rechunk((13, 30)), output_sizes={"j": 16}),
        "offsets": x + da.from_array(np.ones((40, 1)), chunks=(13, 1)),
    }


def choosing() -> dict[str, Any]:
    """Arrays of which Dask declares some blocks by what they are of."""
    x = da.arange(40, chunks=10) % 6
    chosen = x[x > 2]
    return {
        "counts": da.bincount(x, minlength=6),
        "taken": da.take(da.ones((40, 6), chunks=5), da.from_array(np.array([1, 5, 20]), chunks=2), axis=0),
        "sizes found": chosen.compute_chunk_sizes(),
    }


def bytes_of(value: Any) -> float:
    """Bytes of an array, or of those that a step of a reduction gives together."""
    if isinstance(value, dict):
        return sum(map(bytes_of, value.values()))
    return float(value.nbytes) if isinstance(value, np.ndarray | np.generic) else np.nan


@pytest.mark.parametrize("name", [*programs(), *choosing()])
@pytest.mark.parametrize("optimize", [False, True])
def test_sizes_are_what_the_blocks_turn_out_to_be(name: str, optimize: bool) -> None:
    x = (programs() | choosing())[name]
    graph = TaskGraph.from_collection(x, optimize=optimize)
    raw = collections_to_expr([x]).optimize().__dask_graph__() if optimize else x.__dask_graph__()
    values = get_sync(dict(raw), list(graph.keys))
    made = [bytes_of(value) for value in values]
    blocks = np.isfinite(made) & np.isfinite(graph.nbytes)
    known = np.isfinite(graph.nbytes)
    if name in programs():
        assert known.mean() > 0.8
    assert known[graph.layer == graph.layer[-1]].all()
    assert graph.nbytes[blocks].tolist() == np.array(made)[blocks].tolist()


def test_what_nothing_says_is_not_known() -> None:
    x = da.ones(40, chunks=10)
    rows = da.ones((40, 3), chunks=10)
    for unknown in (
        x[x > 0],
        rows[rows[:, 0] > 0],
        da.unique(x),
        x.astype(object),
        x.map_blocks(never, meta=np.ma.masked_array([], dtype=float)),
    ):
        graph = TaskGraph.from_collection(unknown, optimize=False)
        last = graph.layer == graph.layer[-1]
        assert np.isnan(graph.nbytes[last]).all()
    assert np.isnan(TaskGraph.from_collection(delayed()).nbytes).all()


def test_the_graph_of_a_collection_says_as_much() -> None:
    x = array()
    graph, raw = TaskGraph.from_collection(x, optimize=False), TaskGraph.from_graph(x.dask)
    assert graph.keys == raw.keys and np.array_equal(graph.nbytes, raw.nbytes, equal_nan=True)


def test_kinds_of_tasks() -> None:
    def kinds(graph: TaskGraph) -> dict[str, str]:
        return {str(key): KINDS[kind] for key, kind in zip(graph.keys, graph.kind, strict=True)}

    raw = {"data": np.ones(3), "one": (abs, "data"), "same": "one", "both": [(abs, "one"), "same"]}
    graph = TaskGraph.from_graph(raw)
    assert kinds(graph) == {"data": "data", "one": "task", "same": "alias", "both": "task"}
    assert graph.nbytes[:1].tolist() == [24] and np.isnan(graph.nbytes[1:]).all()
    assert graph.operations[graph.kind >= KINDS.index("alias")].tolist() == [0, 0]
    fused = TaskGraph.from_collection(da.ones((4, 4), chunks=2) + 1)
    assert set(kinds(fused).values()) == {"fused"}


def test_an_alias_is_as_large_as_what_it_names() -> None:
    nodes = {"a": DataNode("a", np.ones(4)), "b": Alias("b", "a"), "c": Alias("c", "b")}
    assert TaskGraph.from_graph(nodes).nbytes.tolist() == [32, 32, 32]
    graph = TaskGraph.from_collection(da.ones((9, 9), chunks=3).rechunk((9, 1)).sum(axis=0))
    assert KINDS.index("alias") in graph.kind and np.isfinite(graph.nbytes).all()


def test_collections_are_found_as_dask_finds_them() -> None:
    x = da.ones((4, 4), chunks=2)
    counts, edges = da.histogram(x, bins=2, range=(0, 2))
    alone = TaskGraph.from_collection(counts)
    for several in ([counts, edges], {"counts": counts, "edges": edges}, (1, [counts])):
        assert TaskGraph.from_collection(several).keys == alone.keys
    data = xr.Dataset({"t": ("x", np.ones(8))}).chunk(x=2)
    tree = xr.DataTree.from_dict({"/a": data + 1, "/a/b": data + 2})
    assert len(TaskGraph.from_collection(tree, optimize=False)) == len(
        TaskGraph.from_collection([data + 1, data + 2], optimize=False)
    )


def test_what_lies_on_the_workers_is_read_too() -> None:
    x = da.ones((40, 40), chunks=20)
    with local() as client:
        graph = TaskGraph.from_collection(client.persist(x).sum(axis=0), optimize=False, workers=2)
        unknown = TaskGraph.from_collection(delayed_of(client.submit(abs, 1)))
    first = graph.depth == 1
    assert graph.external == 4 and graph.apart[first].tolist() == [3200] * 4
    assert costs(graph, bandwidth=1)[0][first].tolist() == [3200 + 160] * 4
    assert graph.held.tolist() == [6400, 6400]
    assert unknown.external == 1 and np.isnan(unknown.apart).all() and np.isnan(costs(unknown)[0]).sum() == 0


def test_data_in_a_task_is_read_too() -> None:
    graph = TaskGraph.from_graph({"a": Task("a", sum, np.ones(1000)), "b": Task("b", sum, np.ones(10))})
    assert graph.apart.tolist() == [8000, 0]


def test_results_that_lie_elsewhere_are_counted() -> None:
    graph = TaskGraph.from_graph({name: Task(name, never, TaskRef("far"), TaskRef("near")) for name in ("a", "b")})
    assert (graph.external, len(graph.reads), len(graph)) == (2, 0, 2)


@pytest.mark.parametrize(
    ("graph", "named"),
    [
        ({"a": (abs, "b"), "b": (abs, "a"), "c": (abs, "a"), "d": 1}, "'a', 'b';"),
        ({"a": (abs, "a")}, "'a';"),
        ({("x", i): (abs, ("x", (i + 1) % 9)) for i in range(9)}, r"\('x', 0\), \('x', 1\), .* and 4 more;"),
    ],
)
def test_a_cycle_is_told_by_its_keys(graph: dict[Any, Any], named: str) -> None:
    with pytest.raises(UsageError, match=f"wait for each other: .*{named}"):
        TaskGraph.from_graph(graph)


def test_layers_are_what_people_call_them() -> None:
    x = da.ones((4, 4), chunks=2)
    assert TaskGraph.from_collection((x + 1) + 2, optimize=False).layers == ("ones_like", "add", "add 2")
    alike = TaskGraph.from_graph({("a", 0): 1, (f"a-{'01' * 16}", 0): 2, ("a 2", 0): 3})
    assert len(set(alike.layers)) == len(alike.layers) == 3
    hostile = TaskGraph.from_graph({0: 1, b"\xff": 2, (): 3, ("", 1): 4, (7, "x"): 5, "a1": 6, "a22": 7, "": 8, 1.5: 9})
    assert len(hostile) == 9 and hostile.layers[hostile.layer[hostile.keys.index("a22")]] == "a"


def test_owners_are_those_given() -> None:
    graph = TaskGraph.from_graph({"a": 1, "b": (abs, "a"), "c": (abs, "b")}, workers=2, owners={"a": 1, "c": 0})
    assert graph.owner.tolist() == [1, -1, 0] and not graph.owned
    assert graph.placement[[0, 2]].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: TaskGraph.from_collection(3), "int is no dask collection"),
        (lambda: TaskGraph.from_collection([3]), "list has no dask collection in it"),
        (lambda: TaskGraph.from_collection({"a": (abs, 1)}), "dict has .*, or a raw graph to TaskGraph.from_graph"),
        (lambda: TaskGraph.from_collection(not_to_be_fused()), "Dask cannot optimize this .*: optimize=False"),
        (lambda: TaskGraph.from_graph(3), "int is no graph"),  # type: ignore[arg-type]
        (lambda: TaskGraph.from_graph({}, workers=0), "workers is 0; give a whole number from 1 on"),
        (lambda: TaskGraph.from_graph({}, workers=1.5), "workers is 1.5"),  # type: ignore[arg-type]
        (lambda: TaskGraph.from_graph({}, workers="4"), "workers is '4'"),  # type: ignore[arg-type]
        (lambda: TaskGraph.from_graph({"a": 1}, workers=2, owners={"a": 2}), "worker 2 of 2"),
        (lambda: TaskGraph.from_graph({}, 2, ["a"]), "owners are a list"),  # type: ignore[arg-type]
        (lambda: TaskGraph.from_graph({"a": 1}, 2, {"a": "1"}), "worker '1' of 2"),  # type: ignore[dict-item]
    ],
)
def test_what_cannot_be_is_refused(make: Callable[[], TaskGraph], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        make()


def test_a_graph_of_nothing() -> None:
    graph = TaskGraph.from_graph({})
    assert (len(graph), graph.bytes_moved, graph.depth.tolist(), graph.order[0].tolist()) == (0, 0, [], [])
    assert graph.to_dataset().sizes["task"] == 0
