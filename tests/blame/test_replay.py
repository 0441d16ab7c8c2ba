"""What the makespan would be without some causes, against schedules that never had them."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.blame import CAUSES, blame, vanished, vanished_each
from daskcnn.errors import UsageError
from tests.blame import simulated
from tests.blame.simulated import TICK, Planned
from tests.traces import make

THREADS = (2, 1)
DELAYS = tuple(cause for cause in CAUSES if cause not in ("compute", "dependency wait", "no work"))
"""What keeps a task from starting once its lane is free, it is submitted, and its inputs are made."""


def ends(plan: Sequence[Planned]) -> float:
    """The last end of a plan that runs without delays, in seconds."""
    free: dict[tuple[int, int], int] = {}
    stops: list[int] = []
    for task in plan:
        lane = task.worker, task.thread
        start = max([free.get(lane, 0), task.submitted, *(stops[read] for read in task.reads)])
        free[lane] = start + task.lasting
        stops.append(free[lane])
    return max(stops) * TICK


@settings(max_examples=100)
@given(data=st.data())
def test_without_any_delays_work_runs_as_if_it_never_had_them(data: st.DataObject) -> None:
    plan = data.draw(simulated.plans(THREADS))
    trace = simulated.run(plan, THREADS, data.draw(simulated.happenings(len(THREADS))))
    begin = min(task.submitted for task in plan) * TICK
    unread = [replace(task, reads=()) for task in plan]
    at_once = [replace(task, submitted=0) for task in plan]
    found = vanished_each(
        trace,
        [DELAYS, (*DELAYS, "dependency wait"), (*DELAYS, "no work"), [c for c in CAUSES if c != "dependency wait"]],
    )
    assert found.tolist() == [ends(plan) - begin, ends(unread) - begin, ends(at_once), 0.0]


@settings(max_examples=60)
@given(data=st.data())
def test_without_nothing_it_is_measured_and_without_more_never_longer(data: st.DataObject) -> None:
    trace = simulated.run(data.draw(simulated.plans(THREADS)), THREADS, data.draw(simulated.happenings(len(THREADS))))
    found = blame(trace)
    order = data.draw(st.permutations(CAUSES))
    makespans = vanished_each(trace, [order[:count] for count in range(len(order) + 1)]).tolist()
    assert makespans[0] == float(found["makespan"][0])
    assert makespans == sorted(makespans, reverse=True)
    waits = [cause for cause in CAUSES if cause != "compute"]
    busiest = float(found["seconds"].sel(cause="compute").max())
    assert vanished(trace, waits) == busiest
    assert vanished(trace, waits) <= vanished(trace, DELAYS) <= makespans[0]


@settings(max_examples=60)
@given(data=st.data())
def test_dependencies_keep_the_longest_chain(data: st.DataObject) -> None:
    plan = data.draw(simulated.plans(THREADS))
    trace = simulated.run(plan, THREADS)
    chain: list[int] = []
    for task in plan:
        chain.append(task.lasting + max((chain[read] for read in task.reads), default=0))
    assert vanished(trace, [*DELAYS, "no work"]) >= max(chain) * TICK


def test_what_held_a_task_up_less_takes_the_place_of_what_vanished() -> None:
    tasks = [
        {"worker": 0, "start": 0.0, "stop": 3.0},
        {"worker": 1, "start": 0.0, "stop": 2.0},
        {"worker": 0, "begun": 5.0, "start": 5.0, "stop": 6.0},
    ]
    move = {"producer": 1, "destination": 0, "start": 2.5, "stop": 4.5}
    trace = make(tasks, [(2, 1)], [move])
    # Its lane is free at 3, and half a second lies between that all is there and the start.
    assert vanished(trace, "transfer wait") == 4.5
    assert vanished(trace, "scheduler wait") == 5.0
    assert vanished(trace, ["transfer wait", "scheduler wait"]) == 4.0
    assert vanished(trace, []) == 6.0


def test_an_input_that_is_made_while_others_move_holds_up_no_longer_than_it_did() -> None:
    tasks = [
        {"worker": 1, "start": 0.0, "stop": 1.0},
        {"worker": 0, "start": 0.0, "stop": 3.0},
        {"worker": 0, "thread": 5, "start": 5.0, "stop": 6.0},
    ]
    move = {"producer": 0, "destination": 0, "start": 1.0, "stop": 4.0}
    trace = make(tasks, [(2, 0), (2, 1)], [move], threads=[2, 1])
    assert vanished(trace, "transfer wait") == 5.0
    assert vanished(trace, ["transfer wait", "scheduler wait"]) == 4.0


def test_what_is_of_no_repeat_does_not_end_it() -> None:
    tasks = [
        {"worker": 0, "start": 1.0, "stop": 2.0},
        {"worker": 1, "start": 0.0, "stop": 8.0, "repeat": -1, "submitted": -1.0},
    ]
    trace = make(tasks)
    assert vanished(trace, []) == 2.0
    assert vanished(trace, "scheduler wait") == 1.0


def test_a_cause_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="'bad luck' is no cause: use compute, "):
        vanished(make([{"start": 0.0, "stop": 1.0}]), ["bad luck"])
