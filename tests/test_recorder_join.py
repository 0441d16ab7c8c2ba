"""Logs made by hand, whole and with holes: every record that lacks is counted, and nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from daskcnn.recorder_join import dropped, join
from daskcnn.recorder_scheduler import SchedulerLog
from daskcnn.recorder_worker import WorkerLog

A, B, SCHEDULER = "tcp://h:1", "tcp://h:2", "tcp://h:0"
KEY = ("conv1-run-0", 0, 1)
SEEN = SchedulerLog(
    started=100.0,
    workers=[("0", A, "h", 11, 1, 1 << 30), ("1", B, "h", 12, 1, 0)],
    tasks=[(KEY, A, 7, 101.0, 102.0, 64), ("sum-1", B, 8, 103.0, 104.0, 8)],
    events=[],
    unstamped=0,
)
SENT = (B, 102.1, 102.5, {KEY: 64})
RECEIVED = (A, 102.0, 102.4, {KEY: 64})
LOGS = {
    A: WorkerLog(105.0, 1, [], [SENT, (SCHEDULER, 104.0, 104.1, {"sum-1": 8})], [(100.5, 9, 1)], 10, 1),
    B: WorkerLog(105.0, 1, [RECEIVED], [], [], 20, 2),
}


def test_a_whole_recording_becomes_a_trace() -> None:
    tree = join(SEEN, LOGS)
    assert tree.attrs == {"started": 100.0, "records_dropped": 0}
    assert _rows(tree, "tasks") == [
        ("('conv1-run-0', 0, 1)", "conv1-run", "0,1", 0, 7, 1.0, 2.0, 64, 0),
        ("sum-1", "sum", "", 1, 8, 3.0, 4.0, 8, 0),
    ]
    assert _rows(tree, "transfers") == [("('conv1-run-0', 0, 1)", 0, 1, 64, 2.0, pytest.approx(2.4), 0)]
    assert _rows(tree, "workers") == [("0", A, "h", 11, 1, 1 << 30, 10, 1), ("1", B, "h", 12, 1, 0, 20, 2)]
    assert _rows(tree, "memory") == [(0, 0.5, 9, 1)]
    assert _rows(tree, "events") == []


def test_an_event_without_a_worker_is_nobodys() -> None:
    events = [(101.0, "retry", "", "x"), (101.5, "steal", B, "y")]
    assert _rows(join(replace(SEEN, events=events), LOGS), "events") == [
        (1.0, "retry", -1, "x"),
        (1.5, "steal", 1, "y"),
    ]


def _without(address: str, **changes: Any) -> dict[str, WorkerLog]:
    return LOGS | {address: replace(LOGS[address], **changes)}


@pytest.mark.parametrize(
    ("seen", "logs", "lacking"),
    [
        (SEEN, LOGS, 0),
        (replace(SEEN, unstamped=3), LOGS, 3),
        (SEEN, _without(A, executed=4), 3),
        (SEEN, _without(A, outgoing=[]), 1),
        (SEEN, _without(B, incoming=[]), 1),
        (SEEN, _without(B, incoming=[RECEIVED, RECEIVED]), 1),
        (SEEN, _without(B, incoming=[(A, 102.0, 102.4, {KEY: 64, "x": 1, "y": 1})]), 2),
        # Gone with its log: one, and what was sent to it is known to be missing, but not what came from it.
        (SEEN, {A: LOGS[A]}, 2),
        (SEEN, {B: LOGS[B]}, 1),
        (SEEN, {}, 2),
    ],
)
def test_what_lacks_is_counted(seen: SchedulerLog, logs: dict[str, WorkerLog], lacking: int) -> None:
    assert dropped(seen, logs) == lacking
    assert join(seen, logs).records_dropped == lacking


@pytest.mark.parametrize(("start", "stop"), [(99.9, 100.1), (104.9, 105.1)])
def test_a_transfer_cut_by_the_ends_of_the_recording_is_not_lost(start: float, stop: float) -> None:
    assert dropped(SEEN, _without(A, outgoing=[SENT, (B, start, stop, {"cut": 1})])) == 0


@pytest.mark.parametrize("kind", ["retry", "erred"])
def test_a_run_that_failed_is_not_lost(kind: str) -> None:
    events = [(101.0, kind, A if kind == "erred" else "", "x")]
    assert dropped(replace(SEEN, events=events), _without(A, executed=2)) == 0
    assert dropped(replace(SEEN, events=events), _without(A, executed=3)) == 1


def _rows(tree: Any, node: str) -> list[tuple[Any, ...]]:
    return list(zip(*(variable.values.tolist() for variable in tree[node].data_vars.values()), strict=True))
