"""What each worker gets, drawn by hand."""

import numpy as np
import pytest

from daskcnn import networks, plugins
from daskcnn.forward import forward
from daskcnn.plan import Plan
from daskcnn.sources import MnistTest
from daskcnn.taskgraph import TaskGraph
from tests.dags import drawn

balance = plugins.load("graphs", "balance")


def test_by_hand() -> None:
    reads = {"a1": [], "a2": [], "a3": [], "b1": ["a1"], "b2": ["a2"]}
    owner = {"a1": 0, "a2": 1, "a3": 1, "b1": 0, "b2": 1}
    seconds = dict.fromkeys(reads, 1.0) | {"b1": 4}
    found = balance.analyse(drawn(reads, 2, owner, nbytes=dict.fromkeys(reads, 8), seconds=seconds))
    assert found["tasks"].values.tolist() == [2, 3]
    assert found["cost"].values.tolist() == [5, 3] and found["bytes"].values.tolist() == [16, 24]
    above = found["imbalance"].to_series()
    assert above[["tasks", "bytes", "cost"]].tolist() == pytest.approx([0.2, 0.2, 0.25])
    assert np.isnan(above["operations"]), "none are known"
    assert found["layer_imbalance"].to_series().to_dict() == pytest.approx({"a": 1 / 3, "b": 0.6})
    assert found["share"].to_series().to_dict() == pytest.approx({"a": 3 / 8, "b": 5 / 8})


def test_images_that_do_not_divide() -> None:
    plan = Plan.of(networks.mnist(), "batch", images=10_000, workers=7)
    found = balance.analyse(TaskGraph.of(forward(plan, MnistTest(10_000))))
    assert found["imbalance"].sel(of="operations") == pytest.approx(1429 * 7 / 10_000 - 1)
    assert found.attrs == {"placement": "given", "unit": "s"}
    assert "operations 0.0%" in balance.summary(found)[1]


def test_a_worker_without_work_is_there_too() -> None:
    found = balance.analyse(drawn({"a": []}, 4, {"a": 2}, seconds={"a": 1}))
    assert found["tasks"].values.tolist() == [0, 0, 1, 0] and found["imbalance"].sel(of="cost") == 3
