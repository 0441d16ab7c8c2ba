"""No two runs of one thread at a time."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.recorder.lanes import SLACK, apart
from daskcnn.recorder.lookup import Table

RUNS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 20), st.integers(0, 5), st.booleans()), max_size=12)


def table(*rows: tuple[int, float, float, float]) -> Table:
    worker, start, stop, cpu = np.array(rows, np.float64).reshape(-1, 4).T
    thread = np.full(len(rows), 7)
    return {"worker": worker.astype(int), "thread": thread, "start": start, "stop": stop, "cpu": cpu}


@given(RUNS, st.floats(0.001, 1.0))
def test_runs_that_overlap_are_parted(rows: list[tuple[int, int, int, bool]], unit: float) -> None:
    runs = table(*((worker, unit * start, unit * (start + length), np.nan) for worker, start, length, _ in rows))
    apart(runs, np.array([noted for *_, noted in rows], bool))
    order = np.lexsort((runs["stop"], runs["start"]))
    lanes = set(zip(runs["worker"], runs["thread"], strict=True))
    assert all(runs["stop"] >= runs["start"])
    for worker, thread in lanes:
        lane = [row for row in order if (runs["worker"][row], runs["thread"][row]) == (worker, thread)]
        assert all(runs["stop"][one] <= runs["start"][other] for one, other in pairwise(lane))
    # At a time no more threads than runs.
    for worker in (0, 1):
        spans = [(unit * start, unit * (start + length)) for own, start, length, _ in rows if own == worker]
        most = max((sum(low <= time <= high for low, high in spans) for time, _ in spans), default=0)
        assert sum(one == worker for one, _ in lanes) <= most


def test_a_workers_own_stamps_stay_and_others_give_way() -> None:
    runs = table((0, 1.0, 2.0 + SLACK / 2, np.nan), (0, 2.0, 3.0, 0.5), (0, 3.0 - SLACK / 2, 4.0, np.nan))
    apart(runs, np.array([False, True, False]))
    assert runs["start"].tolist() == [1.0, 2.0, 3.0]
    assert runs["stop"].tolist() == [2.0, 3.0, 4.0]
    assert runs["thread"].tolist() == [7, 7, 7]


def test_stamps_of_threads_that_run_one_task_at_a_time_are_left_alone() -> None:
    runs = table((0, 1.0, 2.0, 0.5), (0, 1.5, 3.0, 0.5))
    apart(runs, np.array([True, True]))
    assert runs["thread"].tolist() == [7, 7]
