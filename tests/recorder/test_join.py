"""Logs made by hand, whole and with holes: every stamp finds its task, and every record that lacks is counted."""

from collections.abc import Mapping
from dataclasses import replace
from math import nan
from time import thread_time
from typing import Any

import numpy as np
import pytest
import xarray as xr

from daskcnn.recorder.clocks import Clock
from daskcnn.recorder.join import join
from daskcnn.recorder.records import Event, Key, Log, Message, Run
from daskcnn.recorder.scheduler import SchedulerLog
from daskcnn.recorder.worker import WorkerLog

A, B, SCHEDULER = "tcp://h:1", "tcp://h:2", "tcp://h:0"
KEY = ("conv1-run-0", 0, 1)
AHEAD = 50.0
"""Seconds that the second worker's clock is ahead."""


def log(*rows: tuple[float, Key, str]) -> Log:
    times, keys, states = zip(*rows, strict=True) if rows else ((), (), ())
    return Log(list(keys), list(states), list(times))


def ran(start: float, stop: float, *, told: float, thread: int = 7, cpu: float = 0.25, size: int = 8) -> Run:
    return thread, start, stop, told, cpu, 0.0625, size


FIRST, SECOND = (A, 7, 101.125, 102.125, 64), (B, 8, 103.5, 104.5, 8)
SEEN = SchedulerLog(
    started=100.0,
    workers=[("0", A, "h", 11, 1, 1 << 30), ("1", B, "i", 12, 1, 0)],
    states=log(
        (100.25, KEY, "submitted"),
        (100.25, "sum-1", "submitted"),
        (100.5, KEY, "waiting"),
        (100.5, "sum-1", "waiting"),
        (100.5, KEY, "queued"),
        (100.75, KEY, "processing"),
        (102.25, KEY, "memory"),
        (102.25, "sum-1", "processing"),
        (104.25, "sum-1", "memory"),
    ),
    finished=[*FIRST, *SECOND],
    readers=["sum-1", "sum-1"],
    reads=[KEY, "given"],
    events=[],
    clocks={A: Clock(0.0, 0.0), B: Clock(AHEAD, 0.125)},
    logs={},
)
SENT: Message = (B, 102.5, 103.0, 0.25, [(KEY, 64)])
RECEIVED: Message = (A, 102.375 + AHEAD, 102.875 + AHEAD, 0.5, [(KEY, 64)])
LOGS = {
    A: WorkerLog(
        A,
        asked=106.0,
        delay=0.125,
        under_way=frozenset(),
        executed=1,
        states=log(
            (100.8125, KEY, "waiting"), (100.875, KEY, "ready"), (100.9375, KEY, "executing"), (102.0, KEY, "ran")
        ),
        runs=np.array([ran(101.0, 102.0, told=101.125, size=64)]),
        incoming=[],
        outgoing=[SENT, (SCHEDULER, 104.0, 104.125, 0.0, [("sum-1", 8)])],
        spills=[(102.0, 0.5, "spill", A, "x: 9 B")],
        memory=[(100.5, 9, 1, 2)],
        peak_memory=10,
        blas_threads=1,
        node="",
    ),
    B: WorkerLog(
        B,
        asked=106.0 + AHEAD,
        delay=0.5 - AHEAD,
        under_way=frozenset(),
        executed=1,
        states=log(
            (102.3125 + AHEAD, "sum-1", "waiting"),
            (102.9375 + AHEAD, "sum-1", "ready"),
            (102.9375 + AHEAD, "sum-1", "executing"),
            (104.0 + AHEAD, "sum-1", "ran"),
        ),
        runs=np.array([ran(103.0 + AHEAD, 104.0 + AHEAD, told=103.5, thread=8)]),
        incoming=[RECEIVED],
        outgoing=[],
        spills=[],
        memory=[],
        peak_memory=20,
        blas_threads=2,
        node="",
    ),
}


def test_a_whole_recording_becomes_a_trace() -> None:
    tree = join(SEEN, LOGS)
    assert tree.attrs == {"started": 100.0, "records_dropped": 0}
    stamps = [0.25, 0.5, 0.75, 0.8125, 0.875, 0.9375, 1.0, 2.0, 2.25]
    others = [0.25, 2.25, 2.25, 2.3125, 2.9375, 2.9375, 3.0, 4.0, 4.25]
    assert _rows(tree, "tasks") == [
        ("('conv1-run-0', 0, 1)", "conv1-run", "0,1", 0, 7, *stamps, 0.0625, 0.25, 64, "nan", 0),
        ("sum-1", "sum", "", 1, 8, *others, 0.0625, 0.25, 8, "nan", 0),
    ]
    assert _rows(tree, "edges") == [(1, 0)]
    assert _rows(tree, "transfers") == [
        ("('conv1-run-0', 0, 1)", 0, 1, 0, 1, 0, 64, 2.375, 2.875, 0.25, 0.5, 0),
    ]
    assert _rows(tree, "workers") == [
        ("0", A, "h", "h", 11, 1, 1 << 30, 10, 1, 0.0, 0.0),
        ("1", B, "i", "i", 12, 1, 0, 20, 2, AHEAD, 0.125),
    ]
    assert _rows(tree, "memory") == [(0, 0.5, 9, 1, 2)]
    assert _rows(tree, "events") == [(2.0, 0.5, "spill", 0, "x: 9 B")]


def test_nothing_noted_is_an_empty_trace() -> None:
    tree = join(SchedulerLog(100.0, [], Log(), [], [], [], [], {}, {}), {})
    assert [node.sizes for node in tree.children.values()] == [{name: 0} for name in _dimensions(tree)]


def test_an_event_without_a_worker_is_nobodys() -> None:
    events: list[Event] = [(101.5, 0.0, "steal", B, "y"), (101.0, 0.0, "retry", "", "x")]
    tree = join(replace(SEEN, events=events), LOGS)
    assert _rows(tree, "events")[:2] == [(1.0, 0.0, "retry", -1, "x"), (1.5, 0.0, "steal", 1, "y")]


def test_a_message_is_shared_out_by_bytes() -> None:
    sent, received = [[("x", 48), (KEY, 16)] for _ in range(2)]
    tree = join(SEEN, _with(B, _with(A, outgoing=[(*SENT[:4], sent)]), incoming=[(*RECEIVED[:4], received)]))
    columns = ("key", "gather", "bytes", "serialize", "deserialize", "producer")
    rows = zip(*(tree["transfers"].dataset[name].values.tolist() for name in columns), strict=True)
    assert sorted(rows) == [(str(KEY), 0, 16, 0.0625, 0.125, 0), ("x", 0, 48, 0.1875, 0.375, -1)]


def test_what_the_scheduler_has_copied_is_from_whom_it_was_sent_by() -> None:
    tree = join(SEEN, _with(B, incoming=[("", *RECEIVED[1:])]))
    assert (tree["transfers"].dataset["source"].values.tolist(), tree.records_dropped) == ([0], 0)


def test_a_worker_may_call_itself_by_another_name() -> None:
    inside = "tcp://10.0.0.2:2"
    logs = _with(B, _with(A, outgoing=[(inside, *SENT[1:])]), address=inside)
    tree = join(SEEN, logs)
    assert (tree["transfers"].dataset["destination"].values.tolist(), tree.records_dropped) == ([1], 0)


@pytest.mark.parametrize(
    ("slurm", "nodes"),
    [(("", ""), ["h", "i"]), (("n1", "n2"), ["n1", "n2"]), (("n1", "n1"), ["h", "i"]), (("n1", ""), ["h", "i"])],
)
def test_a_node_is_what_slurm_calls_it_else_the_host(slurm: tuple[str, str], nodes: list[str]) -> None:
    tree = join(SEEN, _with(B, _with(A, node=slurm[0]), node=slurm[1]))
    assert tree["workers"].dataset["node"].values.tolist() == nodes


def test_a_task_computed_twice_is_read_as_of_its_last_result() -> None:
    again = log(
        *zip(SEEN.states.times[:7], SEEN.states.keys[:7], SEEN.states.states[:7], strict=True),
        (102.5, KEY, "released"),
        (102.5, KEY, "waiting"),
        (102.5, KEY, "processing"),
        (103.0, KEY, "memory"),
        (103.0, "sum-1", "processing"),
        (104.25, "sum-1", "memory"),
        (104.5, KEY, "waiting"),
        (104.5, KEY, "processing"),
        (105.0, KEY, "memory"),
    )
    finished = [*FIRST, A, 7, 102.625, 102.75, 64, *SECOND, A, 7, 104.625, 104.75, 64]
    tree = join(replace(SEEN, states=again, finished=finished), LOGS)
    tasks = tree["tasks"].dataset
    assert tasks["key"].values.tolist() == [str(KEY), str(KEY), "sum-1", str(KEY)]
    assert tasks["submitted"].values.tolist() == [0.25] * 4
    assert tasks["sent"].values.tolist() == [0.75, 2.5, 3.0, 4.5]
    assert _rows(tree, "edges") == [(2, 1)]


def test_a_result_that_is_told_again_was_computed_once() -> None:
    states = log(
        *zip(SEEN.states.times, SEEN.states.keys, SEEN.states.states, strict=True),
        (105.0, KEY, "waiting"),
        (105.0, KEY, "processing"),
        (105.25, KEY, "memory"),
    )
    tree = join(replace(SEEN, states=states, finished=[*SEEN.finished, *FIRST]), LOGS)
    assert (tree["tasks"].sizes["task"], tree.records_dropped) == (2, 0)


def test_what_was_under_way_before_has_the_stamps_that_are_known() -> None:
    states = log((nan, KEY, "processing"), (102.25, KEY, "memory"))
    logs = _with(A, states=Log(), runs=np.empty((0, 7)), under_way=frozenset([KEY]), outgoing=[])
    logs = _with(B, logs, states=Log(), runs=np.empty((0, 7)), executed=0, incoming=[])
    tree = join(replace(SEEN, states=states, finished=[*FIRST]), logs)
    (row,) = _rows(tree, "tasks")
    assert row[5:14] == ("nan", "nan", "nan", "nan", "nan", "nan", 1.0, 2.0, 2.25)
    assert tree.records_dropped == 0


def _with(at: str, logs: Mapping[str, WorkerLog] = LOGS, **changes: Any) -> dict[str, WorkerLog]:
    return {**logs, at: replace(logs[at], **changes)}


UNNOTED: dict[str, Any] = {"states": Log(), "runs": np.empty((0, 7)), "executed": 0}
NEW = ("2", "tcp://h:3", "h", 13, 1, 0)
CAME: Event = (105.0, 0.0, "worker-joined", NEW[1], "")
UNHEARD = replace(SEEN, states=Log(), finished=[])


@pytest.mark.parametrize(
    ("seen", "logs", "lacking"),
    [
        (SEEN, LOGS, 0),
        (replace(SEEN, finished=[A, 0, nan, nan, 64, *SECOND]), _with(A, **UNNOTED), 1),
        (SEEN, _with(A, executed=4), 3),
        # The scheduler heard of it, the worker did not note it.
        (SEEN, _with(A, **UNNOTED), 1),
        (SEEN, _with(A, **UNNOTED, under_way=frozenset([KEY])), 0),
        # The workers noted them, the scheduler did not.
        (UNHEARD, LOGS, 2),
        (SEEN, _with(A, outgoing=[]), 1),
        (SEEN, _with(B, incoming=[]), 1),
        (SEEN, _with(B, incoming=[RECEIVED, RECEIVED]), 1),
        (SEEN, _with(B, incoming=[(*RECEIVED[:4], [(KEY, 64), ("x", 1), ("y", 1)])]), 2),
        # Gone with its log: one, and what was sent to it is known to be missing, but not what came from it.
        (SEEN, {A: LOGS[A]}, 2),
        (SEEN, {B: LOGS[B]}, 1),
        (SEEN, {}, 2),
        # One that came at last has no log to lose, unless it was heard of.
        (replace(SEEN, workers=[*SEEN.workers, NEW], events=[CAME]), LOGS, 0),
        (replace(SEEN, workers=[*SEEN.workers, NEW]), LOGS, 1),
        (replace(SEEN, events=[(102.5, 0.0, "worker-joined", B, "")]), {A: LOGS[A]}, 2),
    ],
)
def test_what_lacks_is_counted(seen: SchedulerLog, logs: dict[str, WorkerLog], lacking: int) -> None:
    assert join(seen, logs).records_dropped == lacking


@pytest.mark.parametrize("address", [A, B])
def test_what_the_scheduler_knows_of_a_worker_that_is_gone_stays(address: str) -> None:
    tree = join(SEEN, {other: LOGS[other] for other in (A, B) if other != address})
    assert tree["tasks"].dataset["key"].values.tolist() == [str(KEY), "sum-1"]
    assert tree["tasks"].dataset["bytes"].values.tolist() == [64, 8]


@pytest.mark.parametrize(("start", "stop"), [(99.9, 100.1), (105.9, 106.1)])
def test_a_transfer_cut_by_the_ends_of_the_recording_is_not_lost(start: float, stop: float) -> None:
    cut: Message = (B, start, stop, 0.0, [("cut", 1)])
    assert join(SEEN, _with(A, outgoing=[SENT, cut])).records_dropped == 0


@pytest.mark.parametrize(
    ("left", "stop", "lacking"), [("released", 104.0, 0), ("erred", 104.0, 0), ("", 104.0, 1), ("", 105.5, 0)]
)
def test_a_run_without_a_result_in_memory_is_there_and_lost_only_if_the_scheduler_waits_for_it(
    left: str, stop: float, lacking: int
) -> None:
    sent = [(103.0, "z", "waiting"), (103.0, "z", "processing")]
    rows = [*zip(SEEN.states.times, SEEN.states.keys, SEEN.states.states, strict=True), *sent]
    states = log(*rows, *([(105.75, "z", left)] if left else []))
    noted = LOGS[A].states
    runs = np.array([*LOGS[A].runs.tolist(), ran(103.25, stop, told=103.375)])
    own = log(*zip(noted.times, noted.keys, noted.states, strict=True), (stop, "z", "ran"))
    tree = join(replace(SEEN, states=states), _with(A, states=own, runs=runs, executed=2))
    (row,) = (row for row in _rows(tree, "tasks") if row[0] == "z")
    assert (row[7], row[11:14]) == (3.0, (3.25, stop - 100.0, "nan"))
    assert tree.records_dropped == lacking
    # Whenever another worker has left.
    left_early = _with(B, _with(A, states=own, runs=runs, executed=2), asked=100.25 + AHEAD)
    assert join(replace(SEEN, states=states), left_early).records_dropped == lacking


def test_a_hundred_thousand_tasks_are_joined_in_two_seconds_of_a_processor() -> None:
    count = 100_000
    keys = [(f"layer{number % 20}", number // 20) for number in range(count)]
    before = [keys[max(0, number - 20)] for number in range(count)]
    steps = {"submitted": 0.0, "waiting": 0.1, "processing": 0.2, "memory": 0.9}
    own = {"waiting": 0.3, "ready": 0.4, "executing": 0.5, "ran": 0.8}
    seen, noted = Log(), Log()
    finished: list[Any] = []
    runs: list[Run] = []
    for number, key in enumerate(keys):
        for log_of, places in ((seen, steps), (noted, own)):
            for state, after in places.items():
                log_of.note_all([key], [state], 101.0 + number + after)
        finished += [A, 7, 101.6 + number, 101.7 + number, 8]
        runs.append(ran(101.6 + number, 101.7 + number, told=101.6 + number))
    logs = _with(A, states=noted, runs=np.array(runs), executed=count, outgoing=[], spills=[])
    start = thread_time()
    recorded = replace(SEEN, workers=SEEN.workers[:1], states=seen, finished=finished, readers=keys, reads=before)
    tree = join(recorded, {A: logs[A]})
    assert thread_time() - start < 2
    assert (tree["tasks"].sizes["task"], tree["edges"].sizes["edge"], tree.records_dropped) == (count, count - 1, 0)


def _dimensions(tree: xr.DataTree) -> list[str]:
    return [str(name) for node in tree.children.values() for name in node.dims]


def _rows(tree: xr.DataTree, node: str) -> list[tuple[Any, ...]]:
    rows = zip(*(variable.values.tolist() for variable in tree[node].data_vars.values()), strict=True)
    return [tuple("nan" if value != value else value for value in row) for row in rows]
