"""A whole calibration, small enough for a test."""

from functools import partial

import numpy as np
import pytest

from daskcnn.calibration import QUANTITIES, calibrate, measure
from daskcnn.calibration.bandwidth import bandwidth
from daskcnn.calibration.between import tasks, transfers
from daskcnn.calibration.product import product
from daskcnn.provenance import cores, cpu


def test_every_quantity_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, small in {
        "product": partial(product, seconds=0.0),
        "bandwidth": partial(bandwidth, seconds=0.0, size=1 << 20),
        "transfers": partial(transfers, rounds=2),
        "tasks": partial(tasks, number=10, seconds=0.0),
    }.items():
        monkeypatch.setattr(measure, name, small)
    told: list[str] = []
    found = calibrate(told.append)
    assert told == ["matrix products", "memory", "two workers"]
    assert [name for name in found if name in QUANTITIES] == list(QUANTITIES)
    assert all(np.isfinite(found[name]) and found[name] > 0 for name in QUANTITIES)
    assert found["transfer_seconds"].sizes["transfer_bytes"] == 9
    assert (found.attrs["cpu"], found.attrs["cores"]) == (cpu(), cores())
