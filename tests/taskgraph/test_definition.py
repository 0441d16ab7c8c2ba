"""Bytes of the tasks themselves."""

from functools import partial
from threading import Lock
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from dask._task_spec import DataNode, List, Task, TaskRef
from distributed.protocol import pickle

from daskcnn.taskgraph import Floats, Ints
from daskcnn.taskgraph.definition import SAMPLES, definitions, embedded

KB = np.zeros(125)


def bytes_of(tasks: list[Task], layer: Ints) -> Floats:
    return definitions(tasks, layer, np.array([embedded(task) for task in tasks], dtype=float))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Task("a", sum, TaskRef("x"), 3, slice(2), None, len), 0),
        (Task("a", sum, KB, start=KB), 2000),
        (Task("a", sum, [KB, (KB, TaskRef("x"))], {"k": KB}), 3000),
        (Task("a", partial(sum, KB, start=KB), TaskRef("x")), 2000),
        (Task("a", sum, List(KB, TaskRef("x"))), 1000),
        (DataNode("a", KB), 1000),
        (DataNode("a", b"four"), 4),
        (Task.fuse(Task("a", np.add, KB, 1), Task("b", np.add, TaskRef("a"), KB)), 2000),
    ],
)
def test_data_within_a_task(value: Any, expected: int) -> None:
    # Dask's own measure of a dict counts the dict too.
    assert expected <= embedded(value) <= expected + 400


def test_the_rest_is_what_pickling_takes() -> None:
    tasks = [Task(("a-1", i), sum, TaskRef(("b-1", i))) for i in range(7)]
    tasks += [Task("c", np.add, np.zeros(10**6), 1)]
    found = bytes_of(tasks, np.array([0] * 7 + [1]))
    assert found[:7] == pytest.approx(len(pickle.dumps(tasks[0])), abs=20)
    assert len(set(found[:7])) == 1 and found[7] >= 8e6


def test_what_cannot_be_pickled_is_not_known() -> None:
    found = bytes_of([Task("a", len, Lock()), Task("b", len, 1)], np.array([0, 1]))
    assert np.isnan(found[0]) and found[1] > 0


def test_few_of_many_layers_are_pickled(monkeypatch: pytest.MonkeyPatch) -> None:
    dumps = Mock(wraps=pickle.dumps)
    monkeypatch.setattr(pickle, "dumps", dumps)
    tasks = [Task(f"a{i}", len, i) for i in range(3 * SAMPLES)]
    found = bytes_of(tasks, np.arange(len(tasks)))
    assert dumps.call_count <= SAMPLES and (found > 0).all()


def test_no_tasks() -> None:
    assert bytes_of([], np.zeros(0, np.int64)).tolist() == []
