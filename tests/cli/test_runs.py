"""Runs are listed, shown and removed; what is no run is named and stops nothing."""

import json
import re
from pathlib import Path

import pytest
from rich.console import Console

from daskcnn.cli import show
from daskcnn.store import Store
from tests.commands import Command
from tests.runs import keep_run, make_run


@pytest.fixture
def ids(store: Store) -> list[str]:
    """Two runs, cut in different ways."""
    return [keep_run(store, seed=seed, chunks=f"batch={seed}") for seed in (2, 3)]


@pytest.mark.parametrize("words", [("runs",), ("runs", "list")])
def test_every_run_is_a_line(command: Command, ids: list[str], words: tuple[str, ...]) -> None:
    done = command(*words)
    assert (done.code, done.err) == (0, "")
    for name, seed in zip(ids, (2, 3), strict=True):
        (line,) = (line for line in done.out.splitlines() if name in line)
        assert f"batch={seed}" in line and "1,000" in line and "1.70×" in line


def test_the_table_takes_two_halves_of_80_columns(
    command: Command, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(show, "console", lambda: Console(width=80))
    lines = command("runs").out.splitlines()
    assert [sum(name in line for line in lines) for name in ids] == [2, 2]
    assert max(map(len, lines)) <= 80


def test_the_table_as_json(command: Command, ids: list[str]) -> None:
    rows = json.loads(command("runs", "--json").out)
    assert [row["run"] for row in rows] == ids
    assert [row["chunks"] for row in rows] == ["batch=2", "batch=3"]


@pytest.mark.parametrize("words", [("runs",), ("runs", "list")])
def test_runs_are_chosen_and_ordered(command: Command, store: Store, words: tuple[str, ...]) -> None:
    for seed, (chunks, workers) in enumerate([("batch=2", 2), ("channel=2", 2), ("batch=4", 4), ("batch=1", 1)]):
        keep_run(store, seed, run=f"run-{seed}", chunks=chunks, workers=workers, seconds=1.0 - seed / 10)

    def found(*options: str) -> list[str]:
        return [row["run"].removeprefix("run-") for row in json.loads(command(*words, *options, "--json").out)]

    assert found() == list("0123")
    assert found("--where", "chunks=batch*") == list("023")
    assert found("--where", "chunks=batch*", "--where", "workers>=2") == list("02")
    assert found("--sort", "seconds") == list("3210") == found("--sort=seconds")
    assert found("--sort", "-workers") == list("2013") == found("--sort=-workers")
    assert found("--where", "workers<3", "--sort", "chunks") == list("301")
    lines = command(*words, "--where", "workers=2", "--sort", "-chunks").out.splitlines()
    assert [line.split()[0] for line in lines if "run-" in line] == ["run-1", "run-0"]


def test_conditions_of_the_group_hold_for_list_too(command: Command, ids: list[str]) -> None:
    options = ("--where", "chunks=batch*", "--sort", "-run", "list", "--where", "chunks!=batch=2")
    assert [row["run"] for row in json.loads(command("runs", *options, "--json").out)] == ids[1:]
    listed = command("runs", "--sort", "-run", "list").out
    assert listed.index(ids[1]) < listed.index(ids[0])


def test_no_run_is_like_that(command: Command, ids: list[str], store: Store) -> None:
    done = command("runs", "--where", "network=resnet*", "--where", "workers>2")
    assert (done.code, done.err) == (0, "")
    assert done.out == f"None of 2 runs in {store.path} has network=resnet* and workers>2.\n"
    assert command("runs", "--where", "network=resnet*", "--json").out == "[]\n"


def test_an_empty_store_says_how_to_fill_it(command: Command, store: Store) -> None:
    done = command("runs")
    assert done.code == 0 and "daskcnn run" in done.out
    assert command("runs", "--json").out == "[]\n"
    assert not store.path.exists()


def test_a_run_is_shown_by_the_beginning_of_its_id(command: Command, ids: list[str], store: Store) -> None:
    done = command("runs", "show", ids[1][:-3])
    found = store.open(ids[1])
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{ids[1]}: mnist, batch=3 on 2 workers (processes), numpy\n")
    facts = dict(line.split("  ", 1) for line in done.out.splitlines()[2:])
    assert facts["Accuracy"].strip() == "98.8 %"
    assert f"{found['bytes_moved'].item():,} B, as planned" in facts["Bytes moved"]
    assert "median of 3, 95 % interval" in facts["Time"]
    assert len(facts["Peak memory"].split(",")) == 2


def test_memory_that_is_not_known_is_not_said_to_be_none(command: Command, store: Store) -> None:
    run = make_run(run="lost")
    run["trace/workers"].dataset["peak_memory"].values[:] = [0, 1 << 20]
    store.append(run)
    assert "Peak memory          –, 1.00 MiB\n" in command("runs", "show", "lost").out


def test_a_shown_run_as_json_is_what_run_printed(command: Command, ids: list[str]) -> None:
    found = json.loads(command("runs", "show", ids[0], "--json").out)
    assert found["run"] == ids[0] and found["same_as_serial"] is True
    assert len(found["seconds_ci"]) == len(found["peak_memory_bytes"]) == 2


def test_what_is_not_to_be_trusted_is_said(command: Command, store: Store) -> None:
    keep_run(store, run="bad", same_as_serial=0, records_dropped=7, bytes_planned=1, repeats=1)
    done = command("runs", "show", "bad")
    assert "NO" in done.out and "1 B planned" in done.out and "one repeat, no interval" in done.out
    assert "Records dropped      7" in done.out
    said = ["predictions", "records", "bytes"]
    for words in (["runs"], ["runs", "--json"], ["runs", "show", "bad"], ["compare"], ["compare", "bad", "--json"]):
        lines = command(*words).err.splitlines()
        assert [line.split()[:3] for line in lines] == [["daskcnn:", "bad:", what] for what in said]


def test_runs_are_removed_all_or_none(command: Command, ids: list[str], store: Store) -> None:
    wrong = command("runs", "rm", ids[0], "nonesuch")
    assert wrong.code == 2 and "'nonesuch'" in wrong.err and store.ids() == ids
    done = command("runs", "rm", ids[0], ids[0][:-1])
    assert (done.code, done.out, store.ids()) == (0, f"removed {ids[0]}\n", ids[1:])


def test_what_is_no_run_is_named_and_can_be_removed(command: Command, ids: list[str], store: Store) -> None:
    (store.path / "zebra.nc").write_text("no run")
    listed = command("runs")
    assert listed.code == 0 and all(name in listed.out for name in ids)
    assert "'zebra'" in listed.err and "daskcnn runs rm" in listed.err and listed.err.count("\n") == 1
    shown = command("runs", "show", "zebra")
    assert shown.code == 1 and "zebra.nc" in shown.err and shown.err.count("\n") == 1
    assert command("runs", "rm", "zebra").code == 0
    assert store.ids() == ids


def test_a_run_of_a_newer_schema_is_not_to_be_removed(command: Command, store: Store) -> None:
    keep_run(store, run="mine")
    make_run().to_dataset().assign_attrs(schema=9).to_netcdf(store.path / "newer.nc", engine="h5netcdf")
    listed = command("runs")
    assert listed.code == 0 and "mine" in listed.out
    assert "'newer'" in listed.err and "schema 9" in listed.err and "rm" not in listed.err


def test_a_folder_of_a_run_s_name(command: Command, ids: list[str], store: Store) -> None:
    (store.path / "x.nc").mkdir()
    assert "'x'" in command("runs").err
    done = command("runs", "rm", "x")
    assert done.code == 1 and "x.nc" in done.err and "folder" in done.err and done.err.count("\n") == 1
    assert (store.path / "x.nc").is_dir()


@pytest.mark.parametrize("name", ["trace.json", "table.csv"])
def test_a_run_is_exported(command: Command, ids: list[str], tmp_path: Path, name: str) -> None:
    done = command("runs", "export", ids[0][:-2], "--to", str(tmp_path / name))
    assert (done.code, done.out, done.err) == (0, f"wrote {tmp_path / name}\n", "")
    text = (tmp_path / name).read_text()
    assert "conv1..relu1" in text and (json.loads(text)["otherData"]["run"] == ids[0] if name[-4:] == "json" else True)


def test_a_table_is_chosen(command: Command, ids: list[str], tmp_path: Path) -> None:
    file = str(tmp_path / "workers.csv")
    assert command("runs", "export", ids[0], "--to", file, "--table", "workers").code == 0
    assert Path(file).read_text().startswith("worker,name,address,host,node,pid,threads,memory_limit (B),")


def test_a_run_that_lacks_what_is_shown_is_said_to(command: Command, store: Store) -> None:
    tree = make_run(run="thin")
    del tree["trace"]
    store.append(tree)
    done = command("runs", "show", "thin")
    assert done.code == 1 and "'thin'" in done.err and done.err.count("\n") == 1 and not done.out


def test_the_store_may_be_named(command: Command, ids: list[str], store: Store) -> None:
    other = Store(store.path.parent / "other")
    keep_run(other, run="elsewhere")
    for words in (["runs", "--store"], ["runs", "list", "--store"]):
        out = command(*words, str(other.path)).out
        assert "elsewhere" in out and ids[0] not in out
    assert command("runs", "show", "elsewhere", "--store", str(other.path)).code == 0
    assert command("runs", "--store", str(other.path), "show", "elsewhere").code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--store", ""), "store ''"),
        (("list", "--store", ""), "store ''"),
        (("--where", "chunk=batch"), "'chunk'; nearest is 'chunks'"),
        (("--where", "workers>=two"), "'two' is no number"),
        (("--sort", "-second"), "'second'; nearest is 'seconds'"),
        (("export", "2026", "--to", "run.txt"), r"more of the id"),
        (("export", "20261120T033002", "--to", "run.txt"), r"'run.txt'.*\.json.*\.csv"),
        (("export", "20261120T033002", "--to", "run.json", "--table", "tasks"), r"'run.json'.*--table"),
        (("export", "20261120T033002", "--to", "run.csv", "--table", "plan"), r"no plan"),
    ],
)
def test_what_runs_are_asked_for_wrongly(command: Command, ids: list[str], words: tuple[str, ...], told: str) -> None:
    done = command("runs", *words)
    assert done.code == (1 if "plan" in words else 2) and done.out == ""
    assert re.search(told, done.err) and done.err.count("\n") == 1
    assert not list(Path().glob("run.*"))
