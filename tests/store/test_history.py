"""A run that an older version wrote opens as one of today, with nothing made up."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from daskcnn.blame import blame
from daskcnn.errors import RunError
from daskcnn.metrics import metrics
from daskcnn.store import SCHEMA, Store
from daskcnn.store.history import HISTORY, STEPS, upgraded
from daskcnn.taskgraph import TaskGraph
from daskcnn.trace import SCHEMA as COLUMNS
from daskcnn.trace import UNKNOWN
from tests.runs import make_run

OLD = Path(__file__).parents[1] / "data" / "run-schema-1.nc"
"""Written by the last version that wrote schema 1; only what names a machine was replaced."""
NODES = {"/", "/metrics", "/plan", "/graph", "/trace", *(f"/trace/{name}" for name in COLUMNS)}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with the old run."""
    shutil.copy(OLD, tmp_path)
    return Store(tmp_path)


def written() -> xr.DataTree:
    """The old run as it was written."""
    with xr.open_datatree(OLD, engine="h5netcdf") as tree:
        return tree.load()


def test_an_old_run_has_all_that_one_of_today_has(store: Store) -> None:
    run = store.open("run-schema-1")
    assert run.attrs["schema"] == SCHEMA and {node.path for node in run.subtree} == NODES
    for name, columns in COLUMNS.items():
        node = run[f"trace/{name}"].to_dataset()
        assert [column for column in node.data_vars if column in columns] == list(columns)
        for column, kind in columns.items():
            assert node[column].dtype.kind == np.dtype(kind.dtype).kind, (name, column)
            assert node[column].attrs == kind.attrs


def test_what_was_known_is_as_it_was_and_what_was_not_is_unknown(store: Store) -> None:
    run, old = store.open("run-schema-1"), written()
    for node in old.subtree:
        names = {name: "bytes" if name == "nbytes" else str(name) for name in node.dataset.variables}
        for before, after in names.items():
            np.testing.assert_array_equal(run[node.path].dataset[after].values, node.dataset[before].values)
        added = run[node.path].dataset.variables.keys() - names.values()
        for name in added:
            unknown = UNKNOWN[COLUMNS[node.name or ""][str(name)].dtype]
            values = run[node.path].dataset[name].values
            np.testing.assert_array_equal(values, np.full(values.shape, unknown, values.dtype))
    assert run["trace/edges"].sizes["edge"] == 0
    assert run["trace/tasks/bytes"].sum() > 0 < run["graph/bytes"].sum()


def test_what_reads_runs_reads_an_old_one(store: Store) -> None:
    run = store.open("run-schema-1")
    graph = TaskGraph.from_dataset(run["graph"].to_dataset())
    assert 2 * graph.bytes_moved == run["trace/transfers/bytes"].sum()
    assert metrics(run.children["trace"])["bytes_moved"].values.tolist() == [graph.bytes_moved] * 2
    assert float(blame(run)["seconds"].sum()) > 0


def test_upgrading_leaves_the_old_tree_alone_and_a_new_one_as_it_is() -> None:
    old, new = written(), make_run()
    upgraded(old)
    xr.testing.assert_identical(old, written())
    assert upgraded(new) is new
    xr.testing.assert_identical(upgraded(upgraded(old)), upgraded(old))


def test_an_upgraded_run_is_kept_and_comes_back(store: Store, tmp_path: Path) -> None:
    run = store.open("run-schema-1")
    other = Store(tmp_path / "other")
    other.append(run)
    xr.testing.assert_identical(other.open("run-schema-1"), run)


def test_an_old_run_is_listed_beside_a_new_one(store: Store) -> None:
    store.append(make_run(run="today"))
    table = store.runs()
    assert table.attrs["unreadable"] == [] and table["run"].values.tolist() == ["run-schema-1", "today"]
    assert table["chunks"].values.tolist() == ["channel=2", "batch=2"]
    assert np.isfinite(table["seconds"].values).all() and table["seconds"].attrs == {"units": "s", "long_name": "Time"}


def test_a_run_without_a_trace_gets_none() -> None:
    old = xr.DataTree(written().to_dataset())
    assert [node.path for node in upgraded(old).subtree] == ["/"]


@pytest.mark.parametrize("version", [SCHEMA + 1, 10**6])
def test_a_newer_run_is_refused_by_name_and_left_alone(store: Store, version: int) -> None:
    make_run().to_dataset().assign_attrs(schema=version).to_netcdf(store.path / "newer.nc", engine="h5netcdf")
    assert store.runs().attrs["unreadable"] == ["newer"]
    with pytest.raises(RunError, match=rf"newer.nc' is a run of schema {version}.*newer daskcnn") as error:
        store.open("newer")
    assert "remove" not in str(error.value)


def test_every_version_has_its_history_and_a_step_from_the_one_before() -> None:
    assert list(HISTORY) == list(range(1, SCHEMA + 1))
    assert set(STEPS) == set(range(1, SCHEMA))
