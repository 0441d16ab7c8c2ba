"""Every cause by hand: small tables of what happened, and where the time of each lane must have gone."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import xarray as xr

from daskcnn.blame import CAUSES, blame, critical_path, intervals
from daskcnn.errors import UsageError
from tests import laws
from tests.runs import make_run
from tests.traces import make

NAN = float("nan")


def causes(trace: xr.DataTree, lane: int) -> dict[str, float]:
    """Seconds of the causes that a lane of the only repeat has."""
    laws.time_is_tiled(trace)
    seconds = blame(trace)["seconds"].isel(repeat=0, lane=lane)
    return {cause: float(value) for cause, value in zip(CAUSES, seconds.values, strict=True) if value}


def pieces(trace: xr.DataTree, lane: int) -> list[tuple[float, float, str, int]]:
    """Start, stop, cause and task of each piece of a lane."""
    found = intervals(trace)
    own = found.isel(interval=found["lane"].values == lane)
    columns: Sequence[Any] = [own[name].values.tolist() for name in ("start", "stop", "cause", "task")]
    return list(zip(*columns, strict=True))


def test_a_task_is_taken_up_loaded_computed_and_heard_of() -> None:
    task = {"begun": 1.0, "deserialize": 0.5, "start": 2.0, "stop": 6.0, "in_memory": 6.25}
    trace = make([task], threads=[2])
    assert pieces(trace, 0) == [
        (0.0, 1.0, "scheduler wait", -1),
        (1.0, 1.5, "deserialize", 0),
        (1.5, 2.0, "scheduler wait", -1),
        (2.0, 6.0, "compute", 0),
        (6.0, 6.25, "no work", -1),
    ]
    assert causes(trace, 0) == {"compute": 4.0, "deserialize": 0.5, "scheduler wait": 1.5, "no work": 0.25}
    assert causes(trace, 1) == {"no work": 6.25}


def test_what_is_not_submitted_yet_is_no_work() -> None:
    trace = make([{"start": 0.0, "stop": 2.0}, {"submitted": 5.0, "start": 5.5, "stop": 6.0}], threads=[1])
    assert causes(trace, 0) == {"compute": 2.5, "no work": 3.0, "scheduler wait": 0.5}


def test_a_lane_waits_for_the_transfer_and_for_the_task_of_the_input_that_came_last() -> None:
    tasks = [
        {"worker": 1, "start": 0.0, "stop": 1.0},
        {"worker": 1, "start": 1.0, "stop": 4.0},
        {"worker": 0, "begun": 7.0, "start": 7.0, "stop": 8.0},
    ]
    moves = [
        {"producer": 0, "destination": 0, "start": 1.5, "stop": 2.0},
        {"producer": 1, "destination": 0, "start": 4.5, "stop": 6.5},
    ]
    trace = make(tasks, [(2, 0), (2, 1)], moves)
    assert pieces(trace, 0) == [
        (0.0, 1.0, "dependency wait", 0),
        (1.0, 4.0, "dependency wait", 1),
        (4.0, 4.5, "scheduler wait", -1),
        (4.5, 6.5, "transfer wait", -1),
        (6.5, 7.0, "scheduler wait", -1),
        (7.0, 8.0, "compute", 2),
    ]
    assert causes(trace, 1) == {"compute": 4.0, "no work": 4.0}
    waited = blame(trace)["waited"].isel(repeat=0)
    assert dict(zip(waited["layer"].values, waited.values, strict=True)) == {
        "layer0": 1.0,
        "layer1": 3.0,
        "layer2": 0.0,
    }


def test_an_input_that_was_long_made_is_sent_for_when_the_last_one_is_made() -> None:
    tasks = [
        {"worker": 1, "start": 0.0, "stop": 1.0},
        {"worker": 2, "start": 0.0, "stop": 4.0},
        {"worker": 2, "thread": 9, "start": 5.5, "stop": 6.0},
    ]
    move = {"producer": 0, "destination": 2, "start": 4.25, "stop": 5.0}
    trace = make(tasks, [(2, 0), (2, 1)], [move], threads=[1, 1, 2])
    # Until 4 the task waited for the other lane of its worker, whatever was made elsewhere at 1.
    assert pieces(trace, 3) == [
        (0.0, 4.0, "dependency wait", 1),
        (4.0, 4.25, "scheduler wait", -1),
        (4.25, 5.0, "transfer wait", -1),
        (5.0, 5.5, "scheduler wait", -1),
        (5.5, 6.0, "compute", 2),
    ]


def test_a_wait_is_followed_through_tasks_that_waited_themselves() -> None:
    tasks = [
        {"worker": 1, "start": 0.0, "stop": 2.0},
        {"worker": 2, "start": 0.0, "stop": 3.0},
        {"worker": 2, "begun": 4.0, "start": 4.5, "stop": 6.0},
        {"worker": 0, "start": 6.0, "stop": 7.0},
    ]
    move = {"producer": 0, "destination": 2, "start": 2.0, "stop": 3.5}
    trace = make(tasks, [(2, 0), (3, 2)], [move], threads=[1, 1, 1])
    assert pieces(trace, 0) == [
        (0.0, 2.0, "dependency wait", 0),
        (2.0, 3.5, "transfer wait", -1),
        (3.5, 4.0, "scheduler wait", -1),
        (4.0, 6.0, "dependency wait", 2),
        (6.0, 7.0, "compute", 3),
    ]
    # The lane that the task ran on was free later than its input was sent: it waited for the rest.
    assert causes(trace, 2) == {
        "compute": 4.5,
        "transfer wait": 0.5,
        "scheduler wait": 1.0,
        "no work": 1.0,
    }


def test_a_task_that_queues_is_waited_for_behind_the_one_before_it() -> None:
    tasks = [
        {"worker": 1, "start": 0.0, "stop": 5.0},
        {"worker": 1, "begun": 5.25, "start": 5.25, "stop": 6.0},
        {"worker": 0, "start": 6.0, "stop": 7.0},
    ]
    trace = make(tasks, [(2, 1)])
    assert pieces(trace, 0)[:3] == [
        (0.0, 5.0, "dependency wait", 0),
        (5.0, 5.25, "scheduler wait", -1),
        (5.25, 6.0, "dependency wait", 1),
    ]


def test_a_producer_that_is_not_submitted_is_no_work() -> None:
    tasks = [
        {"worker": 1, "start": 0.0, "stop": 1.0},
        {"worker": 1, "submitted": 2.0, "begun": 3.0, "start": 3.0, "stop": 4.0},
        {"worker": 0, "submitted": 2.0, "start": 4.0, "stop": 5.0},
    ]
    assert causes(make(tasks, [(2, 1)]), 0) == {
        "no work": 2.0,
        "scheduler wait": 1.0,
        "dependency wait": 1.0,
        "compute": 1.0,
    }


def test_data_that_no_task_made_is_waited_for_by_the_task_it_was_sent_for() -> None:
    tasks = [{"submitted": 0.0, "start": 3.0, "stop": 4.0}]
    moves = [{"producer": -1, "consumer": 0, "destination": 0, "start": 1.0, "stop": 2.5}]
    assert causes(make(tasks, transfers=moves, threads=[1]), 0) == {
        "scheduler wait": 1.5,
        "transfer wait": 1.5,
        "compute": 1.0,
    }


def test_spills_and_pauses_take_the_place_of_other_idle_time() -> None:
    tasks = [
        {"start": 0.0, "stop": 2.0},
        {"begun": 5.0, "deserialize": 2.0, "start": 8.0, "stop": 9.0},
    ]
    events = [
        {"kind": "paused", "worker": 0, "time": 1.0, "duration": 3.0},
        {"kind": "spill", "worker": 0, "time": 3.0, "duration": 0.5},
        {"kind": "paused", "worker": 0, "time": 5.5, "duration": 0.5},
        {"kind": "unspill", "worker": 0, "time": 6.0, "duration": 0.5},
        {"kind": "spill", "worker": 1, "time": 0.0, "duration": 9.0},
    ]
    trace = make(tasks, events=events, threads=[1])
    # A paused worker goes on with what it has begun.
    assert pieces(trace, 0) == [
        (0.0, 2.0, "compute", 0),
        (2.0, 3.0, "paused", -1),
        (3.0, 3.5, "spill", -1),
        (3.5, 4.0, "paused", -1),
        (4.0, 5.0, "scheduler wait", -1),
        (5.0, 6.0, "deserialize", 1),
        (6.0, 6.5, "spill", -1),
        (6.5, 7.0, "deserialize", 1),
        (7.0, 8.0, "scheduler wait", -1),
        (8.0, 9.0, "compute", 1),
    ]


def test_a_wait_for_a_task_of_a_paused_worker_is_paused() -> None:
    tasks = [{"worker": 1, "begun": 4.0, "start": 4.0, "stop": 5.0}, {"worker": 0, "start": 5.0, "stop": 6.0}]
    events = [
        {"kind": "paused", "worker": 1, "time": 0.5, "duration": 2.5},
        {"kind": "spill", "worker": 1, "time": 2.0, "duration": 3.5},
    ]
    expected = [
        (0.0, 0.5, "scheduler wait", -1),
        (0.5, 2.0, "paused", -1),
        (2.0, 4.0, "spill", -1),
        (4.0, 5.0, "dependency wait", 0),
        (5.0, 6.0, "compute", 1),
    ]
    assert pieces(make(tasks, [(1, 0)], events=events), 0) == expected


def test_of_starts_and_stops_alone_idle_time_is_other_but_for_transfers_to_the_worker() -> None:
    unknown = {"submitted": NAN, "begun": NAN, "in_memory": NAN}
    tasks = [{"start": 1.0, "stop": 2.0, **unknown}, {"start": 6.0, "stop": 7.0, **unknown}]
    moves = [
        {"producer": -1, "destination": 0, "start": 3.0, "stop": 4.0},
        {"producer": -1, "destination": 0, "start": 3.5, "stop": 5.0},
        {"producer": -1, "destination": 1, "start": 2.0, "stop": 6.0},
    ]
    trace = make(tasks, transfers=moves)
    assert causes(trace, 0) == {"compute": 2.0, "other": 2.0, "transfer wait": 2.0}
    assert causes(trace, 1) == {"no work": 6.0}


def test_tasks_of_a_thread_that_overlap_count_once_the_first_first() -> None:
    tasks = [{"start": 0.0, "stop": 4.0}, {"start": 3.0, "stop": 5.0}, {"start": 3.5, "stop": 3.75}]
    trace = make(tasks, threads=[1])
    assert pieces(trace, 0) == [(0.0, 4.0, "compute", 0), (4.0, 5.0, "compute", 1)]


def test_a_reader_that_clocks_put_before_what_it_reads_waited_for_nothing() -> None:
    tasks = [{"worker": 1, "start": 0.0, "stop": 2.0}, {"worker": 0, "start": 1.5, "stop": 3.0}]
    move = {"producer": 0, "destination": 0, "start": 1.75, "stop": 2.5}
    assert causes(make(tasks, [(1, 0)], [move]), 0) == {"dependency wait": 1.5, "compute": 1.5}
    swapped = [{"worker": 1, "start": 2.0, "stop": 2.5}, {"worker": 0, "start": 1.5, "stop": 3.0}]
    assert causes(make(swapped, [(1, 0)]), 0) == {"scheduler wait": 1.5, "compute": 1.5}


@pytest.mark.parametrize(("uncertainty", "cause"), [(0.0, "dependency wait"), (0.25, "scheduler wait")])
def test_no_order_is_claimed_finer_than_the_clocks(uncertainty: float, cause: str) -> None:
    tasks = [
        {"worker": 0, "start": 0.0, "stop": 2.0},
        {"worker": 1, "start": 0.0, "stop": 2.5},
        {"worker": 0, "start": 2.5, "stop": 3.0},
    ]
    trace = make(tasks, [(2, 1)], uncertainty=uncertainty)
    assert causes(trace, 0) == {"compute": 2.5, cause: 0.5}


def test_of_two_transfers_of_a_result_the_last_before_its_reader_counts() -> None:
    tasks = [
        {"worker": 1, "start": 0.0, "stop": 1.0},
        {"worker": 0, "start": 2.0, "stop": 3.0},
        {"worker": 0, "submitted": 4.0, "start": 6.0, "stop": 7.0},
    ]
    moves = [
        {"producer": 0, "destination": 0, "start": 1.0, "stop": 2.0},
        {"producer": 0, "destination": 0, "start": 5.0, "stop": 6.0},
        {"producer": 0, "destination": 0, "start": 8.0, "stop": 9.0},
    ]
    assert causes(make(tasks, [(1, 0), (2, 0)], moves), 0) == {
        "compute": 2.0,
        "dependency wait": 1.0,
        "transfer wait": 2.0,
        "no work": 1.0,
        "scheduler wait": 1.0,
    }


def test_what_is_of_no_repeat_holds_lanes_too() -> None:
    tasks = [
        {"start": -2.0, "stop": -1.0, "repeat": -1},
        {"start": 1.0, "stop": 3.0, "repeat": -1},
        {"start": 4.0, "stop": 5.0},
    ]
    assert causes(make(tasks, threads=[1]), 0) == {"scheduler wait": 2.0, "compute": 3.0}


def test_every_repeat_is_told_apart() -> None:
    tasks = [{"submitted": r * 10.0, "start": r * 10 + 1.0, "stop": r * 10 + 4.0 + r, "repeat": r} for r in (2, 0, 1)]
    found = blame(make(tasks, threads=[1]))
    assert found["repeat"].values.tolist() == [0, 1, 2]
    assert found["makespan"].values.tolist() == [4.0, 5.0, 6.0]
    assert found["seconds"].sel(cause="compute").values.tolist() == [[3.0], [4.0], [5.0]]
    assert float(intervals(make(tasks, threads=[1]))["start"][0]) == 10.0


def test_work_without_repeats_is_one_repeat() -> None:
    trace = make([{"start": 1.0, "stop": 2.0, "repeat": -1}], threads=[1])
    assert blame(trace)["repeat"].values.tolist() == [-1]
    assert intervals(trace)["cause"].values.tolist() == ["scheduler wait", "compute"]


def test_a_trace_without_tasks_has_no_repeats() -> None:
    found = blame(make([]))
    assert dict(found.sizes) == {"repeat": 0, "lane": 2, "cause": 9, "layer": 0}
    with pytest.raises(UsageError, match="no task"):
        intervals(make([]))


def test_a_task_without_times_or_worker_is_left_out() -> None:
    lost = [
        {"start": NAN, "stop": 5.0},
        {"start": 0.0, "stop": 5.0, "worker": -1},
        {"start": 0.0, "stop": 5.0, "worker": 7},
    ]
    trace = make([*lost, {"start": 1.0, "stop": 2.0}], [(3, 0), (3, 1), (1, 3)], threads=[1])
    assert causes(trace, 0) == {"scheduler wait": 1.0, "compute": 1.0}


def test_work_that_takes_no_time_has_no_pieces() -> None:
    trace = make([{"start": 0.0, "stop": 0.0}])
    laws.time_is_tiled(trace)
    assert intervals(trace).sizes["interval"] == critical_path(trace).sizes["step"] == 0
    assert (critical_path(trace)["makespan_without"] == 0).all()


def test_a_repeat_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="repeat 3 has no task: the trace has repeats 0"):
        intervals(make([{"start": 0.0, "stop": 1.0}]), 3)


def test_runs_trees_and_traces_are_taken() -> None:
    tree = make_run()
    whole = blame(tree)
    xr.testing.assert_identical(whole, blame(tree["trace"]))
    xr.testing.assert_identical(whole, blame(SimpleNamespace(tree=tree)))
    laws.time_is_tiled(tree)
    with pytest.raises(UsageError, match="no trace"):
        blame(xr.DataTree())


def test_numbers_have_units_and_names() -> None:
    trace = make([{"start": 0.0, "stop": 1.0}])
    for found in (blame(trace), intervals(trace)):
        assert all(values.attrs["long_name"] for values in found.variables.values())
        assert {name for name, values in found.variables.items() if values.attrs.get("units") == "s"} == {
            name for name, values in found.data_vars.items() if values.dtype == np.float64
        }
