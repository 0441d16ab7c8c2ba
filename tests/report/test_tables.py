"""Tables hold the numbers of the store."""

from pathlib import Path

import numpy as np
import pytest

from daskcnn.metrics import METRICS
from daskcnn.noise import median_interval
from daskcnn.report import tables
from daskcnn.report.document import Table
from daskcnn.report.evidence import Evidence, gather
from daskcnn.report.findings import for_what
from daskcnn.store import Store
from tests.report.planted import FIRST, planted, repeats


def column(table: Table, title: str) -> list[str]:
    return [row[table.head.index(title)] for row in table.rows]


def test_the_summary_is_the_stores_table(store: Store, first: Evidence) -> None:
    table, runs = tables.summary(first), store.runs()
    serial, *ids = column(table, "Run")
    assert serial == "–" and sorted(ids) == sorted(runs["run"].values.tolist())
    for name in (
        "seconds",
        "images_per_s",
        "speedup",
        "efficiency",
        "communication",
        "imbalance",
        "memory_total_bytes",
    ):
        wanted = [METRICS[name].text(value) for value in runs[name].sel(run=ids).values]
        assert column(table, METRICS[name].label)[1:] == wanted
    assert column(table, "Workers")[1:] == [str(n) for n in runs["workers"].sel(run=ids).values]
    low, high = (METRICS["seconds"].text(float(runs[f"seconds_{end}"].sel(run=ids[0]))) for end in ("low", "high"))
    assert column(table, "95 % interval")[1] == f"{low} to {high}"


def test_the_serial_run_comes_first(first: Evidence) -> None:
    row = tables.summary(first).rows[0]
    assert row[0] == "serial, without Dask · numpy"
    assert row[3] == METRICS["seconds"].text(FIRST[0])
    assert {"1.00×", "100.0 %", METRICS["images_per_s"].text(10_000 / FIRST[0])} <= set(row)


def test_every_workers_memory_and_their_sum(first: Evidence) -> None:
    table = tables.memory(first, "batch")
    assert table.head == ("Workers", *(f"Worker {n}" for n in range(8)), "All")
    assert table.rows[2] == ("3", "100.00 MiB", "30.00 MiB", "30.00 MiB", *"–––––", "160.00 MiB")


def test_of_many_workers_the_least_middle_and_greatest(tmp_path: Path) -> None:
    memory = [(n + 1) << 20 for n in range(20)]
    Store(tmp_path).append(planted("w", 20, repeats(1), memory=memory))
    table = tables.memory(gather(Store(tmp_path), ()), "w")
    assert table.rows == (("20", "1.00 MiB", "10.50 MiB", "20.00 MiB", "210.00 MiB"),)


def test_latencies_have_their_intervals(first: Evidence) -> None:
    table = tables.latencies(first)
    assert len(table.rows) == 8  # none is known of the pipeline
    values = repeats(FIRST[7] / 1e4)
    value, low, high = (METRICS["latency_mean"].text(x) for x in (np.median(values), *median_interval(values)))
    last = column(table, "Mean latency")[-1]
    assert last.startswith(value) and low.split()[0] in last and high.split()[0] in last


def test_what_more_workers_bring(first: Evidence) -> None:
    table = tables.scaling(first)
    more = column(table, METRICS["incremental_speedup"].label)[1]
    loss = column(table, METRICS["scaling_loss"].label)[7]
    assert more.startswith(f"{FIRST[0] / FIRST[1]:.2f}×")
    assert loss.startswith(f"{100 * (1 - FIRST[0] / FIRST[7] / 8):.1f} %")


def test_laws_that_cannot_be_fitted_say_so(first: Evidence) -> None:
    rows = tables.laws(first).rows
    assert ("pipeline", "Amdahl", "Serial fraction", "too few points", "–", "–") in rows
    (fraction,) = (row[3] for row in rows if row[:2] == ("batch", "Amdahl"))
    assert float(fraction) == pytest.approx(0.07, abs=0.005)


def test_which_configuration_for_what(first: Evidence) -> None:
    table = for_what(first)
    chosen = dict(zip(column(table, "For"), column(table, "Configuration"), strict=True))
    assert chosen == {
        "Highest throughput": "batch on 8 workers",
        "Most workers at 90 % efficiency or more": "batch on 4 workers",
        "Lowest mean latency": "batch on 8 workers",
        "Lowest maximum latency": "batch on 1 worker",
        "Least peak memory of a worker": "batch on 1 worker",
        "Least peak memory of all workers": "batch on 1 worker",
    }
    once = "not known: peaks are taken once a run"
    assert column(table, "May be as good") == ["none", "–", "none", "none", once, once]


def test_which_may_be_as_good(tmp_path: Path) -> None:
    for way, count in (("a", 7), ("b", 7), ("few", 1)):
        Store(tmp_path).append(planted(way, 2, repeats(1.0, count)))
    row = for_what(gather(Store(tmp_path), ())).rows[0]
    assert row[-1] == "1 other; 1 other for want of repeats"
