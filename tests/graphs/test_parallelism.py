"""How many tasks run at a time, drawn by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn import plugins
from daskcnn.taskgraph import Schedule, TaskGraph
from tests.dags import Dag, dags, drawn

parallelism = plugins.load("graphs", "parallelism")


def test_by_hand() -> None:
    # a 1, then b 2, c 2 and d 4, then e 1.
    reads = {"a": [], "b": ["a"], "c": ["a"], "d": ["a"], "e": ["b", "c", "d"]}
    found = parallelism.analyse(drawn(reads, seconds={"a": 1, "b": 2, "c": 2, "d": 4, "e": 1}), workers=3)
    assert found["width"].to_series().to_dict() == {1: 1, 2: 3, 3: 1}
    assert found["running"].to_series().to_dict() == {0: 1, 1: 3, 3: 1, 5: 1, 6: 0}
    assert (found["most"], found["mean"]) == (3, pytest.approx(10 / 6))
    assert found["share_below"] == pytest.approx(4 / 6) and found["narrow"] == pytest.approx(2 / 3)
    assert found["below"].to_series().to_dict() == {"a": 1, "b": 0, "c": 0, "d": 2, "e": 1}
    assert parallelism.summary(found)[0] == "at most 3 tasks at a time, 1.67 on average"


@settings(deadline=None)
@given(dag=dags(), workers=st.integers(1, 5))
def test_each_moment_has_as_many_as_run_then(dag: Dag, workers: int) -> None:
    graph = dag.graph
    schedule = Schedule.of(graph)
    found = parallelism.analyse(graph, workers=workers)
    moments = [*range(int(schedule.span) + 1)]
    running = [int(((schedule.start <= t) & (t < schedule.start + schedule.cost)).sum()) for t in moments]
    assert found["running"].sel(moment=moments, method="ffill").values.tolist() == running
    below = [count < workers for count in running[:-1]]
    assert found["share_below"] == pytest.approx(sum(below) / schedule.span)
    spent = sum(count for count, few in zip(running, below, strict=False) if few)
    assert found["below"].sum() == pytest.approx(spent)


def test_nothing_runs() -> None:
    found = parallelism.analyse(TaskGraph.from_graph({"a": 1}))
    assert found["width"].values.tolist() == [0] and found["most"] == 0
    assert parallelism.analyse(TaskGraph.from_graph({}))["most"] == 0
