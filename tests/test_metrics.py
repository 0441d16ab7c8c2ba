"""Traces whose answers were worked out by hand."""

from collections.abc import Sequence

import numpy as np
import pytest
import xarray as xr

from daskcnn.metrics import METRICS, metrics, rates
from tests.runs import make_trace

Interval = tuple[int, float, float]  # worker, start, stop


def trace(computes: Sequence[Interval], receives: Sequence[Interval] = (), workers: int = 2) -> xr.DataTree:
    task = np.array(computes, float).reshape(-1, 3).T
    transfer = np.array(receives, float).reshape(-1, 3).T
    return xr.DataTree.from_dict(
        {
            "tasks": xr.Dataset(
                {
                    "worker": ("task", task[0].astype(int)),
                    "start": ("task", task[1]),
                    "stop": ("task", task[2]),
                    "repeat": ("task", np.zeros(task.shape[1], int)),
                }
            ),
            "transfers": xr.Dataset(
                {
                    "destination": ("transfer", transfer[0].astype(int)),
                    "start": ("transfer", transfer[1]),
                    "stop": ("transfer", transfer[2]),
                    "nbytes": ("transfer", np.full(transfer.shape[1], 1000)),
                    "repeat": ("transfer", np.zeros(transfer.shape[1], int)),
                }
            ),
            "workers": xr.Dataset({"peak_memory": ("worker", np.arange(workers) + 7)}),
        }
    )


def value(name: str, of: xr.DataTree) -> float:
    formula = METRICS[name].formula
    assert formula is not None
    return formula(of)


@pytest.mark.parametrize(
    ("computes", "receives", "share"),
    [
        ([(0, 0, 3)], [(0, 3, 4)], 0.25),  # receives when done
        ([(0, 0, 4)], [(0, 1, 3)], 0.0),  # hidden behind the computing
        ([(0, 0, 4)], [(1, 0, 4)], 0.5),  # hides nothing on another worker
        ([(0, 1, 3)], [(0, 0, 4)], 0.5),  # sticks out on both sides
        ([(0, 0, 1), (0, 3, 4)], [(0, 0, 4), (0, 1, 2)], 0.5),  # overlapping transfers count once
        ([(0, 0, 2), (0, 1, 3)], [(0, 2, 4)], 0.25),  # so do two threads of one worker
        ([(0, 0, 3), (1, 5, 6)], [(1, 1, 5)], 0.5),  # workers add up: 4 / (4 + 3 + 1)
        ([(0, 0, 1)], [(0, 2, 1)], 0.0),  # a stop that clock correction put before its start lasts nothing
        ([], [(0, 0, 1)], 1.0),
        ([], [], 0.0),
    ],
)
def test_communication(computes: list[Interval], receives: list[Interval], share: float) -> None:
    assert value("communication", trace(computes, receives)) == share


def test_communication_agrees_with_counting_ticks() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        computes, receives = (
            [(int(w), float(a), float(a + n)) for w, a, n in rng.integers((0, 0, 0), (3, 40, 9), (count, 3))]
            for count in (12, 8)
        )
        ticks = np.zeros((2, 3, 50), bool)
        for kind, intervals in enumerate((computes, receives)):
            for worker, start, stop in intervals:
                ticks[kind, worker, int(start) : int(stop)] = True
        exposed = (ticks[1] & ~ticks[0]).sum()
        expected = exposed / (exposed + ticks[0].sum())
        assert value("communication", trace(computes, receives, workers=3)) == pytest.approx(expected, 1e-12)


@pytest.mark.parametrize(
    ("computes", "workers", "expected"),
    [
        ([(0, 0, 2), (1, 0, 2)], 2, 0.0),
        ([(0, 0, 3), (1, 0, 1)], 2, 0.5),
        ([(0, 0, 2), (0, 2, 3), (1, 1, 2)], 2, 0.5),
        ([(0, 0, 1)], 4, 3.0),  # workers that did nothing count
        ([], 2, 0.0),
    ],
)
def test_imbalance(computes: list[Interval], workers: int, expected: float) -> None:
    assert value("imbalance", trace(computes, workers=workers)) == expected


def test_bytes_and_memory() -> None:
    of = trace([(0, 0, 1)], [(1, 0, 1), (0, 1, 2), (1, 1, 2)])
    assert value("bytes_moved", of) == 3000
    assert value("peak_memory_bytes", of) == 8


def test_each_repeat_is_measured_on_its_own() -> None:
    whole = make_trace(seed=5, workers=3, tasks=30, repeats=4)
    whole["tasks"]["repeat"] = whole["tasks"]["repeat"] - 1  # the first becomes the warm-up
    whole["transfers"]["repeat"] = whole["transfers"]["repeat"] - 1
    found = metrics(whole)
    sent, of = (whole["transfers"].dataset[name].values for name in ("nbytes", "repeat"))
    assert found["repeat"].values.tolist() == [0, 1, 2]
    assert found["bytes_moved"].values.tolist() == [sent[of == r].sum() for r in range(3)]
    assert found["bytes_moved"].attrs == {"units": "B", "long_name": "Bytes moved"}
    assert set(found) == {name for name, metric in METRICS.items() if metric.formula}


def test_rates() -> None:
    found = rates([2.0, 4.0], images=100, workers=2, serial_seconds=6.0)
    assert found["images_per_s"].values.tolist() == [50, 25]
    assert found["speedup"].values.tolist() == [3, 1.5]
    assert found["efficiency"].values.tolist() == [1.5, 0.75]


def test_text_carries_its_unit() -> None:
    shown = {name: metric.text(0.5) for name, metric in METRICS.items()}
    assert shown == {
        "seconds": "500.00 ms",
        "images_per_s": "0 images/s",
        "speedup": "0.50×",
        "efficiency": "50.0 %",
        "bytes_moved": "0 B",
        "communication": "50.0 %",
        "imbalance": "50.0 %",
        "peak_memory_bytes": "0 B",
        "accuracy": "50.0 %",
    }
    assert METRICS["seconds"].text(float("nan")) == "–"
