"""Medians against the best by hand, the noise of a pair, and series for the laws."""

from typing import Any

import numpy as np
import pytest
import xarray as xr

from daskcnn.noise import DIFFERENT, FEW, SAME, ratio_interval
from daskcnn.study.findings import BEST, against_best, laws, series

JITTER = 1 + np.array([0.0, 0.01, 0.02, 0.03, -0.01, -0.02, -0.03])


def runs(
    medians: list[float], rounds: int = 7, images: list[int] | None = None, pair: list[str] | None = None, **more: Any
) -> xr.Dataset:
    """Runs whose medians are given."""
    names = [f"run-{number}" for number in range(len(medians))]
    each = np.outer(medians, JITTER[:rounds])
    columns = {"images": images or [10] * len(medians), "pair": pair or [""] * len(medians)} | more
    found = {name: ("run", values) for name, values in columns.items()}
    return xr.Dataset({**found, "each_seconds": (("run", "repeat"), each)}, {"run": names})


def test_each_against_the_one_that_takes_least() -> None:
    found = against_best(runs([3.0, 2.0, 2.02]))
    assert found["verdict"].values.tolist() == [DIFFERENT, BEST, SAME]
    np.testing.assert_allclose(found["ratio"], [1.5, 1.0, 1.01])
    expected = ratio_interval(3.0 * JITTER, 2.0 * JITTER)
    assert (found["ratio_low"].values[0], found["ratio_high"].values[0]) == pytest.approx(expected)
    assert "noise" not in found
    assert all(found[name].attrs["long_name"] for name in ("ratio", "ratio_low", "ratio_high", "verdict"))


def test_it_is_the_time_of_an_image_that_counts() -> None:
    found = against_best(runs([2.0, 3.0], images=[10, 20]))
    assert found["verdict"].values.tolist() == [DIFFERENT, BEST]
    assert found["ratio"].values[0] == pytest.approx(4 / 3)


def test_the_second_half_of_the_pair_is_for_the_noise_alone() -> None:
    found = against_best(runs([2.0, 1.0, 3.0], pair=["A", "B", ""]))
    assert found["verdict"].values.tolist() == [BEST, DIFFERENT, DIFFERENT]
    assert found["noise"].item() == pytest.approx(0.5)
    low, high = found["noise_low"].item(), found["noise_high"].item()
    assert (low, high) == pytest.approx(ratio_interval(1.0 * JITTER, 2.0 * JITTER))


def test_runs_may_have_fewer_rounds_than_others() -> None:
    some = runs([2.0, 3.0, 4.0])
    some["each_seconds"][2, 1:] = np.nan
    found = against_best(some)
    assert found["verdict"].values.tolist() == [BEST, DIFFERENT, FEW]
    assert found["ratio"].values[2] == pytest.approx(2.0) and np.isnan(found["ratio_low"].values[2])


def test_series_in_the_order_asked_for_and_without_second_halves() -> None:
    some = runs(
        [8.0, 8.0, 5.0, 4.0, 9.0, 7.0, 6.5],
        pair=["A", "B", *[""] * 5],
        workers=[1, 1, 2, 4, 1, 2, 4],
        series=["spatial"] * 4 + ["batch"] * 3,
    )
    found = series(some)
    assert list(found) == ["spatial", "batch"]
    assert found["spatial"]["workers"].values.tolist() == [1, 2, 4]
    strong = laws(found["spatial"], "strong")
    # 8 = s + p, 5 = s + p / 2, 3.5 = s + p / 4 would be s = 2, p = 6; the fit lies near.
    assert strong.sel(parameter="serial_fraction")["value"].item() == pytest.approx(0.25, abs=0.15)
    assert (
        strong.sel(parameter="serial_fraction")["low"].item() < strong.sel(parameter="serial_fraction")["high"].item()
    )
    assert "alpha" in laws(found["batch"], "weak")["parameter"].values
