"""The table of a calibration's quantities, and what is kept of their repeats."""

import math

import numpy as np
import pytest

from daskcnn.calibration.quantities import QUANTITIES, Quantity, summary


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (999.0, "999 B/s"),
        (1e3, "1 kB/s"),
        (2.5e9, "2.5 GB/s"),
        (3.456e12, "3.46 TB/s"),
        (0.0, "0 B/s"),
        (math.nan, "–"),
    ],
)
def test_a_rate_as_people_read_it(value: float, text: str) -> None:
    assert Quantity("Rate", "B/s", "").text(value) == text


def test_every_quantity_says_what_it_is() -> None:
    assert all(quantity.label and quantity.unit and quantity.source for quantity in QUANTITIES.values())


@pytest.mark.parametrize("name", QUANTITIES)
def test_median_interval_and_repeats_with_their_unit(name: str) -> None:
    found = summary({name: np.array([1.0, 2.0, 3.0, 100.0, 2.0])})
    assert found[name].item() == 2.0 and found[f"{name}_repeats"].item() == 5
    assert 1.0 <= found[f"{name}_low"].item() <= 2.0 <= found[f"{name}_high"].item() <= 100.0
    for end in ("", "_low", "_high"):
        assert found[f"{name}{end}"].attrs == {"units": QUANTITIES[name].unit, "long_name": QUANTITIES[name].label}
