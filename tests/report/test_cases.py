"""What runs have besides their rows, and what figures draw of them."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from daskcnn.noise import median_interval
from daskcnn.report.cases import Floats, cases, known
from daskcnn.report.chosen import Subject, chosen
from daskcnn.report.lines import lines
from daskcnn.store import Store
from tests.report.planted import planted, repeats
from tests.store.small import small_run


def of(folder: Path, *runs: xr.DataTree) -> tuple[xr.Dataset, Subject]:
    store = Store(folder)
    for run in runs:
        store.append(run)
    table = store.runs()
    subject, _ = chosen(table)
    return cases(store, table, subject), subject


def each(found: xr.Dataset, run: str, metric: str) -> Floats:
    """The repeats that are known."""
    return known(found[f"each_{metric}"].sel(run=run))


def test_every_repeat_and_every_worker(tmp_path: Path) -> None:
    one = planted("batch", 1, repeats(2.0, 3), memory=[300])
    two = planted("batch", 2, repeats(1.0, 5), memory=[200, 100], communication=repeats(0.1, 5))
    found, _ = of(tmp_path, one, two)
    assert found["label"].values.tolist() == ["batch on 1 worker", "batch on 2 workers"]
    np.testing.assert_array_equal(each(found, "batch-1", "seconds"), repeats(2.0, 3))
    np.testing.assert_array_equal(each(found, "batch-2", "communication"), repeats(0.1, 5))
    assert not each(found, "batch-1", "communication").size
    np.testing.assert_array_equal(found["peak_memory"], [[300, np.nan], [200, 100]])
    assert found["memory_total_bytes"].values.tolist() == [300, 300]
    assert found["machine"].values.tolist() == ["a cpu, cores: 8"] * 2
    assert found["threads"].values.tolist() == [1, 2]


def test_a_run_with_its_row_alone(tmp_path: Path) -> None:
    found, subject = of(tmp_path, small_run("a"))
    assert each(found, "a", "seconds").tolist() == [0.25]
    assert found["fault"].values.tolist() == [""]
    drawn = lines(found, subject)
    assert drawn["seconds"].sel(line="measured").values.tolist() == [[0.25]]
    assert np.isnan(drawn["seconds"].sel(line=["low", "high"])).all()


def test_a_run_of_the_first_schema_is_against_its_serial_time(tmp_path: Path) -> None:
    file = Path(__file__).parents[1] / "data" / "run-schema-1.nc"
    (tmp_path / file.name).write_bytes(file.read_bytes())
    store = Store(tmp_path)
    table = store.runs()
    subject, _ = chosen(table)
    found = cases(store, table, subject)
    speedup = lines(found, subject)["speedup"].sel(line="measured").item()
    np.testing.assert_allclose(speedup, table["speedup"].item())
    # Its row says nothing of the sum, its workers do.
    peaks = store.workers("run-schema-1")["peak_memory"].values
    assert found["memory_total_bytes"].item() == peaks.sum()


def test_a_run_whose_columns_cannot_be_read_keeps_its_row(tmp_path: Path) -> None:
    run = planted("batch", 1, repeats(1.0))
    run["metrics"] = xr.DataTree(xr.Dataset({"seconds": (("repeat", "x"), np.ones((2, 2)))}))
    found, _ = of(tmp_path, run)
    assert "cannot be read" in found["fault"].item()
    np.testing.assert_allclose(each(found, "batch-1", "seconds"), [1.0])


def test_times_that_are_none_are_left_out(tmp_path: Path) -> None:
    run = planted("batch", 1, [-1.0, 2.0, 3.0, 2.5, 2.0])
    assert each(of(tmp_path, run)[0], "batch-1", "seconds").tolist() == [2.0, 3.0, 2.5, 2.0]


@pytest.mark.parametrize("name", ["repeat", "worker", "label", "way", "machine", "line", "series"])
def test_a_run_may_have_any_variable(tmp_path: Path, name: str) -> None:
    runs = [planted("batch", n, repeats(1.0)).assign({name: xr.Variable((), "x")}) for n in (1, 2)]
    found, subject = of(tmp_path, *runs)
    assert lines(found, subject).sizes["workers"] == 2


def test_lines_are_medians_with_their_intervals(tmp_path: Path) -> None:
    communication = [0.1, 0.2, 0.15, 0.3, 0.12, 0.11, 0.1]
    one = planted("batch", 1, repeats(2.0), communication=communication, memory=[300])
    two = planted("batch", 2, repeats(1.0), serial=4.0)
    other = planted("channel", 2, repeats(3.0))
    drawn = lines(*of(tmp_path, one, two, other))
    assert drawn["series"].values.tolist() == ["batch", "channel"]
    share = drawn["communication"].sel(series="batch", workers=1)
    assert share.sel(line="measured") == 0.12
    assert tuple(share.sel(line=["low", "high"]).values) == median_interval(communication)
    assert np.isnan(drawn["communication"].sel(series="channel", workers=2, line="measured"))
    assert drawn["speedup"].sel(series="batch", workers=2, line="measured") == 4.0
    assert drawn["seconds"].sel(series="channel", workers=2, line="measured") == 3.0
    assert np.isnan(drawn["seconds"].sel(series="channel", workers=1)).all()


def test_memory_has_no_interval_since_it_is_measured_once(tmp_path: Path) -> None:
    run = planted("batch", 1, repeats(1.0), memory=[300], peak_memory_bytes=[300.0] * 7)
    drawn = lines(*of(tmp_path, run))["peak_memory_bytes"].sel(series="batch", workers=1)
    assert drawn.sel(line="measured") == 300
    assert np.isnan(drawn.sel(line=["low", "high"])).all()
