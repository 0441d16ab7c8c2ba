"""Work at random: law 4, and the causes of every lane as plain loops find them, moment by moment."""

import numpy as np
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.blame import blame, intervals
from daskcnn.trace import SCHEMA
from tests import laws
from tests.blame import simulated
from tests.blame.reference import Reference

THREADS = (2, 1, 1)


@settings(max_examples=100)
@given(data=st.data())
def test_every_moment_has_the_cause_that_plain_loops_find(data: st.DataObject) -> None:
    plan = data.draw(simulated.plans(THREADS))
    trace = simulated.run(plan, THREADS, data.draw(simulated.happenings(len(THREADS))))
    if data.draw(st.booleans()):
        trace = forgotten(trace, data.draw(st.lists(st.sampled_from(["submitted", "begun", "edges"]))))
    laws.time_is_tiled(trace)
    expected = Reference.of(trace).seconds()
    found: dict[tuple[int, int, str, int], float] = {}
    thread = blame(trace)["thread"].values
    parts = intervals(trace, 0)
    names = ("worker", "lane", "cause", "task", "start", "stop")
    for worker, lane, cause, task, start, stop in zip(*(parts[name].values.tolist() for name in names), strict=True):
        place = worker, int(thread[lane]), cause, task
        found[place] = found.get(place, 0.0) + stop - start
    assert found == expected


def forgotten(trace: xr.DataTree, names: list[str]) -> xr.DataTree:
    """A trace that lacks stamps of its tasks, or edges."""
    tasks, edges = trace["tasks"].to_dataset(), trace["edges"].to_dataset()
    tasks = tasks.assign({name: tasks[name] * np.nan for name in names if name in tasks})
    edges = edges.isel(edge=slice(0)) if "edges" in names else edges
    return trace.assign({"tasks": xr.DataTree(tasks), "edges": xr.DataTree(edges)})


@settings(max_examples=60)
@given(data=st.data())
def test_stamps_that_make_no_sense_are_no_error(data: st.DataObject) -> None:
    trace = simulated.run(data.draw(simulated.plans(THREADS)), THREADS, data.draw(simulated.happenings(len(THREADS))))
    any_time = st.one_of(st.floats(-3, 3), st.just(np.nan))
    for node in ("tasks", "transfers", "events"):
        table = trace[node].to_dataset()
        stamps = [name for name, column in SCHEMA[node].items() if column.units == "s"]
        for name in data.draw(st.lists(st.sampled_from(stamps), unique=True)):
            size = table[name].size
            table[name].values[:] = data.draw(st.lists(any_time, min_size=size, max_size=size))
        trace = trace.assign({node: xr.DataTree(table)})
    laws.time_is_tiled(trace)
