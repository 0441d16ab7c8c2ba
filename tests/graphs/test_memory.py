"""What lies on each worker at its fullest, drawn by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn import plugins
from daskcnn.memory import planned_memory
from daskcnn.taskgraph import TaskGraph
from tests import laws, strategies
from tests.dags import drawn

memory = plugins.load("graphs", "memory")
CHAIN = {"a": [], "b": ["a"], "c": ["b"], "d": ["c"]}
SIZES = {"a": 1, "b": 20, "c": 300, "d": 4000}


def test_a_chain_on_one_worker() -> None:
    # What b read goes when c, the task after, is done.
    graph = replace(drawn(CHAIN, 1, dict.fromkeys(CHAIN, 0), SIZES), held=np.array([50000.0]))
    found = memory.analyse(graph)
    assert found["peak"].values.tolist() == [50000 + 20 + 300 + 4000]
    assert found["alive"].values.tolist() == [3] and graph.keys[int(found["at"][0])] == "d"
    assert found["largest"].values.tolist() == [4000, 300, 20]
    assert found["largest_layer"].values.tolist() == ["d", "c", "b"]
    assert found["alive_bytes"].to_series().to_dict() == {"a": 0, "b": 20, "c": 300, "d": 4000}
    assert memory.summary(found)[1] == "then there are d 3.91 kiB, c 300 B, b 20 B, 48.83 kiB that lay there beforehand"


def test_what_lies_outside_is_told_where_its_size_is_not_known() -> None:
    graph = replace(drawn({"a": []}, nbytes={"a": 8}), external=2)
    assert memory.summary(memory.analyse(graph))[-1] == "2 results from outside, of unknown size, left out"
    held = replace(graph, held=np.array([8.0, 8.0]))
    assert not any("outside" in line for line in memory.summary(memory.analyse(held)))


def test_a_copy_counts_where_it_comes() -> None:
    found = memory.analyse(drawn(CHAIN, 3, {"a": 0, "b": 0, "c": 1, "d": 1}, SIZES))
    # b stays where it was made until a task there follows, which none does; nothing comes to the third.
    assert found["peak"].values.tolist() == [21, 20 + 300 + 4000, 0]
    assert found["alive"].values.tolist() == [2, 3, 0] and found["at"].values.tolist()[2] == -1


@pytest.mark.parametrize(("limit", "over"), [(5000, 0), ("4 kB", 1), (20, 2), (None, 0)])
def test_whether_it_fits(limit: float | str | None, over: int) -> None:
    found = memory.analyse(drawn(CHAIN, 3, {"a": 0, "b": 0, "c": 1, "d": 1}, SIZES), limit=limit)
    assert found["over"] == over
    told = any("limit" in line for line in memory.summary(found))
    assert told == (limit is not None)


def test_what_is_not_known_is_counted() -> None:
    found = memory.analyse(drawn(CHAIN, 1, nbytes={"a": 1}))
    assert (found["unknown"], found["peak"].values.tolist(), found.attrs["placement"]) == (3, [1], "assumed")


@settings(deadline=None)
@given(data=st.data())
def test_it_is_the_memory_that_is_planned(data: st.DataObject) -> None:
    network = data.draw(strategies.networks())
    graph = laws.graph_of(data.draw(strategies.cuts(network)).plan(network))
    assert memory.analyse(graph)["peak"].values.tolist() == planned_memory(graph).tolist()


def test_nothing_takes_nothing() -> None:
    assert memory.analyse(TaskGraph.from_graph({}, workers=2))["peak"].values.tolist() == [0, 0]
