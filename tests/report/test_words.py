"""What a report says of planted numbers: what they carry, and no more."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from daskcnn.report import cost, speed
from daskcnn.report.evidence import Evidence, gather
from daskcnn.report.insights import INSIGHTS
from daskcnn.report.lacks import lacks
from daskcnn.store import Store
from tests.report.planted import planted, repeats
from tests.store.small import small_run

Make = Callable[..., Evidence]


@pytest.fixture
def told(tmp_path: Path) -> Make:
    """What is known of runs."""

    def make(*runs: xr.DataTree, where: tuple[str, ...] = ()) -> Evidence:
        for run in runs:
            Store(tmp_path).append(run)
        return gather(Store(tmp_path), where)

    return make


def test_the_published_findings_are_found_again(first: Evidence) -> None:
    """Those of the report whose times are planted: 5.41 times on 8, 91.6 % on 4, the bend between 4 and 5."""
    text = {name: " ".join(tell(first)) for name, tell in INSIGHTS.items()}
    assert "batch on 8 workers has the lowest time, 975.00 ms" in text["execution_time"]
    assert "batch on 8 workers has the highest speedup, 5.41×" in text["speedup"]
    assert "That of batch on 8 workers is 67.6 % of the ideal." in text["speedup"]
    assert "serial fraction by Amdahl's law 7.1 %" in text["speedup"] and "R² 1.00." in text["speedup"]
    assert "Surely between 75 % and 90 %: batch on 5 workers and batch on 6 workers." in text["efficiency"]
    assert "Surely below 75 %: batch on 7 workers, batch on 8 workers and pipeline on 5 workers." in text["efficiency"]
    assert "surely are 90 % efficient or more: batch on 4 workers, 91.6 %" in text["efficiency"]
    assert "from 1 to 2 workers 1.91 times" in text["throughput"]
    assert "from 3 to 4 workers 1.33 times" in text["throughput"]
    assert "batch: inflection at 90 % efficiency between 4 workers and 5." in text["scaling_analysis"]
    assert "batch on 5 workers has the lowest time on 5 workers" in text["implementation_comparison"]
    assert "that of pipeline on 5 workers is 2.60 times" in text["implementation_comparison"]
    assert "The largest communication share is 3.5 %" in text["communication_overhead"]
    assert (
        "Surely 5 % or more: batch on 7 workers and batch on 8 workers. Not sure: batch on 6" in text["load_imbalance"]
    )
    assert "Peak memory of all workers: 100.00 MiB (batch on 1 worker) to" in text["memory_usage"]


def test_few_repeats_claim_nothing(told: Make) -> None:
    runs = [planted(way, n, repeats(s / n, 3)) for way, s in (("a", 4), ("b", 8)) for n in (1, 2, 4)]
    known = told(*runs)
    lines = [line for tell in INSIGHTS.values() for line in tell(known)]
    assert not [line for line in lines if "surely" in line.lower() and "No configuration" not in line]
    assert not [line for line in lines if " times [" in line]
    assert "too few repeats tell it from" in speed.execution_time(known)[0]
    assert "too few repeats to tell where its efficiency falls" in speed.scaling(known)[0]
    assert any("Too few repeats to tell whether runs differ: a on 1 worker" in line for line in lacks(known))


def test_noise_claims_nothing(told: Make) -> None:
    rng = np.random.default_rng(3)
    known = told(*(planted(way, 2, (1 + rng.random(9)).tolist()) for way in ("a", "b")))
    assert "no difference is found to" in speed.execution_time(known)[0]
    assert "no difference is found to" in speed.comparison(known)[0]
    assert "times [" not in speed.execution_time(known)[0]


@pytest.mark.parametrize(
    ("shares", "line"),
    [
        ((1.0, 0.95, 0.8), "inflection at 90 % efficiency between 2 workers and 4"),
        ((1.0, 0.95, 0.93), "no inflection is found, efficiency is 90 % or more on up to 4 workers"),
        ((0.8, 0.7, 0.5), "efficiency is surely below 90 % on the fewest, 1 worker"),
        (
            (1.0, 0.9, 0.8),
            "inflection at 90 % efficiency between 1 worker and 4; 2 may be on either side of 90 %",
        ),
        (
            (1.0, 0.9, 0.9),
            "no inflection is found, efficiency is 90 % or more on up to 1 worker; "
            "2 and 4 may be on either side of 90 %",
        ),
        (
            (1.0, 0.9, 0.95),
            "no inflection is found, efficiency is 90 % or more on up to 4 workers; 2 may be on either side of 90 %",
        ),
        ((0.9, 0.9, 0.7), "efficiency is surely below 90 % on 4 workers; 1 and 2 may be on either side of 90 %"),
        ((0.9, 0.9, 0.9), "on no number of workers is efficiency surely on either side of 90 %"),
        ((1.0, 0.5, 0.95), "inflection at 90 % efficiency between 1 worker and 2; 4 back at 90 % or more"),
        ((0.5, 0.95, 0.95), "efficiency is surely below 90 % on the fewest, 1 worker; 2 and 4 back at 90 % or more"),
    ],
)
def test_inflections(told: Make, shares: tuple[float, ...], line: str) -> None:
    known = told(*(planted("w", n, repeats(1 / (n * s)), serial=1.0) for n, s in zip((1, 2, 4), shares, strict=True)))
    assert speed.scaling(known) == [f"w: {line}."]


def test_weak_scaling_compares_times_on_as_many_workers(told: Make) -> None:
    runs = [planted(w, n, repeats(s), images=100 * n, serial=n) for w, s in (("a", 1.1), ("b", 2)) for n in (1, 2, 4)]
    known = told(*runs)
    assert "compared on the same number of workers" in speed.execution_time(known)[0]
    assert [line.partition(",")[0] for line in speed.comparison(known)] == [
        f"a on {n} has the lowest time on {n}" for n in ("1 worker", "2 workers", "4 workers")
    ]
    assert "serial fraction by Gustafson's law" in speed.speedup(known)[2]
    # Twice the workers do twice the work in the same time.
    assert "a: from 1 to 2 workers 2.00 times" in speed.throughput(known)[1]


def test_what_was_not_timed_against_a_serial_run(told: Make) -> None:
    known = told(*(planted("w", n, repeats(1 / n), serial=None) for n in (1, 2)))
    assert speed.execution_time(known)[-1] == "None was timed against a serial run without Dask."
    assert "against the fewest workers" in speed.speedup(known)[1]
    assert any("no serial run was timed" in line for line in lacks(known))


def test_memory_of_threads_is_one_processs(told: Make) -> None:
    known = told(planted("w", 2, repeats(1), texts={"cluster": "threads"}))
    assert any("share the memory of one process" in line for line in cost.memory(known))


def test_every_figure_has_words_of_the_least_that_is_known(told: Make) -> None:
    known = told(small_run("a"))
    for tell in INSIGHTS.values():
        assert all(line.endswith(".") for line in tell(known)) and tell(known)


def test_what_limits_a_report(told: Make, tmp_path: Path) -> None:
    slow, fast = (planted("a", 1, repeats(1), name=name, machine=name) for name in ("old", "new"))
    other = planted("b", 1, repeats(1), name="b", machine="other")
    cifar = planted("a", 1, repeats(1), name="c", texts={"network": "cifar"})
    wrong = planted("d", 2, repeats(1)).assign(same_as_serial=xr.Variable((), np.int8(0)))
    broken = tmp_path / "broken.nc"
    tmp_path.mkdir(exist_ok=True)
    broken.write_text("no run")
    lines = " ".join(lacks(told(slow, fast, other, cifar, wrong)))
    assert "Not to be relied on: d-2: predictions are not the serial ones." in lines
    assert "1 run left out: a newer one" in lines
    assert "several machines" in lines and "other, cores: 8" in lines
    assert "1 run of cifar, strong scaling, 10,000 images" in lines
    assert "'broken' cannot be read" in lines
    assert "not of one sweep" in lines


def test_a_sweep_is_of_one_piece_and_says_its_noise(told: Make) -> None:
    words = {"sweep": "s-1", "series": "a", "scaling": "strong"}
    halves = [
        planted("a", 1, repeats(s), name=pair, texts=words | {"pair": pair}) for pair, s in (("A", 1), ("B", 1.1))
    ]
    known = told(*halves, planted("a", 2, repeats(0.5), texts=words | {"pair": ""}))
    lines = " ".join(lacks(known))
    assert "Noise: a on 1 worker, measured twice in turns, took 1.100 times [1.0" in lines and "] as long." in lines
    assert "left out" not in lines and "not of one sweep" not in lines
    assert known.runs == ["A", "a-2"]


def test_only_what_is_asked_for(told: Make) -> None:
    runs = [planted(way, n, repeats(1)) for way in ("a", "b") for n in (1, 2)]
    assert told(*runs, where=("chunks=b*", "workers=2")).runs == ["b-2"]


def test_more_series_than_figures_can_tell_apart(told: Make) -> None:
    known = told(*(planted(f"w{k}", 1, repeats(1 + k)) for k in range(11)))
    assert known.drawn == [f"w{k}" for k in range(8)]
    assert len(known.ways) == 11
    assert any("in the tables alone: w10, w8 and w9." in line for line in lacks(known))
