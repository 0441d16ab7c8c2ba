"""`daskcnn sweep` as people and scripts call it, and what its tables say."""

import json
import re
from typing import Any

import numpy as np
import pytest
import xarray as xr

from daskcnn.cli.scaling import memory, scaling_document, scaling_tables
from daskcnn.cli.sweep import noise, rows
from daskcnn.store import Store
from daskcnn.study.findings import against_best
from tests.commands import Command
from tests.study.test_findings import runs

WORDS = ["sweep", "--chunks", "batch", "--workers", "1,2", "--cluster", "threads", "--images", "20", "--repeat", "1"]


def test_json_is_one_document_and_the_same_command_shows_it_as_tables(command: Command, store: Store) -> None:
    done = command(*WORDS, "--scaling", "strong", "--json")
    found = json.loads(done.out)
    assert done.code == 0 and len(re.findall("Dask dashboard: http://", done.err)) == 1
    assert [(row["chunks"], row["workers"], row["pair"]) for row in found["runs"]] == [
        ("batch=1", 1, "A"),
        ("batch=1", 1, "B"),
        ("batch=2", 2, ""),
    ]
    assert sorted(row["run"] for row in found["runs"]) == store.ids()
    assert all(row["each_seconds"] == [row["seconds"]] for row in found["runs"])
    assert [len(row["peak_memory"]) for row in found["runs"]] == [1, 1, 2]
    assert (found["turns"], found["failed"]) == (3, []) and found["noise"] > 0 and found["noise_low"] is None
    assert [row["workers"] for row in found["scaling"]["batch"]["scaling"]] == [1, 2]
    again = command(*WORDS, "--scaling", "strong")
    assert (
        again.code == 0 and again.err == "daskcnn: this sweep is finished, nothing was measured; --again begins anew\n"
    )
    assert again.out.startswith(f"{found['sweep']}: mnist, threads, onnxruntime; medians of 1 round, 95 % intervals\n")
    assert "Noise floor: batch=1 on 1 worker against itself" in again.out and "too few points" in again.out
    assert "batch, strong scaling" in again.out and "share the memory of one process" in again.out
    assert "best" in again.out and "too few repeats to tell" in again.out


def test_what_fails_is_said_and_the_others_are_shown(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    found = shown().assign_attrs(failed=["batch on 4 workers: no luck"])
    monkeypatch.setattr("daskcnn.cli.sweep.measured", lambda *_, **__: found)
    done = command("sweep")
    assert done.code == 1 and "batch=4" in done.out
    assert done.err == "daskcnn: 1 configuration failed, as said above; the others are in the store\n"
    monkeypatch.setattr("daskcnn.cli.sweep.measured", lambda *_, **__: shown().assign_attrs(turns=20))
    assert command("sweep").err == "daskcnn: 8 turns of this sweep had been measured before\n"


def shown() -> xr.Dataset:
    """A finished sweep: 8 s on one worker, 5 s on two, 4 s on four."""
    workers = [1, 1, 2, 4]
    columns: dict[str, Any] = {
        "chunks": [f"batch={count}" for count in workers],
        "workers": workers,
        "series": ["batch"] * 4,
        "network": ["mnist"] * 4,
        "cluster": ["processes"] * 4,
        "engine": ["numpy"] * 4,
        "repeats": [7] * 4,
        "seconds": [8.0, 8.0, 5.0, 4.0],
        "seconds_low": [7.0, 7.0, 4.5, 3.5],
        "seconds_high": [9.0, 9.0, 5.5, 4.5],
        "serial_seconds": [6.0] * 4,
        "speedup": [0.75, 0.75, 1.2, 1.5],
        "efficiency": [0.75, 0.75, 0.6, 0.375],
    }
    found = runs([8.0, 8.0, 5.0, 4.0], images=[10_000] * 4, pair=["A", "B", "", ""], **columns)
    peaks = np.full((4, 4), np.nan)
    for place, count in enumerate(workers):
        peaks[place, :count] = 1 << 20
    found["peak_memory"] = ("run", "worker"), peaks
    return against_best(found).assign_attrs(sweep="3fa8-1", turns=28, failed=[])


def test_a_line_for_each_configuration() -> None:
    found = list(rows(shown()))
    assert [row[:4] for row in found] == [
        ("batch=1", "1", "10,000", "8.00 s"),
        ("batch=2", "2", "10,000", "5.00 s"),
        ("batch=4", "4", "10,000", "4.00 s"),
    ]
    assert found[1][4:7] == ("4.50 s to 5.50 s", "1.20×", "60.0 %")
    assert found[2][7] == "best" and re.fullmatch(r"1\.25 times \[1\.\d\d, 1\.\d\d\]", found[1][7])
    assert re.fullmatch(r"batch=1 on 1 worker against itself, 1\.000 times \[0\.9\d\d, 1\.0\d\d\]", noise(shown()))


def test_memory_by_worker_and_in_all() -> None:
    one = "1.00 MiB"
    assert list(memory(shown().isel(run=[1, 2, 3]))) == [
        ("1", one, "–", "–", "–", one),
        ("2", one, one, "–", "–", "2.00 MiB"),
        ("4", one, one, one, one, "4.00 MiB"),
    ]


def test_a_scaling_study_as_tables_and_as_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    scaling_tables(shown(), "strong")
    lines = [re.split(r" {2,}", line.strip()) for line in capsys.readouterr().out.splitlines()]
    assert ["batch, strong scaling"] in lines
    assert ["2", "5.00 s", "1.20×", "60.0 %", "1.60×", "40.0 %", "66.7 %"] in lines
    (amdahl,) = (line for line in lines if line[:2] == ["amdahl", "Serial fraction"])
    found = scaling_document(shown(), "strong")["batch"]
    assert [row["incremental_speedup"] for row in found["scaling"]][1:] == [1.6, 1.25]
    (law,) = (row for row in found["laws"] if row["law"] == "amdahl")
    assert amdahl[2] == f"{law['value']:.4g}" and amdahl[3] == f"{law['low']:.4g} to {law['high']:.4g}"
    assert {row["note"] for row in found["laws"] if row["law"] == "usl"} == {"too few points"}
