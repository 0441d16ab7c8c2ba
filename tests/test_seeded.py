"""Parameters drawn where they are needed: any part is that part of the whole, and travels as a handle."""

import pickle

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.seeded import Seeded
from tests import strategies


@given(shape=st.lists(st.integers(1, 6), min_size=1, max_size=4).map(tuple), seed=st.integers(0, 2**63), data=st.data())
def test_a_part_is_that_part_of_the_whole(shape: tuple[int, ...], seed: int, data: st.DataObject) -> None:
    box = tuple(slice(*side) for side in data.draw(strategies.regions(shape)))
    drawn = Seeded(shape, seed)
    np.testing.assert_array_equal(drawn[box], np.asarray(drawn)[box])
    assert drawn[box].dtype == np.float32


def test_values_are_normal_or_evenly_around_one() -> None:
    normal = np.asarray(Seeded((400, 500), seed=1, scale=0.1))
    even = np.asarray(Seeded((400, 500), seed=1, scale=0.5, positive=True))
    assert abs(normal.mean()) < 1e-3 and abs(normal.std() - 0.1) < 1e-3
    assert even.min() >= 0.5 and even.max() < 1.5 and abs(even.mean() - 1) < 1e-3


def test_seeds_and_rows_differ() -> None:
    one, other = (np.asarray(Seeded((3, 50), seed)) for seed in (1, 2))
    rows = {row.tobytes() for row in (*one, *other)}
    assert len(rows) == 6


def test_a_handle_is_small() -> None:
    assert len(pickle.dumps(Seeded((4096, 25088), seed=1))) < 300
    assert Seeded((4096, 25088), seed=1).nbytes == 4096 * 25088 * 4
