"""Calibrations in a store: the newest of this machine counts, and runs are not mixed up with them."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from daskcnn.calibration import Peaks, keep, kept, latest, peaks
from daskcnn.errors import RunError
from daskcnn.provenance import cores, cpu
from daskcnn.store import Store
from tests.runs import make_run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs")


def measured(**changes: object) -> xr.Dataset:
    """A calibration of this machine; `changes` replace its attributes, or variables where they are floats."""
    values = {"product_numpy": 1e9, "product_onnxruntime": 3e9, "transfer_rate": 2e9}
    values |= {name: value for name, value in changes.items() if isinstance(value, float)}
    attrs = {"cpu": cpu(), "cores": cores()} | {name: value for name, value in changes.items() if name not in values}
    return xr.Dataset(values, attrs=attrs)


def test_the_newest_of_this_machine(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, calibration in enumerate(
        [measured(transfer_rate=1.0), measured(transfer_rate=2.0), measured(cpu="another"), measured(cores=1 << 20)]
    ):
        monkeypatch.setattr(kept, "new_id", lambda number=number: f"2026112{number}T000000-000000")
        keep(calibration, store)
    found = latest(store)
    assert found is not None and found["transfer_rate"].item() == 2.0
    assert latest(store, processor="another", count=cores()) is not None
    assert latest(store, processor="a third") is None


def test_rates_are_the_better_product_and_the_transfer(store: Store) -> None:
    keep(measured(), store)
    assert peaks(store) == Peaks(3e9, 2e9)
    keep(measured(product_numpy=4e9), Store(store.path / "other"))
    assert peaks(Store(store.path / "other")).peak_operations_per_s == 4e9


def test_rates_that_were_never_measured(store: Store) -> None:
    assert np.isnan(peaks(store)).all()
    assert not store.path.exists()


def test_threads_have_no_bandwidth_and_of_other_machines_nothing_is_known(store: Store) -> None:
    keep(measured(), store)
    operations, bandwidth = peaks(store, "threads")
    assert operations == 3e9 and np.isnan(bandwidth)
    assert np.isnan(peaks(store, "tcp://192.0.2.7:8786")).all()


def test_a_file_that_cannot_be_read_hides_no_other(store: Store) -> None:
    file = keep(measured(), store)
    (file.parent / "99999999T000000-ffffff.nc").write_bytes(b"\x89HDF\r\n\x1a\n and no more")
    (file.parent / "99999999T000000-fffffe.nc").mkdir()
    assert peaks(store) == Peaks(3e9, 2e9)


def test_a_rate_that_a_file_lacks_is_not_known(store: Store) -> None:
    odd = measured().drop_vars("transfer_rate").assign(product_onnxruntime="fast")
    keep(odd, store)
    assert peaks(store).peak_operations_per_s == 1e9
    assert np.isnan(peaks(store).peak_bandwidth)


def test_runs_are_not_mixed_up_with_calibrations(store: Store) -> None:
    keep(measured(), store)
    assert store.ids() == [] and store.runs().attrs["unreadable"] == []
    store.append(make_run(run="a-run"))
    assert store.ids() == ["a-run"] and store.find("a") == "a-run"


def test_a_calibration_is_there_whole_or_not_at_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(RunError, match=r"No space left on device.*choose another store"):
        keep(measured(), store)
    assert list((store.path / "calibrations").iterdir()) == []
