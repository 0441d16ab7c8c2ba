"""Scaling by hand, and as a report that was made without this house prints it."""

import numpy as np
import numpy.typing as npt
import pytest
import xarray as xr

from daskcnn.metrics import METRICS
from daskcnn.metrics.scaling import scaling

REPORTED: dict[str, npt.ArrayLike] = {
    "workers": np.arange(1, 9),
    "seconds": [5.276, 2.767, 1.912, 1.440, 1.296, 1.164, 1.064, 0.975],
}
"""Serial, then data parallel with MPI on 2 to 8 processes; in its tables are the numbers below, as printed."""


def test_a_report_s_numbers_follow_from_its_times() -> None:
    found = scaling(REPORTED)
    speedup, efficiency = found["speedup"].values[1:], 100 * found["efficiency"].values[1:]
    assert [f"{value:.2f}" for value in speedup] == ["1.91", "2.76", "3.66", "4.07", "4.53", "4.96", "5.41"]
    assert [f"{value:.1f}" for value in efficiency] == ["95.3", "92.0", "91.6", "81.4", "75.5", "70.8", "67.6"]
    more = found["incremental_speedup"].sel(workers=[2, 3, 4, 5]).values
    assert [f"{value:.2f}" for value in more] == ["1.91", "1.45", "1.33", "1.11"]
    assert found["incremental_speedup"].sel(workers=[6, 7, 8]).median().round(2) == 1.09
    loss = 100 * found["scaling_loss"]
    assert [f"{value:.1f}" for value in loss.sel(workers=[6, 8]).values] == ["24.5", "32.4"]
    # Here it prints 4.5 and 8.5, which its own efficiencies, 95.3 and 91.6, do not bear out.
    assert [f"{value:.1f}" for value in loss.sel(workers=[2, 4]).values] == ["4.7", "8.4"]


def test_units_and_labels() -> None:
    found = scaling(REPORTED)
    assert all(values.attrs == METRICS[str(name)].attrs for name, values in found.items())
    assert found["workers"].attrs["long_name"] == "Workers"


def test_against_the_serial_run_where_there_is_one() -> None:
    found = scaling({"workers": [4, 2], "seconds": [3.0, 4.0], "serial_seconds": [6.0, 6.0]})
    assert found["workers"].values.tolist() == [2, 4]
    assert found["speedup"].values.tolist() == [1.5, 2.0]
    assert found["efficiency"].values.tolist() == [0.75, 0.5]
    np.testing.assert_allclose(found["incremental_speedup"], [np.nan, 4 / 3])
    # (2/3 - 1/2) / (1/2) and (1/2 - 1/4) / (3/4)
    np.testing.assert_allclose(found["serial_fraction"], [1 / 3, 1 / 3])


def test_against_the_fewest_workers_where_none_is_alone() -> None:
    found = scaling({"workers": [2, 6], "seconds": [6.0, 3.0]})
    assert found["speedup"].values.tolist() == [1.0, 2.0]
    np.testing.assert_allclose(found["efficiency"], [1, 2 / 3])
    np.testing.assert_allclose(found["serial_fraction"], [np.nan, (1 / 2 - 1 / 3) / (1 - 1 / 3)])


def test_work_that_grows_with_the_workers() -> None:
    found = scaling({"workers": [1, 2, 4], "seconds": [5.0, 5.0, 8.0], "images": [100, 200, 400]})
    assert found["speedup"].values.tolist() == [1.0, 2.0, 2.5]
    assert found["efficiency"].values.tolist() == [1.0, 1.0, 0.625]
    np.testing.assert_allclose(found["incremental_speedup"], [np.nan, 2.0, 1.25])


def test_the_median_of_runs_with_as_many_workers() -> None:
    rows = {"workers": ("run", [2, 1, 2, 2]), "seconds": ("run", [1.0, 8.0, 4.0, 5.0])}
    found = scaling(xr.Dataset(rows))
    assert found["seconds"].values.tolist() == [8.0, 4.0]
    assert found["speedup"].values.tolist() == [1.0, 2.0]


def test_no_runs() -> None:
    assert scaling({"workers": [], "seconds": []}).sizes == {"workers": 0}


@pytest.mark.parametrize("workers", [1, 3])
def test_one_run_has_nothing_to_be_compared_with(workers: int) -> None:
    found = scaling({"workers": [workers], "seconds": [2.0]})
    assert found["speedup"].values.tolist() == [1.0]
    assert found[["incremental_speedup", "serial_fraction"]].isnull().all()
