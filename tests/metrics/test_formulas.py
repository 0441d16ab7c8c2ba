"""Repeats whose answers were worked out by hand."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from daskcnn.metrics.repeat import Repeat
from tests.metrics.repeats import repeat, value

Interval = tuple[int, float, float]  # worker, start, stop


def busy(computes: Sequence[Interval], receives: Sequence[Interval] = (), workers: int = 2) -> Repeat:
    task, transfer = (np.array(rows, float).reshape(-1, 3).T for rows in (computes, receives))
    tasks = {"worker": task[0].astype(int), "start": task[1], "stop": task[2]}
    transfers = {"destination": transfer[0].astype(int), "start": transfer[1], "stop": transfer[2]}
    moved = {"bytes": np.full(transfer.shape[1], 1000)}
    return repeat(tasks, workers=workers, transfers=transfers | moved)


@pytest.mark.parametrize(
    ("computes", "receives", "share"),
    [
        ([(0, 0, 3)], [(0, 3, 4)], 0.25),  # receives when done
        ([(0, 0, 4)], [(0, 1, 3)], 0.0),  # hidden behind the computing
        ([(0, 0, 4)], [(1, 0, 4)], 0.5),  # hides nothing on another worker
        ([(0, 1, 3)], [(0, 0, 4)], 0.5),  # sticks out on both sides
        ([(0, 0, 1), (0, 3, 4)], [(0, 0, 4), (0, 1, 2)], 0.5),  # overlapping transfers count once
        ([(0, 0, 2), (0, 1, 3)], [(0, 2, 4)], 0.25),  # so do two threads of one worker
        ([(0, 0, 3), (1, 5, 6)], [(1, 1, 5)], 0.5),  # workers add up: 4 / (4 + 3 + 1)
        ([(0, 0, 1)], [(0, 2, 1)], 0.0),  # a stop that clock correction put before its start lasts nothing
        ([], [(0, 0, 1)], 1.0),
        ([], [], 0.0),
        ([(0, 0, np.nan)], [(0, 0, 1)], np.nan),
        ([(0, 0, 1)], [(0, np.nan, 1)], np.nan),
    ],
)
def test_communication(computes: list[Interval], receives: list[Interval], share: float) -> None:
    assert value("communication", busy(computes, receives)) == pytest.approx(share, 0, nan_ok=True)


def test_communication_and_bandwidth_agree_with_counting_ticks() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        computes, receives = (
            [(int(w), float(a), float(a + n)) for w, a, n in rng.integers((0, 0, 1), (3, 40, 9), (count, 3))]
            for count in (12, 8)
        )
        ticks = np.zeros((2, 3, 50), bool)
        for kind, intervals in enumerate((computes, receives)):
            for worker, start, stop in intervals:
                ticks[kind, worker, int(start) : int(stop)] = True
        of = busy(computes, receives, workers=3)
        exposed = (ticks[1] & ~ticks[0]).sum()
        assert value("communication", of) == pytest.approx(exposed / (exposed + ticks[0].sum()), 1e-12)
        assert value("bandwidth", of) == pytest.approx(8 * 1000 / ticks[1].sum(), 1e-12)


@pytest.mark.parametrize(
    ("receives", "expected"),
    [
        ([(0, 1, 3)], 500),
        ([(0, 1, 3), (0, 2, 5)], 500),  # 2000 B in the 4 s from 1 to 5
        ([(0, 1, 3), (1, 1, 3)], 500),  # workers receive each for itself
        ([(0, 1, 1)], np.nan),  # no time that it took
        ([], np.nan),
    ],
)
def test_bandwidth(receives: list[Interval], expected: float) -> None:
    assert value("bandwidth", busy([(0, 0, 9)], receives)) == pytest.approx(expected, 0, nan_ok=True)


@pytest.mark.parametrize(
    ("computes", "workers", "expected"),
    [
        ([(0, 0, 2), (1, 0, 2)], 2, 0.0),
        ([(0, 0, 3), (1, 0, 1)], 2, 0.5),
        ([(0, 0, 2), (0, 2, 3), (1, 1, 2)], 2, 0.5),
        ([(0, 0, 1)], 4, 3.0),  # workers that did nothing count
        ([], 2, 0.0),
        ([(0, 0, np.nan)], 2, np.nan),
        ([(0, 0, 2), (-1, 0, 2)], 2, np.nan),  # nobody knows which worker
    ],
)
def test_imbalance(computes: list[Interval], workers: int, expected: float) -> None:
    assert value("imbalance", busy(computes, workers=workers)) == pytest.approx(expected, 0, nan_ok=True)


def test_bytes_moved() -> None:
    assert value("bytes_moved", busy([(0, 0, 1)], [(1, 0, 1), (0, 1, 2), (1, 1, 2)])) == 3000
    assert value("bytes_moved", busy([(0, 0, 1)])) == 0
    unknown = repeat(transfers={"destination": [0, 1], "bytes": [7, -1]})
    assert np.isnan(value("bytes_moved", unknown))


@pytest.mark.parametrize(
    ("node", "source", "moved", "between", "share"),
    [
        (["a", "a", "b"], [0, 0, 2], [1, 2, 4], 6, 6 / 7),  # worker 0 to 1 stays, 0 to 2 and 2 to 1 do not
        (["a", "a", "a"], [0, 0, 2], [1, 2, 4], 0, 0.0),
        (["a", "b", "c"], [0, 0, 2], [0, 0, 0], 0, np.nan),
        (["a", "", "b"], [0, 0, 2], [1, 2, 4], np.nan, np.nan),  # nobody knows where one is,
        (["a", "a", "b"], [-1, 0, 2], [1, 2, 4], np.nan, np.nan),  # who sent it,
        (["a", "a", "b"], [0, 0, 2], [1, -1, 4], np.nan, np.nan),  # or how much
    ],
)
def test_bytes_between_nodes(
    node: list[str], source: list[int], moved: list[int], between: float, share: float
) -> None:
    of = repeat(workers={"node": node}, transfers={"source": source, "destination": [1, 2, 1], "bytes": moved})
    assert value("bytes_between_nodes", of) == pytest.approx(between, 0, nan_ok=True)
    assert value("share_between_nodes", of) == pytest.approx(share, nan_ok=True)


@pytest.mark.parametrize(
    ("peaks", "most", "total"),
    [([7, 8], 8, 15), ([7, 0], 7, np.nan), ([0, 0], np.nan, np.nan), ([], np.nan, np.nan)],
)
def test_memory(peaks: list[int], most: float, total: float) -> None:
    of = repeat(workers={"peak_memory": np.array(peaks, int)})
    assert value("peak_memory_bytes", of) == pytest.approx(most, 0, nan_ok=True)
    assert value("memory_total_bytes", of) == pytest.approx(total, 0, nan_ok=True)


def test_memory_of_a_process_counts_once() -> None:
    places: dict[str, Any] = {"host": ["a", "a", "b", "b", "b"], "pid": np.array([7, 7, 7, -1, -1])}
    of = repeat(workers=places | {"peak_memory": np.array([5, 4, 16, 32, 64])})
    assert value("memory_total_bytes", of) == 5 + 16 + 32 + 64


TWO_LAYERS: dict[str, Any] = {
    "worker": [0, 0, 1, 1],
    "start": [0.5, 2.0, 1.0, 3.0],
    "stop": [1.5, 4.0, 2.0, 5.0],
    "submitted": [0.25, 0.25, 0.25, 0.25],
    "in_memory": [1.75, 4.5, 2.25, 5.25],
    "operations": [6e6, np.nan, 2e6, 0.0],
}


def test_makespan_and_rates() -> None:
    of = repeat(TWO_LAYERS)
    assert value("makespan", of) == 5.0  # from 0.25 to 5.25
    assert value("tasks_per_s", of) == 4 / 5.0
    assert value("operations_per_s", of) == 8e6 / 4.0  # in 1 + 1 + 2 s; what the second one does is not known


def test_makespan_falls_back_on_starts_and_stops() -> None:
    of = repeat({name: TWO_LAYERS[name] for name in ("worker", "start", "stop")})
    assert value("makespan", of) == 4.5
    assert np.isnan(value("operations_per_s", of))


def test_nothing_ran() -> None:
    of = repeat()
    assert all(np.isnan(value(name, of)) for name in ("makespan", "tasks_per_s", "operations_per_s"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("latency_min", 1.0),
        ("latency_mean", 3.0),
        ("latency_p50", 2.0),
        ("latency_p95", 5.6),  # place 1.9 of 0 to 2, 0.9 of the way from 2 to 6
        ("latency_p99", 5.92),
        ("latency_max", 6.0),
        ("latency_spread", 5.0),
    ],
)
def test_latency(name: str, expected: float) -> None:
    # Results are tasks 1, 2 and 4: from 0 to 2 by way of task 0, 3 to 4, and 1 to 7 by way of task 3.
    tasks: dict[str, Any] = {
        "worker": [0] * 5,
        "start": [0.0, 1.0, 3.0, 1.0, 5.0],
        "in_memory": [1.0, 2.0, 4.0, 2.0, 7.0],
    }
    of = repeat(tasks, edges={"reader": [1, 4], "read": [0, 3]})
    assert value(name, of) == pytest.approx(expected, 1e-12)


def test_latency_of_no_result_or_an_unknown_one() -> None:
    names = ("latency_min", "latency_mean", "latency_p95", "latency_spread")
    unknown = repeat({"worker": [0, 0], "start": [np.nan, 1.0], "in_memory": [1.0, 2.0]})
    never = repeat({"worker": [0, 0], "start": [0.0, 1.0]})
    assert all(np.isnan(value(name, of)) for name in names for of in (repeat(), unknown, never))
