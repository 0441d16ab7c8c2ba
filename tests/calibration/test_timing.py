"""Rates by a clock that the test turns."""

import threading
from itertools import count

import numpy as np
import pytest

from daskcnn.calibration import timing
from daskcnn.calibration.timing import rates, together


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(timing, "perf_counter", lambda: now[0])
    return now


def test_amount_over_time_for_as_long_as_asked(clock: list[float]) -> None:
    lasts = (5.0, *[0.5, 0.25] * 100)
    calls = count()

    def work() -> None:
        clock[0] += lasts[next(calls)]

    found = rates(work, amount=10.0, seconds=3.0)
    np.testing.assert_allclose(found, [20.0, 40.0] * 4)  # the first call does not count


def test_slow_work_is_repeated_all_the_same(clock: list[float]) -> None:
    def work() -> None:
        clock[0] += 60.0

    np.testing.assert_allclose(rates(work, amount=6.0, seconds=1.0), [0.1] * timing.LEAST)


def test_together_is_at_once() -> None:
    barrier = threading.Barrier(3)
    with together(lambda thread: barrier.wait(timeout=30) >= 0 and thread, threads=3) as work:
        assert work() == [0, 1, 2]


def test_a_failure_is_raised() -> None:
    with together(lambda thread: 1 // thread, threads=2) as work, pytest.raises(ZeroDivisionError):
        work()
