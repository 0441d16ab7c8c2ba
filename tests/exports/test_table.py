"""Tables hold what the run holds, under headings that say the unit."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from daskcnn.errors import RunError, UsageError
from daskcnn.exports import TABLES, export, table
from daskcnn.trace import SCHEMA
from tests.runs import make_run


@pytest.mark.parametrize("name", SCHEMA)
def test_a_csv_file_has_every_row_and_column_of_a_trace(tmp_path: Path, name: str) -> None:
    run = make_run(3, workers=3)
    export(run, tmp_path / "table.csv", name)
    node = run[f"trace/{name}"].to_dataset()
    found = pd.read_csv(tmp_path / "table.csv", index_col=0, keep_default_na=False, na_values={"": [""]})
    assert found.index.name == TABLES[name][1] and len(found) == node.sizes[TABLES[name][1]]
    headings = [f"{column} ({kind.units})" if kind.units else column for column, kind in SCHEMA[name].items()]
    assert found.columns.tolist() == headings
    for heading, column in zip(headings, SCHEMA[name], strict=True):
        values = node[column].values
        read = found[heading].astype(str) if values.dtype.kind == "U" else pd.to_numeric(found[heading])
        np.testing.assert_array_equal(read.to_numpy(values.dtype), values)


def test_repeats_and_layers_have_names() -> None:
    assert table(make_run(), "metrics").index.tolist() == [0, 1, 2]
    run = xr.DataTree.from_dict({"plan": xr.Dataset({"blocks": ("layer", [2, 4])}, {"layer": ["conv1", "relu1"]})})
    assert table(run, "plan").to_csv() == "layer,blocks\nconv1,2\nrelu1,4\n"


def test_what_has_other_dimensions_is_left_out() -> None:
    metrics = xr.Dataset({"seconds": ("repeat", [0.5]), "each": (("repeat", "worker"), [[1, 2]]), "one": 3})
    run = xr.DataTree.from_dict({"metrics": metrics})
    assert table(run, "metrics").to_dict("list") == {"seconds": [0.5]}


def test_hostile_texts_come_back(tmp_path: Path) -> None:
    words = ['a,"b"', "two\nlines", "\r", "'; =1+1", " ü "]
    run = xr.DataTree.from_dict({"trace/events": xr.Dataset({"detail": ("event", words)})})
    export(run, tmp_path / "events.csv", "events")
    assert pd.read_csv(tmp_path / "events.csv", lineterminator="\n")["detail"].tolist() == words


def test_a_table_that_is_not_there() -> None:
    with pytest.raises(RunError, match=r"'thin' has no plan"):
        table(make_run(run="thin"), "plan")
    with pytest.raises(UsageError, match=r"no table 'task'.*tasks, edges"):
        table(make_run(), "task")
