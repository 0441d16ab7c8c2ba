"""Each fault is found in a graph that has it, and nothing in the same graph without it, nor in healthy ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import dask.array as da
import numpy as np
import pytest
from dask._task_spec import Task, TaskRef
from dask.bag import from_sequence
from dask.delayed import delayed

from daskcnn import networks, plugins
from daskcnn.layers import Conv2d, Op, Relu
from daskcnn.network import Network
from daskcnn.plan import Plan
from daskcnn.taskgraph import TaskGraph
from tests import laws
from tests.dags import drawn

advice = plugins.load("graphs", "advice")
BIG = np.ones((2000, 1000))
Make = Callable[[], Any]


def array(side: int = 8000, chunks: Any = 1000) -> Any:
    return da.ones((side, side), chunks=chunks)


def call(*args: Any) -> Any:
    return delayed(max)(*args)


def wide(chunk: int, depth: int) -> Any:
    """Rows that read rows of their neighbours."""
    x = da.ones((1280, 100_000), chunks=(chunk, 100_000))
    return da.map_overlap(abs, x, depth={0: depth, 1: 0}, dtype=float)


def chains(steps: int) -> TaskGraph:
    """Eight chains."""
    tasks: dict[Any, Task] = {}
    for lane in range(8):
        tasks["step0", lane] = Task(("step0", lane), abs, lane)
        for step in range(1, steps):
            key = (f"step{step}", lane)
            tasks[key] = Task(key, abs, TaskRef((f"step{step - 1}", lane)))
    return TaskGraph.from_graph(tasks)


def tall(height: int) -> TaskGraph:
    """Kernels of nine rows over 32 rows in so many blocks."""
    layers: list[tuple[str, Op]] = [(f"conv{i}", Conv2d(4, (9, 3), padding=(4, 1, 4, 1))) for i in range(2)]
    net = Network.chain("tall", (4, 32, 512), layers).initialised()
    return laws.graph_of(Plan.of(net, f"height={height}", images=20, workers=height))


def deep(granularity: str) -> TaskGraph:
    """Forty layers that take no time."""
    net = Network.chain("deep", (1, 8, 8), [(f"relu{i}", Relu()) for i in range(40)]).initialised()
    return laws.graph_of(Plan.of(net, "height=2", images=1, workers=2), granularity=granularity)


def mnist(chunks: str, images: int) -> TaskGraph:
    """The first report's network over four workers."""
    return laws.graph_of(Plan.of(networks.mnist(), chunks, images=images, workers=4))


def gathered(owner: int | None) -> TaskGraph:
    """Four workers make a gigabyte each; what is made of it lies on one, or where it was."""
    reads: dict[str, list[str]] = {f"make{i}": [] for i in range(4)} | {f"use{i}": [f"make{i}"] for i in range(4)}
    owners = {key: owner if owner is not None and key[0] == "u" else int(key[-1]) for key in reads}
    return drawn(reads, 4, owners, dict.fromkeys(reads, 1e9), dict.fromkeys(reads, 1))


def loaded_at_once() -> Any:
    """One task reads all that blocks are made of; others can be made meanwhile."""
    whole = da.from_delayed(call(1), (20_000, 20_000), float)
    return whole.rechunk(2000) + array(20_000, 2000)


def iterated() -> TaskGraph:
    """Blocks on the diagonal need no other, so that they lie at other depths; all can run side by side."""
    x = array(8000, 2000)
    for _ in range(10):
        x = (x + x.T) / 2
    return TaskGraph.from_collection(x, workers=16)


def one_by_one() -> TaskGraph:
    """A chain of five."""
    reads = {f"step{i}": [f"step{i - 1}"] if i else [] for i in range(6)}
    return drawn(reads, 2, dict.fromkeys(reads, 0), dict.fromkeys(reads, 1e6), dict.fromkeys(reads, 1))


SOURCE, MEETING = call(0), call(*(call(i) for i in range(20)))
FAULTS: list[tuple[str, Make, Make]] = [
    ("tasks too small", lambda: (array(800, 20) + 1).sum(), lambda: (array(2000, 1000) + 1).sum()),
    (
        "parameters embedded in the graph",
        lambda: array().map_blocks(np.add, BIG, dtype=float),
        lambda: array().map_blocks(np.add, 1, dtype=float),
    ),
    (
        "parameters embedded in the graph",
        lambda: da.from_array(BIG, chunks=500) + 1,
        lambda: da.from_array(BIG[:1000, :1000], chunks=500) + 1,
    ),
    (
        "parameters embedded in the graph",
        lambda: [call(BIG, i) for i in range(8)],
        lambda: [call(1, i) for i in range(8)],
    ),
    (
        "rechunk explosion",
        lambda: array(25_600, (512, 25_600)).rechunk((25_600, 512), threshold=10**9),
        lambda: array(25_600, (512, 25_600)).rechunk((1024, 12_800)),
    ),
    ("halo larger than the interior", lambda: wide(20, 15), lambda: wide(20, 1)),
    ("halo larger than the interior", lambda: tall(8), lambda: tall(2)),
    (
        "one task that everything waits for",
        lambda: array().rechunk(-1).map_blocks(abs, dtype=float).rechunk(1000),
        lambda: array().rechunk(2000).map_blocks(abs, dtype=float).rechunk(1000),
    ),
    (
        "one task that everything waits for",
        lambda: [call(SOURCE, i) for i in range(20)],
        lambda: [call(call(i), i) for i in range(20)],
    ),
    (
        "one task that everything waits for",
        lambda: [call(MEETING, i) for i in range(20)],
        lambda: [call(call(i), i) for i in range(20)],
    ),
    ("one task that everything waits for", loaded_at_once, lambda: array(20_000, 2000) + array(20_000, 2000)),
    (
        "one task that everything waits for",
        lambda: from_sequence(range(20), npartitions=20).map(abs).repartition(1).repartition(20),
        lambda: from_sequence(range(20), npartitions=20).map(abs).repartition(10).repartition(20),
    ),
    ("all to one", lambda: array().rechunk(-1), lambda: array().rechunk((2000, 500))),
    ("all to one", lambda: call(*(call(i) for i in range(100))), lambda: call(*(call(i) for i in range(16)))),
    ("all to one", lambda: gathered(0), lambda: gathered(None)),
    ("fewer blocks than workers", lambda: array(4000, (2000, 4000)) + 1, lambda: array(4000, (1000, 4000)) + 1),
    (
        "imbalance",
        lambda: (array(4000, ((3400, 200, 200, 200), 4000)) + 1).sum(),
        lambda: (array(4000, ((1000,) * 4, 4000)) + 1).sum(),
    ),
    ("imbalance", lambda: mnist("batch", 5), lambda: mnist("batch", 8)),
    ("too many layers for the span", lambda: chains(100), lambda: chains(4)),
    ("too many layers for the span", lambda: deep("layer"), lambda: deep("segment")),
]

HEALTHY: dict[str, Make] = {
    "normalised": lambda: (array() - array().mean()) / array().std(),
    "product": lambda: array() @ array(),
    "running sum": lambda: array().cumsum(axis=0),
    "svd": lambda: list(da.linalg.svd(da.ones((100_000, 100), chunks=(10_000, 100)))),
    "mask": lambda: (x := array())[x > 0.5].sum(),
    "histogram": lambda: da.histogram(array(), bins=10, range=(0, 1))[0],
    "shifted": lambda: array() + da.roll(array(), 1, axis=0),
    "largest": lambda: array().argmax(axis=1),
    "transform": lambda: da.fft.fft(array().rechunk((8000, 1000)), axis=0),
    "rows to columns": lambda: array(20_000, (2000, 20_000)).rechunk((20_000, 2000)),
    "iterated": iterated,
    "batch": lambda: mnist("batch", 1000),
    "all-gather": lambda: mnist("channel=8", 10_000),
    "channel": lambda: mnist("channel", 1000),
    "filter": lambda: mnist("filter", 1000),
    "spatial": lambda: mnist("spatial=2x2", 1000),
}


def graph_of(made: Any, optimize: bool) -> TaskGraph:
    return made if isinstance(made, TaskGraph) else TaskGraph.from_collection(made, optimize=optimize)


def named(graph: TaskGraph, **settings: Any) -> list[str]:
    found = advice.analyse(graph, **settings)
    assert (found["value"] > found["limit"]).all()
    assert set(found["severity"].values.tolist()) <= {"minor", "major", "severe"}
    assert set(found["layer"].values.tolist()) <= set(graph.layers)
    return [str(name) for name in found["finding"].values]


@pytest.mark.parametrize(("name", "planted", "without"), FAULTS)
@pytest.mark.parametrize("optimize", [False, True])
def test_a_planted_fault_is_named(name: str, planted: Make, without: Make, optimize: bool) -> None:
    assert name in named(graph_of(planted(), optimize))
    assert named(graph_of(without(), optimize)) == []


@pytest.mark.parametrize("name", HEALTHY)
@pytest.mark.parametrize("optimize", [False, True])
def test_a_healthy_graph_has_none(name: str, optimize: bool) -> None:
    assert named(graph_of(HEALTHY[name](), optimize)) == []


def test_memory_over_the_limit() -> None:
    graph = TaskGraph.from_collection(array() + array().T)
    assert named(graph) == named(graph, limit="1 TB") == []
    assert named(graph, limit="1 MB") == ["memory over the limit"]
    planned = mnist("batch", 8)
    peak = float(plugins.load("graphs", "memory").analyse(planned)["peak"].max())
    assert named(planned, limit=peak) == [] and named(planned, limit=peak - 1) == ["memory over the limit"]


def test_the_worst_comes_first() -> None:
    found = advice.analyse(TaskGraph.from_collection(array().rechunk(-1)))
    times = found["value"] / found["limit"]
    assert found.sizes["finding"] > 1 and (np.diff(times) <= 0).all()
    severity = ["severe" if value > 10 else "major" if value > 2 else "minor" for value in times.values]
    assert found["severity"].values.tolist() == severity
    lines = advice.summary(found)
    assert lines[0].startswith("all to one (severe) at rechunk-merge: one task reads 64 results")


@pytest.mark.parametrize("x", [array().rechunk(-1), [call(SOURCE, i) for i in range(20)]])
def test_nothing_waits_on_one_worker(x: Any) -> None:
    assert named(TaskGraph.from_collection(x, workers=1)) == []


def test_in_a_chain_each_waits_for_one_only() -> None:
    assert set(named(one_by_one())) == {"fewer blocks than workers", "imbalance"}


def test_what_is_small_and_few_does_not_matter() -> None:
    few = TaskGraph.from_collection(da.ones(40, chunks=10) + 1, optimize=False)
    assert named(few) == []


def test_owners_decide_what_comes_to_one() -> None:
    graph = gathered(0)
    assert named(replace(graph, owner=np.full(len(graph), -1))) == []


def test_nothing_is_wrong_with_nothing() -> None:
    found = advice.analyse(TaskGraph.from_graph({}))
    assert found.sizes["finding"] == 0 and advice.summary(found) == ["nothing is wrong"]
    empty = da.ones((0, 5), chunks=(3, 5)) + 1
    assert named(TaskGraph.from_collection(empty, optimize=False, workers=1)) == []
