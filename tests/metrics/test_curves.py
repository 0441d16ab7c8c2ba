"""Curves of scaling: medians, the intervals that hold them, the ideal and the laws, each against plain arithmetic."""

from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.metrics import METRICS
from daskcnn.metrics.curves import curves
from daskcnn.metrics.fits import fits
from daskcnn.metrics.scaling import scaling

Rows = list[list[float]]


def rows(workers: list[int], seconds: Rows, serial: Rows | None = None, images: list[int] | None = None) -> xr.Dataset:
    longest = max(map(len, seconds))
    serial = serial or [[np.nan] * len(row) for row in seconds]
    padded = [[row + [np.nan] * (longest - len(row)) for row in each] for each in (seconds, serial)]
    return xr.Dataset(
        {
            "workers": ("run", workers),
            "images": ("run", images or [100] * len(workers)),
            "each_seconds": (("run", "repeat"), padded[0]),
            "each_serial": (("run", "repeat"), padded[1]),
        }
    )


def line(found: xr.Dataset, metric: str, name: str) -> list[float]:
    return [float(value) for value in found[metric].sel(line=name).values]


def test_by_hand() -> None:
    found = curves(rows([2, 1], [[5.0, 4.0, 6.0], [8.0, 8.0, 8.0]], [[8.0] * 3, [6.0] * 3]))
    assert found["workers"].values.tolist() == [1, 2]
    assert line(found, "seconds", "measured") == [8, 5]
    assert line(found, "seconds", "low") == [8, 4]
    assert line(found, "seconds", "high") == [8, 6]
    assert line(found, "speedup", "measured") == [0.75, 1.6]
    assert line(found, "speedup", "high") == [0.75, 2]
    assert line(found, "images_per_s", "measured") == [12.5, 20]
    assert np.isnan(line(found, "incremental_speedup", "measured")[0])
    assert line(found, "incremental_speedup", "measured")[1] == 1.6
    assert all(found[name].attrs == METRICS[name].attrs for name in ("seconds", "speedup", "images_per_s"))


@pytest.mark.parametrize("kind", ["strong", "weak"])
def test_the_ideal_is_as_many_times_as_fast(kind: Any) -> None:
    images = [100, 100, 100] if kind == "strong" else [100, 200, 400]
    serial = [[own / 10.0] * 2 for own in images]
    found = curves(rows([1, 2, 4], [[11.0, 12.0], [7.0, 8.0], [5.0, 6.0]], serial, images), kind)
    assert line(found, "speedup", "ideal") == pytest.approx([1, 2, 4])
    assert line(found, "efficiency", "ideal") == pytest.approx([1, 1, 1])
    assert line(found, "seconds", "ideal") == pytest.approx([10, 5, 2.5] if kind == "strong" else [10, 10, 10])
    assert line(found, "images_per_s", "ideal") == pytest.approx([10, 20, 40])


def test_without_a_serial_run_the_fewest_workers_are_the_measure() -> None:
    found = curves(rows([2, 4], [[4.0] * 3, [3.0] * 3], images=[0, 0]))
    assert line(found, "speedup", "measured") == pytest.approx([1, 4 / 3])
    assert line(found, "seconds", "ideal") == pytest.approx([4, 2])
    assert line(found, "speedup", "ideal") == pytest.approx([1, 2])
    assert "images_per_s" not in found


def test_lines_of_laws_are_what_their_times_come_to() -> None:
    seconds = [[10.0, 10.2, 9.9], [6.0, 6.1, 6.0], [4.0, 4.2, 4.1], [3.0, 3.1, 3.2]]
    asked = rows([1, 2, 4, 8], seconds, [[9.0] * 3] * 4)
    found, fitted = curves(asked), fits([1, 2, 4, 8], seconds)
    for law in fitted["law"].values.tolist():
        of_law = fitted["fitted"].sel(law=law).values
        assert line(found, "seconds", law) == pytest.approx(of_law)
        plain = scaling({"workers": [1, 2, 4, 8], "seconds": of_law, "serial_seconds": [9.0] * 4})
        assert line(found, "speedup", law) == pytest.approx(plain["speedup"].values)
    xr.testing.assert_equal(found["value"], fitted["value"])


def test_one_repeat_has_no_interval() -> None:
    found = curves(rows([1, 2], [[8.0], [5.0, 5.5]], [[8.0], [8.0, 8.0]]))
    assert np.isnan(found["seconds"].sel(line="low").values).tolist() == [True, False]
    assert np.isnan(found["incremental_speedup"].sel(line="high").values).tolist() == [True, True]
    assert line(found, "seconds", "measured") == [8, 5.25]


def test_a_law_that_comes_to_no_time_has_none() -> None:
    # One worker, measured twice with wide noise, is slower than two: by the law it would take no time at all.
    found = curves(rows([1, 2, 3, 4], [[1.0, 7.0], [0.5, 0.5], [1.0, 3.0], [1.0, 5.0]]))
    assert np.isnan(line(found, "seconds", "usl")[0])
    assert np.isfinite(line(found, "seconds", "usl")[1:]).all()


TIMES = st.lists(st.floats(0.1, 10), min_size=2, max_size=5)


@settings(max_examples=20)
@given(st.lists(TIMES, min_size=2, max_size=4))
def test_intervals_lie_within_what_was_measured(seconds: Rows) -> None:
    found = curves(rows(list(range(1, len(seconds) + 1)), seconds, [[1.0] * len(own) for own in seconds]))
    low, high = line(found, "seconds", "low"), line(found, "seconds", "high")
    for own, least, most in zip(seconds, low, high, strict=True):
        assert min(own) - 1e-9 <= least <= most <= max(own) + 1e-9
    plain = scaling(
        {
            "workers": found["workers"].values,
            "seconds": [np.median(own) for own in seconds],
            "serial_seconds": [1.0] * len(seconds),
        }
    )
    for name in ("speedup", "efficiency", "scaling_loss", "incremental_speedup"):
        np.testing.assert_allclose(found[name].sel(line="measured"), plain[name])
