"""The critical path by hand, and what holds of every one."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.blame import CAUSES, critical_path
from daskcnn.errors import UsageError
from tests.blame import simulated
from tests.traces import make

THREADS = (1, 2)


def steps(path: xr.Dataset) -> list[tuple[float, float, str, str]]:
    """Start, stop, key and cause of each step."""
    columns = (path[name].values.tolist() for name in ("start", "stop", "key", "step_cause"))
    return list(zip(*columns, strict=True))


def test_the_path_goes_through_what_was_waited_for() -> None:
    tasks = [
        {"worker": 1, "layer": "conv", "begun": 0.25, "deserialize": 0.25, "start": 0.5, "stop": 3.0},
        {"worker": 0, "layer": "conv", "start": 0.5, "stop": 2.0},
        {"worker": 0, "layer": "dense", "begun": 6.0, "start": 6.25, "stop": 7.0},
        {"worker": 0, "layer": "argmax", "start": 7.5, "stop": 8.0, "in_memory": 8.5},
    ]
    move = {"producer": 0, "destination": 0, "start": 3.5, "stop": 5.5}
    event = {"kind": "spill", "worker": 0, "time": 5.75, "duration": 0.125}
    path = critical_path(make(tasks, [(2, 0), (2, 1), (3, 2)], [move], [event]))
    assert steps(path) == [
        (0.0, 0.25, "task-0", "scheduler wait"),
        (0.25, 0.5, "task-0", "deserialize"),
        (0.5, 3.0, "task-0", "compute"),
        (3.0, 3.5, "task-2", "scheduler wait"),
        (3.5, 5.5, "task-2", "transfer wait"),
        (5.5, 5.75, "task-2", "scheduler wait"),
        (5.75, 5.875, "task-2", "spill"),
        (5.875, 6.25, "task-2", "scheduler wait"),
        (6.25, 7.0, "task-2", "compute"),
        (7.0, 7.5, "task-3", "scheduler wait"),
        (7.5, 8.0, "task-3", "compute"),
        (8.0, 8.5, "task-3", "scheduler wait"),
    ]
    assert float(path["makespan"]) == 8.5
    assert path["worker"].values.tolist() == [1] * 3 + [0] * 9
    assert dict(zip(path["layer"].values, path["by_layer"].values, strict=True)) == {
        "conv": 3.0,
        "dense": 4.0,
        "argmax": 1.5,
    }
    by_cause = dict(zip(CAUSES, path["by_cause"].values.tolist(), strict=True))
    assert {cause: seconds for cause, seconds in by_cause.items() if seconds} == {
        "compute": 3.75,
        "deserialize": 0.25,
        "transfer wait": 2.0,
        "scheduler wait": 2.375,
        "spill": 0.125,
    }
    without = dict(zip(CAUSES, path["makespan_without"].values.tolist(), strict=True))
    assert without == {
        # Delays alone: 0.5 before the first task, 3.25 behind it, and twice 0.5.
        "compute": 4.75,
        "deserialize": 8.25,
        "transfer wait": 6.5,
        # The input that moves is made at once: it is there after 2.5, and its reader starts at 3.25.
        "dependency wait": 5.5,
        "scheduler wait": 6.125,
        "no work": 8.5,
        "spill": 8.375,
        "paused": 8.5,
        "other": 8.5,
    }


def test_the_path_goes_along_a_lane_that_was_busy() -> None:
    tasks = [{"worker": 0, "start": number + 0.5, "stop": number + 1.0} for number in range(4)]
    tasks.append({"worker": 1, "start": 0.0, "stop": 3.0})
    path = critical_path(make(tasks))
    assert path["task"].values.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert path["by_cause"].sel(cause=["compute", "scheduler wait"]).values.tolist() == [2.0, 2.0]


def test_late_submission_is_no_work_on_the_path() -> None:
    tasks = [{"start": 0.0, "stop": 1.0}, {"submitted": 3.0, "start": 3.5, "stop": 4.0}]
    path = critical_path(make(tasks, threads=[1]))
    assert steps(path) == [
        (0.0, 3.0, "task-1", "no work"),
        (3.0, 3.5, "task-1", "scheduler wait"),
        (3.5, 4.0, "task-1", "compute"),
    ]
    # Submitted at once it waits for its lane, and the scheduler's half second.
    assert float(path["makespan_without"].sel(cause="no work")) == 2.0


def test_the_middle_repeat_is_taken_unless_one_is_named() -> None:
    trace = make(
        [
            {"start": 10.0 * r, "stop": 10.0 * r + length, "repeat": r, "submitted": 10.0 * r}
            for r, length in enumerate((5.0, 1.0, 3.0))
        ]
    )
    assert float(critical_path(trace)["makespan"]) == 3.0
    assert float(critical_path(trace, 1)["makespan"]) == 1.0
    with pytest.raises(UsageError, match="repeat 9"):
        critical_path(trace, 9)


@settings(max_examples=60)
@given(data=st.data())
def test_the_steps_tile_the_makespan(data: st.DataObject) -> None:
    trace = simulated.run(data.draw(simulated.plans(THREADS)), THREADS, data.draw(simulated.happenings(len(THREADS))))
    path = critical_path(trace)
    start, stop = path["start"].values, path["stop"].values
    assert (start < stop).all()
    np.testing.assert_array_equal(start[1:], stop[:-1])
    assert stop[-1] - start[0] == path["makespan"] == path["by_cause"].sum() == path["by_layer"].sum()
    assert float(path["by_cause"].sel(cause="dependency wait")) == 0
    computes = path["step_cause"].values == "compute"
    tasks = trace["tasks"].dataset
    for task, begin, end in zip(path["task"].values[computes], start[computes], stop[computes], strict=True):
        assert begin == tasks["start"].values[task]
        assert end <= tasks["stop"].values[task]
    assert (path["makespan_without"] <= path["makespan"]).all()
