"""Figures of Dask work that is no network: no chunks, no engine, no images, any number of tasks and layers."""

from typing import Any

import pytest
import xarray as xr

from daskcnn.figures import described, labelled, table
from daskcnn.store import Store
from daskcnn.tracing import traced_run
from tests.runs import make_run
from tests.traces import make


@pytest.fixture
def runs(tmp_path: Any) -> xr.Dataset:
    for name, run_id in (("a.py", "1"), ("b.py", "2"), ("a.py", "3")):
        run = traced_run(make([{"start": 0.0, "stop": 1.0}]), name, run_id=run_id)
        Store(tmp_path).append(run)
    return Store(tmp_path).runs()


def test_runs_are_called_by_their_name(runs: xr.Dataset) -> None:
    newest = labelled(runs)
    assert newest["label"].values.tolist() == ["a.py", "b.py"]
    assert newest["run"].values.tolist() == ["3", "2"]
    assert labelled(runs.isel(run=[1]))["label"].values.tolist() == ["b.py"]
    assert described(runs) == "2 workers · processes"


def test_beside_runs_of_networks(tmp_path: Any) -> None:
    store = Store(tmp_path)
    store.append(make_run(chunks="batch=2", run="1"))
    store.append(traced_run(make([{"start": 0.0, "stop": 1.0}]), "a.py", run_id="2"))
    labels = labelled(store.runs())["label"].values.tolist()
    assert labels == ["a.py", "batch=2 · mnist · numpy · 1,000 images"]


def test_one_repeat_has_no_interval(runs: xr.Dataset) -> None:
    assert table(runs).source.data["interval"].tolist() == ["–"] * 3
