"""Runs side by side: those named, in that order, or the newest."""

import json

import pytest
import xarray as xr

from daskcnn.metrics import METRICS
from daskcnn.store import Store
from tests.commands import Command
from tests.runs import keep_run, make_run


@pytest.fixture
def ids(store: Store) -> list[str]:
    """Three runs, cut in different ways."""
    return [keep_run(store, seed=seed, chunks=f"batch={seed}", run=f"run-{seed}") for seed in (1, 2, 3)]


def columns(out: str) -> dict[str, list[str]]:
    """The cells of each line of the first table by its first one."""
    return cells(out.partition("\n\n")[0])


def differences(out: str) -> dict[str, list[str]]:
    """Those of the second table."""
    return cells(out.partition("\n\n")[2].partition("\n\n")[2])


def cells(table: str) -> dict[str, list[str]]:
    rows = [line.split("  ") for line in table.splitlines()]
    return {row[0].strip(): [cell.strip() for cell in row[1:] if cell.strip()] for row in rows}


def test_named_runs_in_that_order(command: Command, ids: list[str]) -> None:
    done = command("compare", ids[2], ids[0])
    shown = columns(done.out)
    assert (done.code, done.err) == (0, "")
    assert shown[""] == ["run-3", "run-1"]
    assert shown["Chunks"] == ["batch=3", "batch=1"]
    assert shown["Accuracy"] == ["98.8 %", "98.8 %"]
    assert shown["Same as serial"] == ["yes", "yes"]
    assert all(" to " in cell for cell in shown["95 % interval"])


def test_the_newest_where_none_is_named(command: Command, ids: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert columns(command("compare").out)[""] == ids
    monkeypatch.setattr("daskcnn.cli.compare.NEWEST", 2)
    assert columns(command("compare").out)[""] == ids[1:]
    assert [row["run"] for row in json.loads(command("compare", "--json").out)] == ids[1:]


def test_what_is_no_run_is_passed_over_unless_named(command: Command, ids: list[str], store: Store) -> None:
    (store.path / "zebra.nc").write_text("no run")
    done = command("compare")
    assert columns(done.out)[""] == ids
    assert "zebra" in done.err and done.err.count("\n") == 1
    done = command("compare", ids[0], "zebra")
    assert done.code == 1 and "zebra.nc" in done.err and done.err.count("\n") == 1 and not done.out


def test_runs_may_lack_what_others_have(command: Command, store: Store) -> None:
    keep_run(store, run="a", repeats=1)
    thin = make_run(run="b", seconds_low=float("nan"))
    store.append(thin.assign(thin.to_dataset().drop_vars(["accuracy", "serial_seconds"])))
    shown = columns(command("compare").out)
    assert len(shown["Accuracy"]) == 2


def test_nothing_to_compare(command: Command, store: Store) -> None:
    done = command("compare")
    assert done.code == 2 and str(store.path) in done.err and "daskcnn run" in done.err


def timed(store: Store, run: str, seconds: list[float], **changes: object) -> str:
    """A run whose repeats took so long."""
    tree = make_run(run=run, repeats=len(seconds), **changes)  # type: ignore[arg-type]
    each = tree["metrics"].to_dataset()
    tree["metrics"] = xr.DataTree(each.assign(seconds=each["seconds"].copy(data=seconds)))
    return store.append(tree)


def test_each_run_is_held_against_the_first(command: Command, store: Store) -> None:
    timed(store, "a", [1.0, 1.02, 0.98, 1.01, 0.99])
    timed(store, "b", [1.5, 1.53, 1.47, 1.515, 1.485])
    timed(store, "c", [1.01, 0.97, 1.0, 1.03, 0.99])
    timed(store, "d", [2.0, 2.0, 2.0, 2.0])
    done = command("compare")
    shown = differences(done.out)
    assert "Against a:" in done.out and shown[""] == ["b", "c", "d"]
    assert shown["Time"][0].startswith("1.50 times [1.4") and shown["Time"][0].endswith("]")
    assert shown["Time"][1] == "no difference found"
    assert shown["Time"][2].startswith("2.00 times [1.9")
    against_b = differences(command("compare", "b", "a").out)
    assert against_b["Time"][0].startswith("0.67 times [0.6")


def test_too_few_repeats(command: Command, store: Store) -> None:
    timed(store, "a", [1.0, 1.1, 1.2])
    timed(store, "b", [2.0, 2.1, 2.2])
    timed(store, "c", [2.0])
    assert differences(command("compare").out)["Time"] == ["too few repeats to tell"] * 2


def test_a_run_without_repeats_has_dashes(command: Command, store: Store) -> None:
    timed(store, "a", [1.0] * 5)
    tree = make_run(run="b")
    store.append(tree.filter(lambda node: node.name != "metrics"))
    timed(store, "c", [1.0] * 5)
    assert differences(command("compare").out)["Time"] == ["–", "no difference found"]


def test_json_carries_the_comparison(command: Command, store: Store) -> None:
    timed(store, "a", [1.0] * 5)
    timed(store, "b", [2.0, 2.0, 2.0, 2.0, 2.5])
    first, second = json.loads(command("compare", "--json").out)
    assert first["compared"] == {}
    assert second["compared"]["seconds"] == {"ratio": 2.0, "low": 2.0, "high": 2.5, "verdict": "different"}
    assert second["compared"]["serial_fraction"].keys() == {"ratio", "low", "high", "verdict"}
    assert "peak_memory_bytes" not in second["compared"]  # measured once a run


def test_only_the_headlines_unless_all_is_asked_for(command: Command, ids: list[str]) -> None:
    few, every = (command("compare", *words).out for words in ((), ("--all",)))
    labels = [metric.label for metric in METRICS.values() if metric.formula and not metric.headline]
    assert not any(label in columns(few) or label in differences(few) for label in labels)
    assert set(labels) <= set(columns(every)) and "Makespan" in differences(every)


def test_one_run_is_compared_with_none(command: Command, ids: list[str]) -> None:
    assert "Against" not in command("compare", ids[0]).out
