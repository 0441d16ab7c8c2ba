"""Intervals of medians and of their ratios."""

from itertools import combinations, product
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daskcnn import noise
from daskcnn.noise import DIFFERENT, Comparison, best, compared, median_interval, median_intervals, ratio_interval, tell

seconds = st.floats(1e-6, 1e3)


@pytest.mark.parametrize("values", [[], [1.0]])
def test_one_value_says_nothing_of_the_noise(values: list[float]) -> None:
    assert np.isnan(median_interval(values)).all()


def test_equal_values_have_no_noise() -> None:
    assert median_interval([2.0] * 5) == (2.0, 2.0)


@given(samples=st.lists(st.lists(seconds, max_size=6), max_size=8), together=st.integers(1, 40))
def test_many_intervals_are_those_of_each(samples: list[list[float]], together: int) -> None:
    with mock.patch.object(noise, "TOGETHER", together):
        found = median_intervals(samples)
    np.testing.assert_array_equal(found, np.array([median_interval(sample) for sample in samples]).reshape(-1, 2))


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


def test_the_ratio_of_equal_values_has_no_noise() -> None:
    assert ratio_interval([3.0] * 5, [2.0] * 4) == (1.5, 1.5)


def test_the_interval_of_a_ratio_by_enumeration() -> None:
    found = ratio_interval([1.0, 1.0, 2.0, 2.0], [1.0] * 4)
    draws = [np.median(draw) for draw in product([1.0, 1.0, 2.0, 2.0], repeat=4)]
    assert found == tuple(np.quantile(draws, [0.025, 0.975]))


@given(
    values=st.lists(seconds, min_size=4, max_size=9),
    base=st.lists(seconds, min_size=4, max_size=9),
    scale=st.sampled_from([2.0, 0.5, 1024.0]),
)
def test_the_interval_of_a_ratio_goes_with_the_unit(values: list[float], base: list[float], scale: float) -> None:
    low, high = ratio_interval(values, base)
    least, most = min(values) / max(base), max(values) / min(base)
    assert least * (1 - 1e-12) <= low <= high <= most * (1 + 1e-12)
    assert ratio_interval(values, base) == (low, high)
    assert ratio_interval([scale * value for value in values], base) == (scale * low, scale * high)


@pytest.mark.parametrize(
    ("values", "base"),
    [
        ([], [1.0] * 9),
        ([1.0] * 3, [1.0] * 3),  # 2 of 20 orders: 10 %
        ([1.0] * 2, [1.0] * 7),  # 2 of 36: 5.6 %
        ([1.0], [1.0] * 99),
        ([1.0] * 5, [0.0, 1.0, 1.0, 1.0, 1.0]),
        ([1.0] * 5, [-1.0] * 5),
        ([1.0, 1.0, 1.0, 1.0, -1.0], [1.0] * 5),
        ([1.0, 1.0, 1.0, 1.0, np.nan], [1.0] * 5),
        ([1.0] * 5, [1.0, 1.0, 1.0, 1.0, np.inf]),
    ],
)
def test_no_interval_where_there_is_no_ratio_or_nothing_to_tell(values: list[float], base: list[float]) -> None:
    assert np.isnan(ratio_interval(values, base)).all()


@pytest.mark.parametrize(("count", "other", "enough"), [(3, 3, False), (4, 3, False), (4, 4, True), (5, 3, True)])
def test_how_many_repeats_can_tell(count: int, other: int, enough: bool) -> None:
    orders = list(combinations(range(count + other), count))
    clearest = [order for order in orders if order in (orders[0], orders[-1])]
    assert tell(count, other) == tell(other, count) == (len(clearest) / len(orders) <= 0.05) == enough


@pytest.mark.parametrize("count", [5, 7, 15])
def test_equal_things_differ_about_as_seldom_as_it_says(count: int) -> None:
    random = np.random.default_rng(count)
    pairs = [random.lognormal(0, 0.1, (2, count)) for _ in range(200)]
    intervals = [ratio_interval(*pair) for pair in pairs]
    assert sum(low <= 1 <= high for low, high in intervals) >= 180


def test_a_difference_beyond_the_noise_is_found() -> None:
    random = np.random.default_rng(2)
    intervals = [ratio_interval(1.2 * random.lognormal(0, 0.02, 7), random.lognormal(0, 0.02, 7)) for _ in range(40)]
    assert all(1 < low < high for low, high in intervals)
    assert sum(low <= 1.2 <= high for low, high in intervals) >= 34


@pytest.mark.parametrize(
    ("values", "base", "said"),
    [
        ([2.0] * 4, [1.0] * 4, "2.00 times [2.00, 2.00]"),
        ([1.0] * 4, [4.0] * 4, "0.25 times [0.25, 0.25]"),
        ([5000.0] * 4, [1.0] * 4, "5,000.00 times [5,000.00, 5,000.00]"),
        ([1.001] * 4, [1.0] * 4, "1.001 times [1.001, 1.001]"),
        ([1.0, 1.0, 1.1, 1.1], [1.0, 1.1, 1.0, 1.1], "no difference found"),
        ([0.0] * 4, [0.0] * 4, "no difference found"),
        ([0.0] * 4, [2.0] * 4, "0.00 times [0.00, 0.00]"),
        ([2.0] * 4, [0.0] * 4, "no ratio"),
        ([np.nan] * 4, [np.nan] * 4, "no ratio"),
        ([2.0], [1.0] * 4, "too few repeats to tell"),
        ([], [], "too few repeats to tell"),
    ],
)
def test_what_is_said_of_two_runs(values: list[float], base: list[float], said: str) -> None:
    assert str(compared(values, base)) == said


def test_a_comparison_has_its_numbers() -> None:
    few, zero = compared([3.0], [2.0, 2.0]), compared([3.0] * 5, [0.0] * 5)
    assert (few.ratio, zero.verdict) == (1.5, "no ratio")
    assert all(np.isnan(end) for end in (few.low, few.high, zero.ratio, zero.low, zero.high))
    assert compared([3.0] * 5, [2.0] * 5) == Comparison(1.5, 1.5, 1.5, "different")


repeats = st.lists(seconds, min_size=1, max_size=6)


@given(samples=st.lists(repeats, min_size=1, max_size=3), more=st.booleans())
def test_the_best_differs_from_every_other(samples: list[list[float]], more: bool) -> None:
    place = best(samples, more=more)
    medians = [float(np.median(sample)) for sample in samples]
    if place is None:
        return
    assert medians[place] == (max if more else min)(medians)
    for other, sample in enumerate(samples):
        if other != place:
            assert tell(len(samples[place]), len(sample))
            (low, high), (least, most) = median_interval(samples[place]), median_interval(sample)
            assert high < least or most < low or compared(samples[place], sample).verdict == DIFFERENT


@pytest.mark.parametrize("samples", [[], [[1.0] * 5], [[1.0] * 5, []], [[1.0] * 5, [2.0, np.nan, 2.0, 2.0]]])
def test_there_is_no_best_of_what_is_not_known(samples: list[list[float]]) -> None:
    assert best(samples, more=True) is None


def test_zero_may_be_the_best_though_it_has_no_ratio() -> None:
    assert best([[0.0] * 4, [1.0, 2.0, 1.5, 1.2]], more=False) == 0


def test_too_few_repeats_make_no_best() -> None:
    assert best([[1.0, 1.1, 1.0], [9.0, 9.1, 9.2]], more=False) is None
