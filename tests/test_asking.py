"""Questions from Python: by name, by file, with settings."""

import os
from pathlib import Path
from typing import Any

import dask.array as da
import numpy as np
import pytest
import xarray as xr

import daskcnn
from daskcnn import asking, plugins
from daskcnn.errors import RunError, UsageError
from daskcnn.taskgraph import TaskGraph

GRAPH = TaskGraph.from_graph({"a": (abs, 1), "b": (abs, "a"), "c": (abs, "a")}, workers=2)


@pytest.mark.parametrize("name", plugins.names("graphs"))
def test_by_name(name: str) -> None:
    found = daskcnn.ask(GRAPH, name)
    assert isinstance(found, xr.Dataset) and asking.lines(name, found)


def test_settings_reach_the_question() -> None:
    assert daskcnn.ask(GRAPH, "critical_path", workers=7)["workers"] == 7


def own(folder: Path, text: str) -> str:
    file = folder / "my question.py"
    file.write_text(text)
    return str(file)


def test_a_question_of_ones_own(tmp_path: Path) -> None:
    name = own(tmp_path, "import xarray as xr\ndef analyse(graph, times=1):\n    return xr.Dataset({'n': times * 3})\n")
    found = daskcnn.ask(GRAPH, name, times=2)
    assert found["n"] == 6 and "Dataset" in asking.lines(name, found)[0]


@pytest.mark.parametrize(
    ("graph", "name", "settings", "message"),
    [
        (GRAPH, 3, {}, "3 is no question; give a name, one of advice, "),
        (GRAPH, "communication", {"uneven": -1}, "uneven is -1; give a number from 0 on"),
        (GRAPH, "communication", {"top": 1.5}, "top is 1.5; give a whole number from 0 on"),
        (GRAPH, "memory", {"top": -1}, "top is -1"),
        (GRAPH, "memory", {"limit": "GB"}, "limit 'GB' is no size"),
        (GRAPH, "memory", {"limit": ""}, "limit '' is no size"),
        (GRAPH, "parallelism", {"workers": "4"}, "workers is '4'; give a whole number from 1 on"),
        (GRAPH, "advice", {"overhead": "1 ms"}, "overhead is '1 ms'; give a number above 0"),
        (da.ones(3), "size", {}, "Array is no task graph; make one"),
        (GRAPH, "colour", {}, "no 'colour' in graphs: choose from advice, balance"),
        (GRAPH, "size", {"limit": 3}, "size has no setting 'limit'; it has none"),
        (GRAPH, "memory", {"workers": 3}, "memory has no setting 'workers'; it has limit, top"),
        (GRAPH, "memory", {"limit": "2 cows"}, "limit '2 cows' is no size"),
        (GRAPH, "critical_path", {"workers": 0}, "workers is 0; give a whole number from 1 on"),
        (GRAPH, "advice", {"rate": -1.0}, "rate is -1.0; give"),
        (GRAPH, "granularity", {"overhead": float("nan")}, "overhead is nan; give"),
    ],
)
def test_what_cannot_be_asked(graph: Any, name: str, settings: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        daskcnn.ask(graph, name, **settings)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("analyse = 3", "no function `analyse`"),
        ("def analyse(graph): return 3", "gives int; let `analyse` give"),
        ("def analyse(): return 3", "cannot be asked .*; let `analyse` take a task graph"),
        ("def analyse(graph, more): return 3", "cannot be asked .*'more'"),
    ],
)
def test_a_file_that_is_no_question(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        daskcnn.ask(GRAPH, own(tmp_path, text))


def test_a_question_that_raises(tmp_path: Path) -> None:
    name = own(tmp_path, "def analyse(graph):\n    return graph.colour\n")
    with pytest.raises(RunError, match=r"my question\.py raises AttributeError: .*; see line 2 of .*my question\.py"):
        daskcnn.ask(GRAPH, name)


def test_a_question_that_was_changed_is_asked_as_it_is_now(tmp_path: Path) -> None:
    for answer in (3, 4):
        file = Path(own(tmp_path, f"import xarray as xr\ndef analyse(graph): return xr.Dataset({{'n': {answer}}})"))
        os.utime(file, ns=(answer, answer))
        assert daskcnn.ask(GRAPH, file)["n"] == answer


@pytest.mark.parametrize(("text", "told"), [("'a\\nb'", ["a", "b"]), ("['a', 3]", ["a", "3"])])
def test_a_summary_is_lines(tmp_path: Path, text: str, told: list[str]) -> None:
    assert (
        asking.lines(own(tmp_path, f"def analyse(graph): ...\ndef summary(found): return {text}"), xr.Dataset()) == told
    )


def test_a_summary_of_no_lines(tmp_path: Path) -> None:
    name = own(tmp_path, "def analyse(graph): ...\ndef summary(found): ...")
    with pytest.raises(UsageError, match="tells NoneType; let `summary` give lines"):
        asking.lines(name, xr.Dataset())


def test_advice_is_a_list_of_findings() -> None:
    graph = TaskGraph.from_collection(da.ones((4000, 4000), chunks=2000).rechunk(-1), workers=8)
    found, table = daskcnn.advise(graph), daskcnn.ask(graph, "advice")
    assert [finding.name for finding in found] == table["finding"].values.tolist()
    assert [finding.severity for finding in found] == table["severity"].values.tolist()
    assert [str(finding) for finding in found] == asking.lines("advice", table)
    assert np.allclose([finding.times for finding in found], table["value"] / table["limit"])
    assert daskcnn.advise(graph, workers=1, limit="1 kB")[0].name == "memory over the limit"
