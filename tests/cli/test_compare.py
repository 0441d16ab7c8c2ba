"""Runs side by side: those named, in that order, or the newest."""

import json

import pytest

from daskcnn.store import Store
from tests.commands import Command
from tests.runs import make_run


@pytest.fixture
def ids(store: Store) -> list[str]:
    """Three runs, cut in different ways."""
    return [store.append(make_run(seed=seed, chunks=f"batch={seed}", run=f"run-{seed}")) for seed in (1, 2, 3)]


def columns(out: str) -> dict[str, list[str]]:
    """The cells of each line by its first one."""
    rows = [line.replace(" to ", "…").split("  ") for line in out.splitlines()]
    return {row[0].strip(): [cell.strip() for cell in row[1:] if cell.strip()] for row in rows}


def test_named_runs_in_that_order(command: Command, ids: list[str]) -> None:
    done = command("compare", ids[2], ids[0])
    cells = columns(done.out)
    assert (done.code, done.err) == (0, "")
    assert cells[""] == ["run-3", "run-1"]
    assert cells["Chunks"] == ["batch=3", "batch=1"]
    assert cells["Accuracy"] == ["98.8 %", "98.8 %"]
    assert cells["Same as serial"] == ["yes", "yes"]
    assert all("…" in cell for cell in cells["95 % interval"])


def test_the_newest_where_none_is_named(command: Command, ids: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert columns(command("compare").out)[""] == ids
    monkeypatch.setattr("daskcnn.cli.compare.NEWEST", 2)
    assert columns(command("compare").out)[""] == ids[1:]
    assert [row["run"] for row in json.loads(command("compare", "--json").out)] == ids[1:]


def test_what_is_no_run_is_passed_over_unless_named(command: Command, ids: list[str], store: Store) -> None:
    (store.path / "zebra.nc").write_text("no run")
    assert columns(command("compare").out)[""] == ids
    done = command("compare", ids[0], "zebra")
    assert done.code == 1 and "zebra.nc" in done.err and done.err.count("\n") == 1 and not done.out


def test_runs_may_lack_what_others_have(command: Command, store: Store) -> None:
    store.append(make_run(run="a", repeats=1))
    thin = make_run(run="b", seconds_low=float("nan"))
    store.append(thin.assign(thin.to_dataset().drop_vars(["accuracy", "serial_seconds"])))
    cells = columns(command("compare").out)
    assert len(cells["Accuracy"]) == 2


def test_nothing_to_compare(command: Command, store: Store) -> None:
    done = command("compare")
    assert done.code == 2 and str(store.path) in done.err and "daskcnn run" in done.err
