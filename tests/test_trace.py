"""The schema: one for a trace that was measured, imagined, empty, or read back from a file."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from daskcnn.trace import DIMENSIONS, SCHEMA, columns, filled, missing, trace

TABLES: dict[str, dict[str, list[Any]]] = {
    "tasks": {"key": ["('conv1-r-0', 0, 1)"], "layer": ["conv1"], "worker": [1], "start": [0.25], "stop": [0.5]},
    "edges": {"reader": [1], "read": [0]},
    "transfers": {"key": ["('conv1-r-0', 0, 1)"], "source": [1], "destination": [0], "bytes": [64]},
    "workers": {"name": ["0", "1"], "address": ["tcp://a:1", "tcp://a:2"]},
    "memory": {"worker": [0, 1], "time": [0.0, 0.5], "rss": [1 << 20, 1 << 20]},
    "events": {"time": [0.1], "kind": ["steal"], "worker": [1]},
}


@pytest.fixture(params=[TABLES, {}], ids=["full", "empty"])
def tree(request: pytest.FixtureRequest) -> xr.DataTree:
    tables = {node: filled(node, table) for node, table in request.param.items()}
    return trace(tables, started=1.5e9, records_dropped=2)


def test_columns_have_their_type_and_say_what_they_are(tree: xr.DataTree) -> None:
    assert tree.attrs == {"started": 1.5e9, "records_dropped": 2}
    for node, table in SCHEMA.items():
        assert set(tree[node].data_vars) == set(table)
        for name, column in table.items():
            values = tree[node][name]
            assert values.dims == (DIMENSIONS[node],)
            assert values.dtype.kind == np.dtype(column.dtype).kind
            assert values.attrs["long_name"]


def test_a_file_gives_it_back(tree: xr.DataTree, tmp_path: Path) -> None:
    tree.to_netcdf(tmp_path / "trace.nc", engine="h5netcdf")
    with xr.open_datatree(tmp_path / "trace.nc", engine="h5netcdf") as again:
        xr.testing.assert_identical(again.load(), tree)


def test_columns_must_be_those_of_the_schema() -> None:
    with pytest.raises(ValueError, match="columns of memory"):
        trace({"memory": {"worker": [0], "time": [0.0], "rss": [1]}}, started=0.0)


def test_missing_tells_which_keys_did_not_run() -> None:
    tree = trace({"tasks": filled("tasks", TABLES["tasks"])}, started=0.0)
    assert missing(tree, [("conv1-r-0", 0, 1), ("conv1-r-0", 0, 2), "x"]) == ["('conv1-r-0', 0, 2)", "x"]


def test_what_is_not_known_is_filled() -> None:
    found = filled("transfers", {"key": ["a", "b"], "bytes": [1, 2]})
    assert found.keys() == SCHEMA["transfers"].keys()
    assert np.isnan(found["start"]).all() and np.array_equal(found["source"], [-1, -1])
    assert filled("tasks", {"key": ["a"]})["layer"].tolist() == [""]
    with pytest.raises(ValueError, match="columns of events"):
        filled("events", {"when": [0.0]})


def test_rows_become_columns() -> None:
    assert columns("edges", [(1, 0), (2, 0)]) == {"reader": (1, 2), "read": (0, 0)}
