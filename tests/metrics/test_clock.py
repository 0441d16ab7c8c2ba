"""Rates by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.metrics import rates
from daskcnn.metrics.clock import serial_fraction


def test_rates() -> None:
    found = rates([2.0, 4.0], images=100, workers=2, serial_seconds=6.0)
    assert found["images_per_s"].values.tolist() == [50, 25]
    assert found["speedup"].values.tolist() == [3, 1.5]
    assert found["efficiency"].values.tolist() == [1.5, 0.75]
    # (1/3 - 1/2) / (1/2) and (2/3 - 1/2) / (1/2)
    np.testing.assert_allclose(found["serial_fraction"], [-1 / 3, 1 / 3])
    assert found["seconds"].attrs == {"units": "s", "long_name": "Time"}
    assert rates([2.0, 4.0], 100, 2, [6.0, 8.0])["speedup"].values.tolist() == [3, 2]


@given(share=st.floats(0, 1), workers=st.integers(2, 1000))
def test_karp_and_flatt_find_what_amdahl_put_in(share: float, workers: int) -> None:
    speedup = 1 / (share + (1 - share) / workers)
    assert serial_fraction(speedup, workers) == pytest.approx(share, abs=1e-9)


def test_one_worker_has_no_serial_fraction() -> None:
    assert np.isnan(serial_fraction(0.9, 1))
