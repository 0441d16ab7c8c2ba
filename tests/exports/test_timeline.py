"""A timeline shows every task, message, sample and event of a trace, where and when it was, and nothing else."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import xarray as xr

from daskcnn.exports import timeline
from daskcnn.trace import SCHEMA, filled, trace
from tests.exports.format import Event, assert_valid, loaded
from tests.runs import make_run

NAN = float("nan")
WORKERS: dict[str, npt.ArrayLike] = {"name": ["a", "b"], "threads": [2, 1]}
TASKS: dict[str, npt.ArrayLike] = {
    "key": ["x", "y", "z"],
    "layer": ["conv1", "conv2", "conv1"],
    "worker": [0, 0, 1],
    "thread": [77, 55, 9],
    "start": [0.001, 0.002, 0.010],
    "stop": [0.004, 0.003, 0.011],
    "bytes": [10, 20, 30],
    "operations": [1e9, NAN, NAN],
    "repeat": [0, 0, 0],
}


def run(**tables: Mapping[str, npt.ArrayLike]) -> xr.DataTree:
    """A run of two workers, one of them with two threads."""
    given = {"workers": WORKERS, "tasks": TASKS} | tables
    whole = trace({name: filled(name, given.get(name, {})) for name in SCHEMA}, started=1.8e9)
    root = xr.Dataset({"network": "mnist", "seconds": 0.5, "accuracy": NAN}, attrs={"run": "a-run"})
    return xr.DataTree(root, children={"trace": whole})


def events(tree: xr.DataTree, phase: str) -> list[Event]:
    document = loaded(json.dumps(timeline(tree), allow_nan=False))
    assert_valid(document)
    return [event for event in document["traceEvents"] if event["ph"] == phase]


def names(tree: xr.DataTree) -> dict[tuple[int, int], str]:
    """What each thread is called, with its worker."""
    named = events(tree, "M")
    workers = {event["pid"]: event["args"]["name"] for event in named if event["name"] == "process_name"}
    threads = (event for event in named if event["name"] == "thread_name")
    return {(own["pid"], own["tid"]): f"{workers[own['pid']]}, {own['args']['name']}" for own in threads}


def slices(tree: xr.DataTree, kind: str) -> list[tuple[str, str, float, float]]:
    """Thread, name, start and length of each slice."""
    called = names(tree)
    own = (event for event in events(tree, "X") if event["cat"] == kind)
    return [(called[event["pid"], event["tid"]], event["name"], event["ts"], event["dur"]) for event in own]


def arrows(tree: xr.DataTree) -> list[tuple[str, float, str, float]]:
    """Thread and time of where each begins and ends."""
    called = names(tree)
    ends = zip(events(tree, "s"), events(tree, "f"), strict=True)
    return [
        (called[one["pid"], one["tid"]], one["ts"], called[other["pid"], other["tid"]], other["ts"])
        for one, other in ends
    ]


def moved(**columns: npt.ArrayLike) -> xr.DataTree:
    """Two results that worker b gets of worker a: `x` from 5 to 7 ms, `y` from 6 to 8 ms."""
    usual: dict[str, npt.ArrayLike] = {
        "key": ["x", "y"],
        "source": [0, 0],
        "destination": [1, 1],
        "producer": [0, 1],
        "gather": [0, 1],
        "bytes": [10, 20],
        "start": [0.005, 0.006],
        "stop": [0.007, 0.008],
        "repeat": [0, 0],
    }
    return run(transfers=usual | columns)


def test_every_task_is_a_slice_of_its_thread() -> None:
    assert slices(run(), "task") == [
        ("worker a, thread 1", "conv1", 1000.0, 3000.0),
        ("worker a, thread 0", "conv2", 2000.0, 1000.0),
        ("worker b, thread 0", "conv1", 10000.0, 1000.0),
    ]


def test_a_slice_says_what_is_known_of_its_task() -> None:
    first, second, _ = (event["args"] for event in events(run(), "X"))
    assert first == {"key": "x", "bytes (B)": 10, "operations (FLOP)": 1e9, "repeat": 0}
    assert second == {"key": "y", "bytes (B)": 20, "repeat": 0}


def test_threads_that_ran_nothing_are_there() -> None:
    assert sorted(names(run(tasks={})).values()) == ["worker a, thread 0", "worker a, thread 1", "worker b, thread 0"]


def test_a_message_is_a_slice_of_who_gets_it_with_an_arrow_from_who_made_it() -> None:
    tree = moved(stop=[0.006, 0.008])
    assert slices(tree, "transfer") == [
        ("worker b, received", "from worker a", 5000.0, 1000.0),
        ("worker b, received", "from worker a", 6000.0, 2000.0),
    ]
    assert arrows(tree) == [
        ("worker a, thread 1", 2500.0, "worker b, received", 5500.0),
        ("worker a, thread 0", 2500.0, "worker b, received", 7000.0),
    ]


def test_messages_at_one_time_have_a_thread_each() -> None:
    assert [thread for thread, *_ in slices(moved(), "transfer")] == ["worker b, received", "worker b, received 1"]


def test_what_came_in_one_message_is_one_slice() -> None:
    tree = moved(gather=[4, 4], serialize=[0.25, 0.5])
    assert slices(tree, "transfer") == [("worker b, received", "from worker a", 5000.0, 3000.0)]
    (message,) = (event for event in events(tree, "X") if event["cat"] == "transfer")
    assert message["args"] == {"bytes (B)": 30, "serialize (s)": 0.75, "keys": ["x", "y"], "repeat": 0}
    assert len(arrows(tree)) == 2


@pytest.mark.parametrize(
    ("columns", "messages", "ends"),
    [
        ({"producer": [-1, 99]}, 2, 0),
        ({"gather": [-1, -1]}, 2, 2),
        ({"start": [0.0, 0.006], "stop": [0.001, 0.008]}, 2, 1),  # by clocks that differ it came before it was made
        ({"start": [NAN, 0.006]}, 1, 1),
        ({"source": [-1, 0]}, 1, 1),
        ({"destination": [1, 2]}, 1, 1),
        ({"stop": [0.004, 0.008]}, 2, 2),
        ({"source": [0, 1], "gather": [3, 3]}, 2, 2),
    ],
)
def test_what_is_not_known_is_not_made_up(columns: dict[str, npt.ArrayLike], messages: int, ends: int) -> None:
    tree = moved(**columns)
    assert (len(slices(tree, "transfer")), len(arrows(tree))) == (messages, ends)


def test_tasks_without_time_or_worker_are_left_out() -> None:
    tree = run(tasks=TASKS | {"start": [NAN, 0.002, 0.010], "worker": [0, -1, 1]})
    assert [key["args"]["key"] for key in events(tree, "X")] == ["z"]


def test_memory_is_counted() -> None:
    sample: dict[str, npt.ArrayLike] = {
        "worker": [0, 1, 1, -1, 0],
        "time": [0.5, 0.25, 0.75, 0.5, NAN],
        "rss": [100, 100, 40, 1, 1],
        "managed": [30, 0, 50, 1, 1],
        "spilled": [5, -1, 7, 1, 1],
    }
    found = [(event["pid"], event["ts"], *event["args"].values()) for event in events(run(memory=sample), "C")]
    assert found == [(1, 500000.0, 30, 70, 5), (2, 250000.0, 0, 100, 0), (2, 750000.0, 50, 0, 7)]
    assert {*events(run(memory=sample), "C")[0]["args"]} == {"managed", "unmanaged", "spilled"}


def test_what_happens_is_an_instant() -> None:
    happened: dict[str, npt.ArrayLike] = {
        "kind": ["spill", "steal", "retry"],
        "worker": [1, -1, 0],
        "time": [0.5, 0.25, NAN],
        "duration": [0.125, 0.0, 0.0],
        "detail": ["x", "", ""],
    }
    spill, steal = events(run(events=happened), "i")
    assert (spill["name"], spill["pid"], spill["ts"], spill["s"]) == ("spill", 2, 500000.0, "p")
    assert spill["args"] == {"detail": "x", "duration (s)": 0.125}
    assert (steal["name"], steal["ts"], steal["s"]) == ("steal", 250000.0, "g")


def test_the_run_is_told_beside() -> None:
    about = timeline(run())["otherData"]
    assert about == {"records_dropped": 0, "started": 1.8e9, "run": "a-run", "network": "mnist", "seconds": 0.5}


def test_a_whole_run(workers: int = 3) -> None:
    tree = make_run(5, workers=workers)
    tasks, transfers = (tree[f"trace/{node}"].dataset for node in ("tasks", "transfers"))
    assert len(slices(tree, "task")) == tasks.sizes["task"] and len(arrows(tree)) == transfers.sizes["transfer"] > 0
    total = sum(length for *_, length in slices(tree, "task"))
    assert total == pytest.approx(1e6 * float((tasks["stop"] - tasks["start"]).sum()))


def test_an_empty_trace() -> None:
    none: Any = {name: {} for name in SCHEMA}
    tree = run(**none)
    assert timeline(tree)["traceEvents"] == []


def test_hostile_words() -> None:
    words = ["\x00\x1b[31m", "</script>", "\u2028\"'\\"]
    tree = run(tasks=TASKS | {"key": words, "layer": words})
    assert [event["name"] for event in events(tree, "X")] == words
    assert np.array_equal([event["args"]["key"] for event in events(tree, "X")], words)
