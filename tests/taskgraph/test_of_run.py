"""The graph of what ran: a run's own, or what its trace knows; with what its tasks took."""

from pathlib import Path

import numpy as np

from daskcnn.metrics import one_repeat
from daskcnn.store import Store
from daskcnn.taskgraph import TaskGraph, drawable, table_of_run
from tests.planned import LASTING, planned_run
from tests.traces import make

OLD = Path(__file__).parents[1] / "data" / "run-schema-1.nc"


def test_a_run_s_own_graph_with_measured_times() -> None:
    run = planned_run("spatial=2")
    found = TaskGraph.from_dataset(table_of_run(run, run.children["trace"]))
    np.testing.assert_allclose(found.seconds, LASTING)
    assert found.keys == tuple(run["graph"].dataset["key"].values.tolist())
    table = drawable(found)
    assert table["cost"].attrs["units"] == "s"
    # All take as long, so the critical path is a longest chain.
    assert table["critical"].sum() == table["depth"].max()


def test_tasks_that_were_not_recorded_have_no_time() -> None:
    run = planned_run("spatial=2")
    trace = one_repeat(run.children["trace"], 1)
    assert np.isnan(table_of_run(run, trace)["seconds"]).all()


def test_a_run_of_the_first_schema(tmp_path: Path) -> None:
    (tmp_path / "old.nc").write_bytes(OLD.read_bytes())
    run = Store(tmp_path).open("old")
    found = TaskGraph.from_dataset(table_of_run(run, one_repeat(run.children["trace"], 0)))
    tasks = run["trace/tasks"].to_dataset()
    own = tasks.isel(task=tasks["repeat"].values == 0)
    took = dict(zip(own["number"].values.tolist(), (own["stop"] - own["start"]).values, strict=True))
    assert [took[task] for task in range(len(found))] == found.seconds.tolist()


def test_other_work_is_the_tasks_and_edges_that_were_recorded() -> None:
    # The reader comes first: clocks may say so.
    rows = [{"start": 2.0, "stop": 2.5, "worker": 1, "key": "sum"}, {"start": 0.0, "stop": 1.0, "key": "make"}]
    trace = make(rows, [(0, 1)])
    run = trace.assign()
    found = TaskGraph.from_dataset(table_of_run(run, trace))
    assert found.keys == ("sum", "make")
    assert found.depth.tolist() == [2, 1]
    assert found.owner.tolist() == [1, 0]
    assert found.seconds.tolist() == [0.5, 1.0]
    assert drawable(found)["critical"].values.tolist() == [True, True]


def test_a_trace_without_tasks() -> None:
    trace = make([])
    assert len(TaskGraph.from_dataset(table_of_run(trace, trace))) == 0
