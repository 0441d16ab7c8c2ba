"""Numbers of a run's repeats and workers, without the rest of it."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from daskcnn.errors import RunError, UsageError
from daskcnn.store import Store
from tests.runs import make_run
from tests.store.small import small_run


def test_they_are_those_of_the_whole_run(tmp_path: Path) -> None:
    store, run = Store(tmp_path), make_run(workers=3, repeats=4, run="a")
    store.append(run)
    repeats, workers = store.repeats("a"), store.workers("a")
    xr.testing.assert_equal(repeats, run["metrics"].to_dataset().drop_vars("repeat"))
    np.testing.assert_array_equal(workers["peak_memory"], run["trace/workers"]["peak_memory"])
    assert workers.sizes == {"worker": 3} and "name" not in workers  # a text is no number
    assert repeats.attrs["cpu"] == workers.attrs["cpu"] == "a cpu"
    assert repeats.attrs["cores"] == 2


def test_a_run_of_an_older_schema_has_them_too() -> None:
    store = Store(Path(__file__).parents[1] / "data")
    whole = store.open("run-schema-1")
    np.testing.assert_array_equal(store.repeats("run-schema-1")["seconds"], whole["metrics"]["seconds"])
    np.testing.assert_array_equal(store.workers("run-schema-1")["peak_memory"], whole["trace/workers"]["peak_memory"])


def test_what_a_run_has_not_is_empty(tmp_path: Path) -> None:
    Store(tmp_path).append(small_run("a"))
    assert not Store(tmp_path).repeats("a").variables
    assert not Store(tmp_path).workers("a").variables


def test_errors_are_those_of_open(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.append(small_run("a"))
    with pytest.raises(UsageError, match="no run 'b'"):
        store.workers("b")
    (tmp_path / "b.nc").write_text("no run")
    with pytest.raises(RunError, match=r"b\.nc"):
        store.repeats("b")


def test_columns_of_several_dimensions_are_damage(tmp_path: Path) -> None:
    run = make_run(run="a")
    run["metrics"] = xr.DataTree(xr.Dataset({"seconds": (("repeat", "x"), np.ones((2, 2)))}))
    Store(tmp_path).append(run)
    with pytest.raises(RunError, match="cannot be read"):
        Store(tmp_path).repeats("a")
