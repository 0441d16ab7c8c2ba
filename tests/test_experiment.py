"""The whole way, once for each way of cutting, and what stops on it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import daskcnn
from daskcnn.calibration import keep
from daskcnn.errors import RunError, UsageError
from daskcnn.experiment import Watch
from daskcnn.provenance import cores, cpu
from daskcnn.runs import Run
from daskcnn.store import Store
from tests.foreign import foreign


def assert_sound(run: Run) -> dict[str, Any]:
    """Hold a run to what every run promises, and give its row."""
    row = run.summary
    assert row["same_as_serial"] is True
    assert row["bytes_moved"] == row["bytes_planned"]
    assert row["tasks_recorded"] == row["tasks_planned"] > 0
    assert row["records_dropped"] == 0
    return row


@pytest.mark.parametrize(
    ("chunks", "moves"),
    [
        ("serial", False),
        ("batch", False),
        ("batch=7", False),
        ("channel", True),
        ("channel=3", True),
        ("spatial", True),
        ("spatial=2x2", True),
    ],
)
def test_ten_thousand_images(tmp_path: Path, scheduler: str, chunks: str, moves: bool) -> None:
    run = daskcnn.run(chunks=chunks, workers=2, cluster=scheduler, repeat=1, store=tmp_path)
    row = assert_sound(run)
    assert (row["images"], row["workers"], row["chunks"].split("=")[0]) == (10_000, 2, chunks.split("=")[0])
    assert row["accuracy"] >= 0.98
    assert (row["bytes_moved"] > 0) == moves
    # Workers steal on this scheduler, unless tasks are pinned.
    tasks, graph = run.tree["trace/tasks"].to_dataset(), run.tree["graph"].to_dataset()
    ours = tasks.isel(task=tasks["number"].values >= 0)
    assert np.array_equal(ours["worker"], graph["owner"].values[ours["number"].values])
    assert np.array_equal(ours["bytes"], graph["bytes"].values[ours["number"].values])
    xr.testing.assert_identical(Store(tmp_path).open(run.id), run.tree)


def test_rates_are_read_against_what_the_machine_was_measured_to_do(tmp_path: Path) -> None:
    measured = {"product_numpy": 1e9, "product_onnxruntime": 4e9, "transfer_rate": 2e9}
    keep(xr.Dataset(measured, attrs={"cpu": cpu(), "cores": cores()}), Store(tmp_path))
    run = daskcnn.run(chunks="channel", workers=2, cluster="threads", images=50, repeat=2, store=tmp_path)
    row = assert_sound(run)
    assert row["peak_operations_per_s"] == 4e9
    np.testing.assert_allclose(
        run.tree["metrics/operations_share"], run.tree["metrics"].dataset["operations_per_s"].values / 4e9
    )
    assert row["operations_share"] > 0
    assert np.isnan(row["peak_bandwidth"]) and np.isnan(row["bandwidth_share"])  # threads hand over what they have


@pytest.mark.parametrize("cluster", ["threads", "scheduler"])
def test_other_ways_to_run(tmp_path: Path, cluster: str, request: pytest.FixtureRequest) -> None:
    address = request.getfixturevalue("scheduler") if cluster == "scheduler" else cluster
    run = daskcnn.run(
        daskcnn.networks.mnist(),
        chunks="spatial=3x2",
        workers=2,
        cluster=address,
        images=250,
        batch=100,
        repeat=2,
        engine="numpy",
        store=Store(tmp_path),
    )
    row = assert_sound(run)
    assert (row["engine"], row["cluster"], row["batch"], row["repeats"]) == ("numpy", address, 100, 2)
    # Three blocks of images, each cut in six.
    assert int(run.tree["plan"].dataset["blocks"].sel(layer="conv2")) == 18


@pytest.mark.parametrize("chunks", ["serial", "batch", "channel", "spatial", "spatial=2x2"])
def test_one_image_on_two_workers(tmp_path: Path, scheduler: str, chunks: str) -> None:
    run = daskcnn.run(chunks=chunks, workers=2, cluster=scheduler, images=1, repeat=1, store=tmp_path)
    row = assert_sound(run)
    # Nobody asked for two blocks of images: there is one.
    assert row["chunks"] == "batch=1" if chunks == "batch" else row["chunks"].startswith(chunks.split("=")[0])


def test_listeners_hear_in_order(tmp_path: Path) -> None:
    heard: list[object] = []
    store = Store(tmp_path)
    watch = Watch(
        dashboard=lambda address: heard.append(address.startswith("http://")),
        repeat=lambda done, of: heard.append((done, of)),
        stored=lambda run: heard.append(store.ids() == [run.id]),
    )
    daskcnn.run(workers=1, cluster="threads", images=5, repeat=2, store=store, watch=watch)
    assert heard == [True, (1, 3), (2, 3), (3, 3), True]


def test_the_store_is_the_usual_one_unless_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASKCNN_STORE", str(tmp_path / "usual"))
    run = daskcnn.run(workers=1, cluster="threads", images=5, repeat=1)
    assert Store(tmp_path / "usual").ids() == [run.id]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"network": "resnet"}, r"'resnet'.*mnist"),
        ({"chunks": "depth"}, r"'depth'.*serial, batch, channel"),
        ({"chunks": "batch=6", "images": 5}, r"batch=6.* 5 "),
        ({"chunks": "channel=11"}, r"channel=11.*dense3.* 10"),
        ({"workers": 0}, r"workers=0"),
        ({"images": 10_001}, r"10001.* 10000"),
        ({"images": 0}, r"images=0"),
        ({"batch": 0}, r"batch=0"),
        ({"repeat": 0}, r"repeat=0"),
        ({"engine": "torch"}, r"'torch'.*onnxruntime"),
        ({"cluster": "cloud"}, r"'cloud'.*processes"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_refused_before_anything_starts(
    tmp_path: Path, asked: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daskcnn.cluster.own.LocalCluster", None)
    with pytest.raises(UsageError, match=told) as raised:
        daskcnn.run(**{"store": tmp_path / "runs", "workers": 2, **asked})
    assert "\n" not in str(raised.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_breaks_off_leaves_the_store_as_it_was(tmp_path: Path, error: type[BaseException]) -> None:
    def break_off(done: int, of: int) -> None:
        if done == 2:
            raise error

    with pytest.raises(error):
        daskcnn.run(
            workers=1, cluster="threads", images=5, repeat=3, store=tmp_path / "runs", watch=Watch(repeat=break_off)
        )
    assert not list(tmp_path.iterdir())


def test_a_scheduler_that_dies_fails_the_run(tmp_path: Path) -> None:
    folder = tmp_path / "scheduler"
    folder.mkdir()
    with foreign(folder, workers=1) as (address, scheduler):

        def kill(done: int, of: int) -> None:
            if done == 2:
                scheduler.kill()

        with pytest.raises(RunError, match=r"scheduler.*run again") as raised:
            daskcnn.run(
                workers=1,
                cluster=address,
                images=5,
                repeat=1000,
                store=tmp_path / "runs",
                watch=Watch(repeat=kill),
            )
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "runs").exists()


def test_a_store_that_cannot_be_written_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daskcnn.cluster.own.LocalCluster", None)
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match=r"file.*choose another"):
        daskcnn.run(workers=1, store=tmp_path / "file" / "runs")
