"""Full and read-only disks: a line says what to do, and what was there before stays whole."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xarray as xr

from daskcnn import execution, networks
from daskcnn.cli import call
from daskcnn.cluster import connect, owners
from daskcnn.errors import RunError
from daskcnn.forward import forward
from daskcnn.placement import placement
from daskcnn.plan import Plan
from daskcnn.sources import RandomImages
from daskcnn.store import Store
from tests.faults.disks import Disk, disks, read_only
from tests.runs import make_run

SMALL = ("run", "--cluster", "threads", "--workers", "2", "--images", "20", "--repeat", "1")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with disks(tmp_path) as make:
        yield make


Failing = Callable[..., str]


@pytest.fixture
def failing(capsys: pytest.CaptureFixture[str]) -> Failing:
    """What a command that fails says, in a line."""

    def fail(*arguments: str, store: Path) -> str:
        assert call([*arguments, "--store", str(store)]) == 1
        (line,) = (line for line in capsys.readouterr().err.splitlines() if not line.startswith("Dask dashboard: "))
        return line

    return fail


@pytest.mark.parametrize("keep", [Store.append, Store.replace])
def test_a_run_that_does_not_fit_is_not_kept_and_what_is_missing_is_said(
    disk: Disk, capfd: pytest.CaptureFixture[str], keep: Callable[[Store, xr.DataTree], str]
) -> None:
    store, first = Store(disk(1 << 20) / "runs"), make_run(run="first")
    keep(store, first)
    told = r"No space left on device\): run 'large' is not kept; it takes [\d,]+ B, [\d,]+ B more than are free"
    with pytest.raises(RunError, match=told):
        keep(store, make_run(run="large", tasks=1000))
    assert capfd.readouterr() == ("", "")
    assert sorted(path.name for path in store.path.iterdir()) == [".index.jsonl", "first.nc"]
    xr.testing.assert_identical(store.open("first"), first)
    assert store.runs()["run"].values.tolist() == ["first"]


def test_a_run_on_a_full_disk_is_refused_before_it_begins(disk: Disk, failing: Failing) -> None:
    folder = disk(1 << 20)
    (folder / "large").write_bytes(bytes(100_000))
    line = failing(*SMALL, store=folder / "runs")
    assert line.startswith(f"daskcnn: cannot write to store {folder}/runs (its disk is full, 946,176 B are free): free")


def test_a_read_only_store_is_read_and_refused_before_a_run_begins(disk: Disk, failing: Failing) -> None:
    store = Store(disk(2 << 20))
    store.append(make_run(run="first"))
    (store.path / ".index.jsonl").unlink()
    read_only(store.path)
    assert store.runs()["run"].values.tolist() == ["first"]
    line = failing(*SMALL, store=store.path)
    assert line == f"daskcnn: cannot write to store {store.path} ({store.path} is not writable): choose another folder"
    with pytest.raises(RunError, match=r"Read-only file system\): run 'second' is not kept; choose another folder"):
        store.append(make_run(run="second"))


def test_an_output_that_does_not_fit_is_not_there(disk: Disk, tmp_path: Path, failing: Failing) -> None:
    out = disk(1 << 20)
    asked = ("run", "conv1024", *SMALL[1:5], "--images", "2", "--repeat", "1", "--output", str(out / "out.zarr"))
    line = failing(*asked, store=tmp_path / "runs")
    assert line.startswith(f"daskcnn: {out}/") and "No space left on device" in line and line.endswith("worker sees")
    assert list(out.iterdir()) == [] and not (tmp_path / "runs").exists()


def test_an_output_on_a_read_only_disk_is_refused_before_a_run_begins(
    disk: Disk, tmp_path: Path, failing: Failing
) -> None:
    out = disk(1 << 20)
    read_only(out)
    line = failing(*SMALL, "--output", str(out / "out.zarr"), store=tmp_path / "runs")
    assert "Read-only file system" in line and "choose a folder" in line


def test_results_for_which_neither_memory_nor_disk_has_room(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = disk(32 << 20)
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.setattr(execution, "PATIENCE", 0.2)
    monkeypatch.setattr(execution, "HALTED", 10)
    net = networks.network("conv1024")
    work = forward(Plan.of(net, "serial", images=40, workers=1, batch=1), RandomImages((40, *net.image_shape)))
    with connect("processes", workers=1, memory_limit="375MB") as client, placement(client, owners(client)) as pins:
        told = rf"^1 of 1 workers stay paused .*--batch.*; {scratch}\S* has .* left for results: free more"
        with pytest.raises(RunError, match=told), execution.placed(pins, work):
            pytest.fail("there is no room for its images")
