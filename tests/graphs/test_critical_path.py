"""Work, span and what so many workers can gain, drawn by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn import plugins
from daskcnn.taskgraph import TaskGraph
from tests.dags import Dag, dags, drawn, places

critical_path = plugins.load("graphs", "critical_path")


def test_by_hand() -> None:
    # a 1, then b 2 beside c 5, then d 1.
    reads = {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"]}
    graph = drawn(reads, seconds={"a": 1, "b": 2, "c": 5, "d": 1})
    found, at = critical_path.analyse(graph, workers=2), places(graph)
    assert (found["work"], found["span"], found.attrs["unit"]) == (9, 7, "s")
    assert found["slack"].values[[at[key] for key in "abcd"]].tolist() == [0, 3, 0, 0]
    assert found["start"].values[[at[key] for key in "abcd"]].tolist() == [0, 1, 1, 6]
    assert [graph.keys[task] for task in found["path"].values] == ["a", "c", "d"]
    assert [graph.keys[task] for task in np.flatnonzero(found["critical"])] == ["a", "c", "d"]
    assert found["on_path"].sum() == 7 and found["on_path"].sel(layer="b") == 0
    assert found["parallelism"] == pytest.approx(9 / 7)
    # Brent: (9 - 7) / 2 + 7 = 8.
    assert found["speedup_at_least"] == pytest.approx(9 / 8) and found["speedup_at_most"] == pytest.approx(9 / 7)


def test_without_costs_tasks_are_counted_and_the_answer_says_so() -> None:
    found = critical_path.analyse(TaskGraph.from_graph({"a": (abs, 1), "b": (abs, "a"), "c": (abs, "a")}))
    assert (found["work"], found["span"], found.attrs["unit"], found["work"].units) == (3, 2, "tasks", "tasks")
    assert "work 3 tasks, span 2 tasks" in critical_path.summary(found)[0]


@settings(deadline=None)
@given(dag=dags(), workers=st.integers(1, 9))
def test_a_greedy_schedule_keeps_the_bounds(dag: Dag, workers: int) -> None:
    graph = dag.graph
    found = critical_path.analyse(graph, workers=workers)
    speedup = float(found["work"]) / greedy(graph, workers)
    assert float(found["speedup_at_least"]) <= speedup * (1 + 1e-9)
    assert speedup <= float(found["speedup_at_most"]) * (1 + 1e-9)


def greedy(graph: TaskGraph, workers: int) -> float:
    """How long it takes if no worker is idle while a task is ready."""
    reads = [set(graph.reads[a:b].tolist()) for a, b in zip(graph.starts, graph.starts[1:], strict=False)]
    ends: dict[int, float] = {}
    now, waiting = 0.0, set(range(len(graph)))
    while waiting:
        done = {task for task, end in ends.items() if end <= now}
        ready = sorted(task for task in waiting if reads[task] <= done)
        for task in ready[: workers - (len(ends) - len(done))]:
            ends[task] = now + float(graph.seconds[task])
            waiting.remove(task)
        now = min((end for end in ends.values() if end > now), default=now)
    return max(ends.values())
