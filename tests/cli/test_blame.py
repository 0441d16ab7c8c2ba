"""`daskcnn blame`: what the functions of daskcnn.blame say, of the run and the repeat that is asked for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from daskcnn.blame import CAUSES, blame, critical_path
from daskcnn.cli import call
from daskcnn.store import Store
from daskcnn.trace import filled, trace
from tests.runs import keep_run, make_run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path)
    for seed in (1, 2):
        keep_run(store, seed, repeats=3, tasks=40)
    return store


@pytest.fixture
def document(store: Store, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, object]]:
    def asked(*arguments: str) -> dict[str, object]:
        assert call(["blame", *arguments, "--store", str(store.path), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert isinstance(found, dict)
        return found

    return asked


def test_it_says_what_the_functions_say(store: Store, document: Callable[..., dict[str, object]]) -> None:
    name = store.ids()[0]
    found, tree = document(name, "--repeat", "2"), store.open(name)
    one, path = blame(tree).sel(repeat=2), critical_path(tree, 2)
    assert (found["run"], found["repeat"], found["makespan"]) == (name, 2, float(one["makespan"]))
    lanes, way = found["lanes"], found["critical_path"]
    assert isinstance(lanes, list) and isinstance(way, dict)
    table = [[lane[cause] for cause in CAUSES] for lane in lanes]
    assert np.array_equal(table, one["seconds"].transpose("lane", "cause").values)
    assert np.allclose(np.sum(table, axis=1), float(one["makespan"]))
    assert list(way["by_cause"].values()) == path["by_cause"].values.tolist()
    assert [step["key"] for step in way["steps"]] == path["key"].values.tolist()


def test_the_newest_run_and_its_middle_repeat_by_default(
    store: Store, document: Callable[..., dict[str, object]]
) -> None:
    found, tree = document(), store.open(store.ids()[-1])
    assert found["run"] == store.ids()[-1]
    assert found["makespan"] == np.sort(blame(tree)["makespan"].values)[1]


def test_the_tables_name_causes_layers_and_efficiencies(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["blame", "--store", str(store.path)]) == 0
    said = capsys.readouterr().out
    assert all(word in said for word in ("compute", "conv1..relu1", "Load balance", "Orchestration efficiency"))


def test_a_layer_off_the_critical_path_has_no_time_on_it(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    # The path is `a` alone; elsewhere the second `b` waits for the first.
    tasks: dict[str, Any] = {
        "layer": ["a", "b", "a", "b"],
        "worker": [0, 1, 0, 2],
        "thread": [1, 1, 1, 1],
        "submitted": [0.0, 0.0, 0.0, 0.0],
        "start": [0.0, 0.0, 3.0, 1.0],
        "stop": [3.0, 1.0, 9.0, 2.0],
        "repeat": [0, 0, 0, 0],
    }
    run = make_run(run="wide", repeats=1)
    edges, workers = {"reader": [3], "read": [1]}, {"threads": [1, 1, 1]}
    run["trace"] = trace(
        {"tasks": filled("tasks", tasks), "edges": edges, "workers": filled("workers", workers)}, started=0.0
    )
    store.append(run)
    assert call(["blame", "wide", "--store", str(store.path)]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["a", "9.00", "s", "(100.0", "%)", "0", "s"] in lines
    assert ["b", "0", "s", "(0.0", "%)", "1.00", "s"] in lines


@pytest.mark.parametrize(
    ("arguments", "said"), [(["--repeat", "7"], "no repeat 7: there are 0, 1, 2"), (["nothing"], "no run 'nothing'")]
)
def test_what_is_not_there_is_said(
    store: Store, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert call(["blame", *arguments, "--store", str(store.path)]) == 2
    assert said in capsys.readouterr().err


def test_an_empty_store_has_nobody_to_blame(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["blame", "--store", str(tmp_path)]) == 2
    assert "daskcnn run makes one" in capsys.readouterr().err
