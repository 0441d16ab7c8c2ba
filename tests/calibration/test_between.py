"""Transfers between workers as a latency and a rate, and empty tasks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.calibration.between import SIZES, by_size, line, lines, tasks, transfers
from daskcnn.cluster import connect
from daskcnn.errors import RunError

BYTES = np.array(SIZES, float)


@given(latency=st.floats(1e-6, 1e-1), rate=st.floats(1e7, 1e11))
def test_the_line_that_was_drawn_is_found(latency: float, rate: float) -> None:
    found = line(BYTES, latency + BYTES / rate)
    np.testing.assert_allclose(found, (latency, rate), rtol=1e-6)


@given(st.lists(st.floats(1e-5, 1.0), min_size=len(SIZES), max_size=len(SIZES)))
def test_neither_is_below_0_whatever_was_measured(seconds: list[float]) -> None:
    latency, rate = line(BYTES, np.array(seconds))
    assert latency >= 0 and rate > 0


def test_a_time_that_does_not_grow_has_no_rate() -> None:
    assert line(BYTES, 1 / BYTES)[1] == np.inf


def test_a_line_for_each_round() -> None:
    seconds = np.stack([0.001 + BYTES / 1e9, 0.002 + BYTES / 4e9])
    found = lines(seconds)
    np.testing.assert_allclose(found["transfer_latency"], [0.001, 0.002])
    np.testing.assert_allclose(found["transfer_rate"], [1e9, 4e9])


def test_times_by_bytes_are_medians_with_units() -> None:
    found = by_size(np.array([[1.0, 9.0], [3.0, 8.0], [2.0, 7.0]]), sizes=(4, 8))
    assert found.values.tolist() == [2.0, 8.0]
    assert found["transfer_bytes"].values.tolist() == [4, 8]
    assert (found.units, found["transfer_bytes"].units) == ("s", "B")


def test_two_workers() -> None:
    with connect("processes", 2) as client:
        seconds = transfers(client, sizes=(1 << 10, 1 << 24), rounds=3)
        each = tasks(client, number=20, seconds=0.0)["task_seconds"]
    assert seconds.shape == (3, 2) and (seconds > 0).all()
    assert np.median(seconds[:, 1]) > np.median(seconds[:, 0])  # 16 MiB take longer than 1 KiB
    assert each.shape == (3,) and (each > 0).all()


def test_one_worker_sends_nothing() -> None:
    with connect("threads", 1) as client, pytest.raises(RunError, match="2 workers asked for, 1 there"):
        transfers(client, sizes=(4,), rounds=1)
