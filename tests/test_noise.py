"""Intervals of medians."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.noise import median_interval

seconds = st.floats(1e-6, 1e3)


@pytest.mark.parametrize("values", [[], [1.0]])
def test_one_value_says_nothing_of_the_noise(values: list[float]) -> None:
    assert np.isnan(median_interval(values)).all()


def test_equal_values_have_no_noise() -> None:
    assert median_interval([2.0] * 5) == (2.0, 2.0)


def test_an_interval_by_enumeration() -> None:
    # Of the 27 ways to draw three of three, the median is 1, 2 or 3 in 7, 13 and 7.
    assert median_interval([1.0, 2.0, 3.0]) == (1.0, 3.0)


@given(values=st.lists(seconds, min_size=2, max_size=12), scale=st.sampled_from([2.0, 0.5, 1024.0]))
def test_an_interval_lies_among_the_values_and_goes_with_their_unit(values: list[float], scale: float) -> None:
    low, high = median_interval(values)
    assert min(values) <= low <= high <= max(values)
    assert median_interval(values) == (low, high)
    assert median_interval([scale * value for value in values]) == (scale * low, scale * high)


def test_more_repeats_say_more() -> None:
    random = np.random.default_rng(0)
    few, many = (np.ptp(median_interval(random.normal(10, 1, count))) for count in (5, 200))
    assert many < few


def test_the_interval_holds_the_median_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(1)
    intervals = [median_interval(random.normal(10, 1, 15)) for _ in range(100)]
    assert 85 <= sum(low <= 10 <= high for low, high in intervals) <= 100
