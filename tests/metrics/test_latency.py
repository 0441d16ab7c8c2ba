"""Latencies against walks over random graphs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.metrics.latency import earliest, latencies

NONE = np.zeros(0, np.int64)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Starts in any order, as clocks may say, some of them unknown; edges from earlier to later places, shuffled."""
    count = draw(st.integers(1, 9))
    start = draw(st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.5, np.nan]), min_size=count, max_size=count))
    pairs = [(reader, read) for reader in range(count) for read in range(reader)]
    edges = draw(st.lists(st.sampled_from(pairs), max_size=14)) if pairs else []
    names = np.array(draw(st.permutations(range(count))))
    reader, read = names[np.array(edges, np.int64).reshape(-1, 2)].T
    return np.array(start), reader, read


@given(graphs())
def test_earliest_is_the_first_start_upstream(graph: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    start, reader, read = graph
    upstream = np.eye(start.size, dtype=bool)
    for _ in range(start.size):
        for one, other in zip(reader, read, strict=True):
            upstream[one] |= upstream[other]
    expected = [np.min(start[of]) for of in upstream]  # where one is NaN, so is the least
    np.testing.assert_array_equal(earliest(start, reader, read), expected)


def test_a_chain_as_long_as_a_run_and_tasks_that_many_read() -> None:
    count = 50_000
    chain, start = np.arange(count), np.arange(count, dtype=float)
    assert latencies(start, start + 1, chain[1:], chain[:-1]).tolist() == [count]
    fan = latencies(start, start + 1, chain[1:], np.zeros(count - 1, np.int64))
    np.testing.assert_array_equal(fan, start[1:] + 1)


def test_without_edges_each_task_counts_for_itself() -> None:
    found = latencies(np.array([1.0, 2.0, np.nan]), np.array([4.0, 2.5, 3.0]), NONE, NONE)
    assert found.tolist() == pytest.approx([3.0, 0.5, np.nan], 0, nan_ok=True)


def test_what_fails_is_no_result() -> None:
    # Task 1 reads task 0 and fails; tried again, as task 2, it does not.
    start, in_memory = np.array([0.0, 1.0, 2.0]), np.array([1.0, np.nan, 3.0])
    assert latencies(start, in_memory, np.array([1, 2]), np.array([0, 0])).tolist() == [3.0]


def test_no_tasks() -> None:
    assert latencies(np.zeros(0), np.zeros(0), NONE, NONE).size == 0
