"""The schema: one for a trace that was measured, imagined, empty, or read back from a file."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from daskcnn.trace import DIMENSIONS, SCHEMA, columns, missing, trace

ROWS: dict[str, list[tuple[Any, ...]]] = {
    "tasks": [("('conv1-r-0', 0, 1)", "conv1", "0,1", 1, 7, 0.25, 0.5, 64, 0)],
    "transfers": [("('conv1-r-0', 0, 1)", 1, 0, 64, 0.5, 0.75, 0)],
    "workers": [("0", "tcp://a:1", "a", 11, 1, 0, 1 << 20, 1), ("1", "tcp://a:2", "a", 12, 1, 0, 1 << 20, 1)],
    "memory": [(0, 0.0, 1 << 20, 0), (1, 0.0, 1 << 20, 64)],
    "events": [(0.1, "steal", 1, "x")],
}


@pytest.fixture(params=[ROWS, {}], ids=["full", "empty"])
def tree(request: pytest.FixtureRequest) -> xr.DataTree:
    return trace({node: columns(node, rows) for node, rows in request.param.items()}, started=1.5e9, records_dropped=2)


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
    tree = trace({"tasks": columns("tasks", ROWS["tasks"])}, started=0.0)
    assert missing(tree, [("conv1-r-0", 0, 1), ("conv1-r-0", 0, 2), "x"]) == ["('conv1-r-0', 0, 2)", "x"]
