"""Tasks against what it takes to schedule them, drawn by hand."""

import numpy as np

from daskcnn import plugins
from daskcnn.taskgraph import TaskGraph
from tests.dags import drawn

granularity = plugins.load("graphs", "granularity")
READS = {"a1": [], "a2": [], "a3": [], "b1": ["a1"], "b2": ["a2"]}


def test_by_hand() -> None:
    graph = drawn(READS, seconds={"a1": 1e-3, "a2": 1e-4, "a3": 1e-5, "b1": 1e-3})
    found = granularity.analyse(graph)
    assert found["tasks"].to_series().to_dict() == {"a": 3, "b": 2}
    assert found["small"].to_series().to_dict() == {"a": 2, "b": 0}
    assert found["unknown"].to_series().to_dict() == {"a": 0, "b": 1}
    assert found["share_small"] == 0.5 and np.isclose(found["work"], 2.11e-3)
    assert np.isclose(found["scheduling"], 5 * 500e-6)
    assert granularity.summary(found)[0] == "50% of the tasks of known cost take less than 500.00 us: a 2"


def test_what_the_scheduler_takes_can_be_set() -> None:
    graph = drawn(READS, seconds=dict.fromkeys(READS, 1e-3))
    assert granularity.analyse(graph, overhead=2e-3)["share_small"] == 1
    assert granularity.analyse(graph, overhead=1e-3)["share_small"] == 0


def test_where_no_costs_are_known_nothing_is_small() -> None:
    found = granularity.analyse(TaskGraph.from_graph({"data": 1, "a": (abs, "data"), "b": (abs, "a")}))
    assert np.isnan(found["share_small"]) and np.isnan(found["work"])
    assert (found["tasks"].sum(), found["unknown"].sum(), found["small"].sum()) == (2, 2, 0)
    assert granularity.summary(found)[1] == "what the tasks cost is not known"
