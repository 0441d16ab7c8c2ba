"""What bounds the efficiency: its factors, and the least of them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from daskcnn.report.evidence import gather
from daskcnn.report.factors import LABELS, bound, factors
from daskcnn.report.findings import bounds
from daskcnn.report.lines import FACTORS
from daskcnn.store import Store
from tests.report.planted import planted, repeats
from tests.runs import make_run

SHARES = dict.fromkeys(FACTORS, 0.98)


def stored(folder: Path, shares: dict[str, float], count: int = 7) -> Store:
    """A run with planted factors; its parallel efficiency is their product."""
    four = SHARES | shares
    seconds = repeats(1.0, count)
    product = float(np.prod(list(four.values())))
    each: dict[str, Any] = {name: repeats(share, count, jitter=0.1) for name, share in four.items()}
    each |= {"makespan": (0.97 * np.array(seconds)).tolist(), "parallel_efficiency": [product] * count}
    # The serial run takes as long as all threads compute.
    store = Store(folder)
    store.append(planted("batch", 2, seconds, serial=2 * product * 0.97, **each))
    return store


def test_their_product_is_the_efficiency_of_every_repeat(tmp_path: Path) -> None:
    """Of a trace that was recorded as others are."""
    store = Store(tmp_path)
    run = make_run(5, workers=3, tasks=60, repeats=4, run="a")
    serial = ("repeat", np.full(4, run["serial_seconds"].item()))
    run["metrics"] = xr.DataTree(run["metrics"].to_dataset().assign(serial_seconds=serial))
    store.append(run)
    evidence = gather(store, ())
    found = factors(evidence, "a")
    assert list(found) == list(LABELS)
    np.testing.assert_allclose(np.prod(list(found.values()), axis=0), store.repeats("a")["efficiency"])


@pytest.mark.parametrize("name", ["load_balance", "transfer_efficiency", "orchestration_efficiency"])
def test_the_planted_bound_is_found(tmp_path: Path, name: str) -> None:
    evidence = gather(stored(tmp_path, {name: 0.5}), ())
    found = bound(evidence, "batch-2")
    assert found and (found.factor, found.surely) == (name, True)
    (line,) = bounds(evidence)
    assert line.startswith(f"batch on 2 workers is bounded by {LABELS[name].lower()}, 50.0 %")


def test_two_that_are_alike_are_no_bound(tmp_path: Path) -> None:
    evidence = gather(stored(tmp_path, {"transfer_efficiency": 0.5, "orchestration_efficiency": 0.5}), ())
    found = bound(evidence, "batch-2")
    assert found and not found.surely
    assert {found.factor, *found.alike} == {"transfer_efficiency", "orchestration_efficiency"}
    (line,) = bounds(evidence)
    assert "no difference is found" in line and "bounded" not in line


def test_few_repeats_are_no_bound(tmp_path: Path) -> None:
    evidence = gather(stored(tmp_path, {"transfer_efficiency": 0.5}, count=3), ())
    found = bound(evidence, "batch-2")
    assert found and not found.surely and len(found.open) == 5
    (line,) = bounds(evidence)
    assert "too few repeats" in line and "bounded" not in line


def test_little_is_no_bound(tmp_path: Path) -> None:
    (line,) = bounds(gather(stored(tmp_path, {}), ()))
    assert "no factor takes more than 5 %" in line


def test_what_a_trace_does_not_say_is_not_known(tmp_path: Path) -> None:
    Store(tmp_path).append(planted("batch", 2, repeats(1.0)))
    evidence = gather(Store(tmp_path), ())
    assert bound(evidence, "batch-2") is None
    (line,) = bounds(evidence)
    assert "not known" in line


def test_workers_of_several_threads_have_no_computation(tmp_path: Path) -> None:
    run = make_run(5, workers=2, repeats=4, run="a")
    run["trace/workers"].dataset["threads"][:] = 2
    Store(tmp_path).append(run)
    assert "computation" not in factors(gather(Store(tmp_path), ()), "a")
