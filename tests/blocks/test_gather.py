"""Parts put together, a few images at a time."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_array_equal

from daskcnn.blocks.gather import Gather


def test_nothing_needed_is_an_array_of_as_many_images_without_elements() -> None:
    found = Gather((5, 0, 4, 4), ()).images(1, 4, [])
    assert found.shape == (3, 0, 4, 4)
    assert found.dtype == np.float32


def test_parts_of_different_images_and_columns_are_joined() -> None:
    whole = np.arange(24.0).reshape(6, 4)
    every = slice(0, 4)
    parts = (
        ((slice(0, 2), every), (slice(1, 3), every)),
        ((slice(2, 5), slice(0, 3)), (slice(0, 3), slice(0, 3))),
        ((slice(2, 5), slice(3, 4)), (slice(0, 3), slice(0, 1))),
    )
    carriers = [whole[0:3], whole[3:6], whole[3:6, 3:]]
    gather = Gather((5, 4), parts)
    for start, stop in [(0, 5), (0, 1), (1, 4), (3, 5)]:
        assert_array_equal(gather.images(start, stop, carriers), whole[1 + start : 1 + stop])


def test_one_part_is_not_copied() -> None:
    whole = np.zeros((6, 4))
    assert np.shares_memory(Gather.whole((6, 4)).images(2, 4, [whole]), whole)
