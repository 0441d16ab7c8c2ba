"""Claims are made where repeats carry them, and not elsewhere."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from daskcnn.noise import DIFFERENT, SAME
from daskcnn.report.claims import ABOVE, BELOW, UNSURE, against_serial, best, enough, keepers, side, step
from daskcnn.report.evidence import Evidence, gather
from daskcnn.store import Store
from tests.report.planted import FIRST, planted, repeats


def evidence(folder: Path, *runs: xr.DataTree) -> Evidence:
    for run in runs:
        Store(folder).append(run)
    return gather(Store(folder), ())


def test_the_best_is_found_and_all_others_are_worse(first: Evidence) -> None:
    for metric, wanted in (("seconds", "batch-8"), ("images_per_s", "batch-8"), ("latency_max", "batch-1")):
        found = best(first, metric)
        assert found and (found.run, found.alike, found.open) == (wanted, [], [])
    found = best(first, "seconds")
    assert found and next(iter(found.worse)) == "batch-7"
    np.testing.assert_allclose(found.worse["batch-7"].ratio, FIRST[6] / FIRST[7])
    assert list(found.worse)[-1] == "batch-1"


def test_what_overlaps_is_no_difference(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    noisy = [planted(way, 2, (1 + 0.2 * rng.random(9)).tolist()) for way in ("a", "b", "c")]
    found = best(evidence(tmp_path, *noisy, planted("d", 2, repeats(2.0))), "seconds")
    assert found and len(found.alike) == 2
    assert list(found.worse) == ["d-2"]


def test_few_repeats_leave_it_open_however_far_apart(tmp_path: Path) -> None:
    found = best(evidence(tmp_path, *(planted(way, 2, repeats(s, 3)) for way, s in (("a", 1), ("b", 100)))), "seconds")
    assert found and (found.run, found.worse, found.open) == ("a-2", {}, ["b-2"])


def test_nothing_is_best_of_what_is_not_known(tmp_path: Path) -> None:
    known = evidence(tmp_path, planted("a", 1, repeats(1)))
    assert best(known, "latency_mean") is None
    found = best(known, "seconds")
    assert found and not (found.worse or found.alike or found.open)


@pytest.mark.parametrize("count", range(2, 9))
def test_as_few_repeats_as_chance_puts_on_one_side_are_not_enough(count: int) -> None:
    """By drawing: how often all of so many lie on one side of their own median."""
    draws = np.random.default_rng(count).random((200_000, count)) > 0.5
    assert (draws.all(axis=1).mean() <= 0.05) == enough(count)


def test_sides_of_a_threshold(tmp_path: Path) -> None:
    runs = [
        planted("above", 1, repeats(1.0), serial=0.95),
        planted("below", 1, repeats(1.0), serial=0.85),
        planted("on", 1, repeats(1.0, jitter=10), serial=0.9),
        planted("few", 1, repeats(1.0, 4), serial=0.5),
    ]
    known = evidence(tmp_path, *runs)
    sides = {run: side(known, run, "efficiency", 0.9) for run in known.runs}
    assert sides == {"above-1": ABOVE, "below-1": BELOW, "on-1": UNSURE, "few-1": UNSURE}
    assert side(known, "above-1", "latency_mean", 0.9) == UNSURE


def test_those_that_keep_their_efficiency(first: Evidence) -> None:
    # 91.6 % on four workers, 81.4 % on five.
    assert keepers(first) == ["batch-4"]


def test_steps_are_work_per_second(first: Evidence, tmp_path: Path) -> None:
    said = step(first, "batch", 1, 2)
    assert said.verdict == DIFFERENT
    np.testing.assert_allclose(said.ratio, FIRST[0] / FIRST[1])
    weak = [planted("batch", n, repeats(1.0), images=100 * n) for n in (1, 2, 4)]
    assert step(evidence(tmp_path, *weak), "batch", 2, 4).ratio == 2


def test_against_the_serial_run(first: Evidence) -> None:
    assert against_serial(first, "batch-1").verdict == SAME
    said = against_serial(first, "batch-2")
    assert said.verdict == DIFFERENT
    np.testing.assert_allclose(said.ratio, FIRST[0] / FIRST[1])
