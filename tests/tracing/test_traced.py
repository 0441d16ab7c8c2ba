"""A recorded trace as a run: its row, metrics and trace, in the schema of every other run."""

import asyncio
from pathlib import Path

import dask.array as da
import numpy as np
import pytest
import xarray as xr
from distributed import Client

from daskcnn import calibration
from daskcnn.cluster import connect
from daskcnn.errors import RunError
from daskcnn.metrics import METRICS
from daskcnn.provenance import cores, cpu
from daskcnn.recorder import record
from daskcnn.store import Store
from daskcnn.trace import trace
from daskcnn.tracing import keep, traced_run
from tests.traces import make

TASKS = (
    {"start": 1.0, "stop": 3.0, "submitted": 0.5, "repeat": -1},
    {"start": 1.0, "stop": 2.0, "submitted": 0.5, "worker": 1, "repeat": -1},
    {"start": 3.5, "stop": 5.0, "submitted": 0.5, "in_memory": 5.5, "repeat": -1},
)
MOVE = {"producer": 1, "destination": 0, "start": 2.0, "stop": 2.5, "bytes": 80}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs")


def test_a_row_by_hand() -> None:
    recorded = make(TASKS, edges=[(2, 0), (2, 1)], transfers=[MOVE])
    recorded.attrs["records_dropped"] = 2
    run = traced_run(recorded, "analysis.py", run_id="a-run")
    row = {str(name): value.item() for name, value in run.to_dataset().data_vars.items()}
    assert {name: row[name] for name in ("network", "chunks", "engine", "cluster")} == {
        "network": "analysis.py",
        "chunks": "",
        "engine": "",
        "cluster": "processes",
    }
    assert {name: row[name] for name in ("workers", "images", "repeats", "tasks_recorded", "records_dropped")} == {
        "workers": 2,
        "images": 0,
        "repeats": 1,
        "tasks_recorded": 3,
        "records_dropped": 2,
    }
    assert row["seconds"] == row["makespan"] == 5.0  # from 0.5 to 5.5
    assert row["bytes_moved"] == 80
    assert row["imbalance"] == pytest.approx(3.5 / 2.25 - 1)
    assert {"plan", "graph"}.isdisjoint(run.children)
    assert run.attrs["run"] == "a-run" and run.attrs["cpu"] and run.attrs["command"]
    np.testing.assert_array_equal(run["metrics"]["seconds"], [5.0])
    assert run["metrics"].dataset["repeat"].values.tolist() == [0]


def test_bandwidth_is_read_against_what_the_machine_was_measured_to_do(store: Store) -> None:
    measured = {"product_numpy": 1e9, "transfer_rate": 320.0}
    calibration.keep(xr.Dataset(measured, attrs={"cpu": cpu(), "cores": cores()}), store)
    run = keep(make(TASKS, transfers=[MOVE]), "x", store=store)
    assert run.tree["peak_bandwidth"].item() == 320.0
    assert run.tree["bandwidth_share"].item() == 0.5  # 80 bytes in half a second


def test_every_number_says_what_it_is() -> None:
    run = traced_run(make(TASKS), "x")
    for name, value in run.to_dataset().data_vars.items():
        assert value.attrs["long_name"]
        if name in METRICS:
            assert value.attrs == METRICS[str(name)].attrs


def test_all_of_it_is_one_repeat_and_what_was_recorded_stays_as_it_is() -> None:
    recorded = make(TASKS, transfers=[MOVE | {"repeat": -1}])
    run = traced_run(recorded, "x")
    for node in ("tasks", "transfers"):
        assert set(run[f"trace/{node}"].dataset["repeat"].values.tolist()) == {0}
        assert set(recorded[node].dataset["repeat"].values.tolist()) <= {0, -1}
    assert recorded["tasks"].dataset["repeat"].values.tolist() == [-1] * 3
    assert run["trace"].attrs == recorded.attrs
    xr.testing.assert_identical(run["trace/workers"].to_dataset(), recorded["workers"].to_dataset())


def test_two_runs_have_two_ids() -> None:
    assert traced_run(make(TASKS), "x").attrs["run"] != traced_run(make(TASKS), "x").attrs["run"]


@pytest.mark.parametrize(
    ("recorded", "told"),
    [
        (xr.DataTree(), "no trace yet: keep it after its `with daskcnn.record"),
        (trace({}, started=0.0), "no task was recorded: compute within"),
    ],
)
def test_nothing_to_keep(recorded: xr.DataTree, told: str, store: Store) -> None:
    with pytest.raises(RunError, match=told):
        keep(recorded, "x", store=store)
    assert not store.path.exists()


@pytest.mark.parametrize("name", ["", "naïve 🦆.py", "../../etc/passwd", "a\nb", "x" * 300])
def test_any_name_will_do(name: str, store: Store) -> None:
    run = keep(make(TASKS), name, store=store)
    assert store.open(run.id)["network"].item() == name
    assert store.runs()["network"].values.tolist() == [name]


def test_recorded_work_is_kept_while_its_client_is_open_and_after(store: Store) -> None:
    with connect("threads", workers=2) as client:
        with record(client) as recorded:
            da.ones((6, 6), chunks=3).sum().compute()
        first = keep(recorded, "sum", store=store)
    later = keep(recorded, "sum", store=str(store.path), cluster="tcp://192.0.2.7:8786")
    assert store.ids() == sorted([first.id, later.id])
    assert store.open(first.id)["cluster"].item() == "threads"
    assert store.open(later.id)["cluster"].item() == "tcp://192.0.2.7:8786"
    assert store.open(first.id)["tasks_recorded"].item() == recorded["tasks"].sizes["task"]


def test_an_asynchronous_client_is_not_asked_for_locks(store: Store) -> None:
    async def main() -> None:
        async with Client(asynchronous=True, processes=False, dashboard_address="127.0.0.1:0"):
            keep(make(TASKS), "x", store=store)

    asyncio.run(main())
    assert len(store.ids()) == 1
