"""`daskcnn run` as people and scripts call it: what it prints where, how it ends, what it leaves."""

import json
import os
import re
import signal
import urllib.request
from pathlib import Path

import pytest
import xarray as xr

from daskcnn.store import Store
from tests.commands import Command, shell, terminal
from tests.test_runs import KEYS

DASHBOARD = re.compile(r"Dask dashboard: (http://127\.0\.0\.1:\d+/status)")


def test_json_is_one_document_and_all_else_goes_to_stderr(command: Command, store: Store, scheduler: str) -> None:
    options = ["--chunks", "channel=3", "--images", "2000", "--repeat", "2", "--json"]
    done = command("run", "--cluster", scheduler, "--workers", "2", *options)
    row = json.loads(done.out)
    assert done.code == 0 and row.keys() >= KEYS
    assert re.fullmatch(r"Dask dashboard: http://127\.0\.0\.1:\d+/status\n", done.err)
    assert row["same_as_serial"] is True and row["accuracy"] >= 0.98 and row["records_dropped"] == 0
    assert row["bytes_moved"] == row["bytes_planned"] and row["tasks_recorded"] == row["tasks_planned"]
    low, high = row["seconds_ci"]
    assert low <= row["seconds"] <= high and len(row["peak_memory_bytes"]) == 2
    assert store.ids() == [row["run"]]
    assert json.loads(command("runs", "show", row["run"], "--json").out) == row


def test_the_table_says_the_same(command: Command, store: Store) -> None:
    options = ["--chunks", "spatial", "--images", "1000", "--batch", "300", "--repeat", "1"]
    done = command("run", "--cluster", "threads", "--workers", "2", *options)
    (name,) = store.ids()
    tree = store.open(name)
    facts = dict(re.split(r" {2,}", line.strip(), maxsplit=1) for line in done.out.splitlines()[2:])
    assert done.code == 0 and DASHBOARD.match(done.err) and done.err.count("\n") == 1
    assert done.out.startswith(f"{name}: mnist, spatial=2")
    assert f"({tree['bytes_planned'].item():,} B, as planned)" in facts["Bytes moved"]
    assert facts["Accuracy"] == f"{100 * tree['accuracy'].item():.1f} %"
    assert "one repeat" in facts["Time"] and "NO" not in facts["Same as serial"]
    assert tree.attrs["command"] and tree["batch"] == 300


def test_numpy_computes_the_same(command: Command, store: Store) -> None:
    words = ["run", "--cluster", "threads", "--workers", "1", "--images", "200", "--repeat", "1", "--json"]
    rows = [
        json.loads(command(*words, "--chunks", "batch=3", "--engine", engine).out)
        for engine in ("numpy", "onnxruntime")
    ]
    assert [row["engine"] for row in rows] == ["numpy", "onnxruntime"]
    assert rows[0]["accuracy"] == rows[1]["accuracy"] and all(row["same_as_serial"] for row in rows)


def test_processes_as_a_script_calls_it(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs")
    words = ["run", "--chunks", "batch", "--workers", "2", "--repeat", "2", "--json"]
    with shell(*words, store=store.path) as process:
        out, err = process.communicate(timeout=60)
    row = json.loads(out)
    assert process.returncode == 0 and re.fullmatch(DASHBOARD.pattern + "\n", err)
    assert row["same_as_serial"] is True and row["accuracy"] >= 0.98
    assert row["cluster"] == "processes" and row["records_dropped"] == 0
    with xr.open_datatree(store.path / f"{row['run']}.nc") as plain:
        assert plain.attrs["command"] == f"daskcnn {' '.join(words)}"
        assert plain["trace/workers"].dataset["threads"].values.tolist() == [1, 1]
        assert plain["trace/workers"].dataset["blas_threads"].values.tolist() == [1, 1]
        assert plain["seconds"].attrs["units"] == "s"


@pytest.mark.parametrize(("cluster", "key"), [("processes", "\n"), ("threads", "\x03")], ids=["Enter", "Ctrl-C"])
def test_hold_keeps_the_dashboard_until_told(tmp_path: Path, cluster: str, key: str) -> None:
    words = f"run --cluster {cluster} --workers 1 --images 100 --repeat 1 --hold --json".split()
    with terminal(*words, store=tmp_path) as held:
        shown = held.until("press Enter or Ctrl-C")
        (address,) = DASHBOARD.findall(shown)
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert answer.status == 200
        held.type(key)
        done = held.end()
    assert done.code == 0
    assert json.loads(done.out)["same_as_serial"] is True
    assert len(Store(tmp_path).ids()) == 1


def test_ctrl_c_in_the_middle_ends_all_and_keeps_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs")
    with terminal(*["run", "--chunks", "channel", "--workers", "2", "--repeat", "10000"], store=store.path) as running:
        running.until("3/10001")
        running.type("\x03")
        done = running.end()
    assert (done.code, done.out) == (130, "")
    assert done.err.splitlines()[-1] == "daskcnn: interrupted" and "Traceback" not in done.err
    assert not store.path.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_polite_kill_in_the_middle_ends_all_and_keeps_nothing(tmp_path: Path, number: int) -> None:
    store = Store(tmp_path / "runs")
    with terminal(*["run", "--chunks", "batch", "--workers", "1", "--repeat", "10000"], store=store.path) as running:
        running.until("2/10001")
        os.kill(running.process.pid, number)
        done = running.end()
    assert (done.code, done.out) == (128 + number, "")
    assert "Traceback" not in done.err and not store.path.exists()


def test_a_run_goes_on_where_a_worker_is_killed_and_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs")
    words = ["run", "--chunks", "spatial", "--workers", "2", "--images", "3000", "--repeat", "16"]
    with terminal(*words, store=store.path) as running:
        running.until("2/17")
        workers = [child for child in running.descendants() if "spawn_main" in " ".join(child.cmdline())]
        assert len(workers) == 2
        workers[1].kill()
        done = running.end()
    assert done.code == 0 and "Traceback" not in done.err
    assert re.search(r"^Same as serial +yes$", done.out, re.MULTILINE)
    assert re.search(r"^Workers lost +1$", done.out, re.MULTILINE)
    assert "after 1 worker was lost, so it is no measurement of its plan" in done.err
    assert len(store.ids()) == 1


def test_workers_with_too_little_memory_are_said_beforehand_and_end_the_run(command: Command, store: Store) -> None:
    done = command("run", "--workers", "1", "--images", "100", "--repeat", "1", "--memory-limit", "100MB")
    warning, dashboard, error = done.err.splitlines()
    assert re.fullmatch(r"daskcnn: batch=1 .* planned to take 1\d\d\.\d\d MiB .* limit of 95\.37 MiB: .*", warning)
    assert DASHBOARD.fullmatch(dashboard)
    assert (done.code, done.out) == (1, "")
    assert re.fullmatch(r"daskcnn: .*lost.* out of memory.*: raise --memory-limit.*", error)
    assert not store.path.exists()


def test_enough_memory_is_kept_with_the_run(command: Command, store: Store) -> None:
    words = ("run", "--cluster", "threads", "--workers", "1", "--images", "5", "--repeat", "1", "--json")
    done = command(*words, "--memory-limit", "3GiB")
    assert DASHBOARD.fullmatch(done.err.strip())
    assert json.loads(done.out)["memory_limit_bytes"] == 3 << 30


def test_a_reader_that_has_read_enough(tmp_path: Path) -> None:
    with shell("plan", store=tmp_path) as process:
        assert process.stdout
        process.stdout.close()
        assert process.stderr and process.stderr.read() == ""
    assert process.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, which Linux has")
def test_an_output_that_is_full(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full, shell("plan", store=tmp_path, stdout=full.fileno()) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert re.fullmatch(r"daskcnn: .*No space left on device.*\n", err)


@pytest.mark.parametrize("words", [("plan",), ("plan", "--json")])
def test_an_output_whose_encoding_lacks_letters(
    tmp_path: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    with shell(*words, "--workers", "1", store=tmp_path) as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "10000?16?14?14" in out or r"10000\u00d716" in out
