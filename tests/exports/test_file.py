"""A file is of the kind that its name says, and whole."""

from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

from daskcnn.errors import RunError, UsageError
from daskcnn.exports import export
from daskcnn.store import Store
from tests.exports.format import assert_valid, loaded
from tests.runs import make_run

OLD = Path(__file__).parents[1] / "data"


@pytest.mark.parametrize("name", ["trace.json", "TRACE.JSON"])
def test_a_trace(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("before")
    export(make_run(), tmp_path / name)
    assert_valid(loaded((tmp_path / name).read_text()))
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_tasks_are_the_table_unless_told(tmp_path: Path) -> None:
    export(make_run(), tmp_path / "a.csv")
    assert len(pd.read_csv(tmp_path / "a.csv")) == 72


def test_a_run_of_the_first_schema(tmp_path: Path) -> None:
    run = Store(OLD).open("run-schema-1")
    export(run, tmp_path / "a.json")
    assert_valid(loaded((tmp_path / "a.json").read_text()))
    export(run, tmp_path / "a.csv", "transfers")
    assert pd.read_csv(tmp_path / "a.csv")["bytes (B)"].sum() == run["trace/transfers/bytes"].sum() > 0


@pytest.mark.parametrize("name", ["trace", "trace.txt", "json", ".csv", "trace.json.gz"])
def test_another_ending(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=rf"{name}' has no ending.*\.json.*\.csv"):
        export(make_run(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_trace_has_all_tables(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"a\.json' is to be a trace"):
        export(make_run(), tmp_path / "a.json", "workers")


def test_a_run_without_a_trace(tmp_path: Path) -> None:
    thin = xr.DataTree(make_run(run="thin").to_dataset())
    for name in ("a.json", "a.csv"):
        with pytest.raises(RunError, match=r"'thin'.*trace"):
            export(thin, tmp_path / name)


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"cannot write .*nowhere/a\.csv .*choose another"):
        export(make_run(), tmp_path / "nowhere" / "a.csv")
