"""Boxes and grids, against sets of indices."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daskcnn import region
from daskcnn.region import Grid, Region
from tests import strategies

shapes = st.lists(st.integers(1, 6), min_size=1, max_size=3).map(tuple)


def indices(box: Region) -> set[tuple[int, ...]]:
    """Every index in a box."""
    return set(product(*(range(*side) for side in box)))


@pytest.mark.parametrize(
    ("size", "parts", "bounds"),
    [
        (7, 2, (0, 4, 7)),
        (32, 3, (0, 11, 22, 32)),
        (3, 3, (0, 1, 2, 3)),
        (10_000, 7, (0, 1429, 2858, 4287, 5716, 7144, 8572, 10_000)),
    ],
)
def test_cut_by_hand(size: int, parts: int, bounds: tuple[int, ...]) -> None:
    assert region.cut(size, parts) == bounds


@given(size=st.integers(1, 10_000), data=st.data())
def test_cut_is_as_even_as_can_be(size: int, data: st.DataObject) -> None:
    parts = data.draw(st.integers(1, min(size, 50)))
    sizes = np.diff(region.cut(size, parts))
    assert (len(sizes), sizes.sum()) == (parts, size)
    assert sizes.max() - sizes.min() <= 1
    assert sorted(sizes, reverse=True) == sizes.tolist()


@given(shape=shapes, data=st.data())
def test_a_box_is_its_indices(shape: tuple[int, ...], data: st.DataObject) -> None:
    box, other = data.draw(strategies.regions(shape)), data.draw(strategies.regions(shape))
    assert region.size_of(box) == len(indices(box))
    assert region.contains(box, other) == (indices(other) <= indices(box))
    shared = region.overlap(box, other)
    assert (indices(shared) if shared else set()) == indices(box) & indices(other)


@given(shape=shapes, data=st.data())
def test_what_is_left_of_a_box_is_tiled(shape: tuple[int, ...], data: st.DataObject) -> None:
    box, other = data.draw(strategies.regions(shape)), data.draw(strategies.regions(shape))
    rest = [indices(part) for part in region.without(box, other)]
    assert set().union(*rest) == indices(box) - indices(other)
    assert sum(map(len, rest)) == len(indices(box) - indices(other))
    assert all(rest)


@given(shape=shapes, data=st.data())
def test_slices_take_a_box_out_of_a_block(shape: tuple[int, ...], data: st.DataObject) -> None:
    block = data.draw(strategies.regions(shape))
    inner = data.draw(strategies.regions(region.shape_of(block)))
    box = tuple((start + a, start + b) for (start, _), (a, b) in zip(block, inner, strict=True))
    array = np.arange(np.prod(shape)).reshape(shape)
    whole_to_block = region.slices(block, region.whole(shape))
    taken = array[whole_to_block][region.slices(box, block)]
    np.testing.assert_array_equal(taken, array[region.slices(box, region.whole(shape))])
    assert taken.shape == region.shape_of(box)


@given(shape=shapes, data=st.data())
def test_a_grid_tiles_its_array(shape: tuple[int, ...], data: st.DataObject) -> None:
    grid: Grid = data.draw(strategies.grids(shape))
    blocks = region.blocks_of(grid)
    assert len(blocks) == np.prod(region.counts(grid))
    assert sorted(blocks) == blocks
    assert set().union(*map(indices, blocks)) == indices(region.whole(shape))
    assert sum(map(region.size_of, blocks)) == np.prod(shape)
    assert tuple(map(sum, region.chunks(grid))) == shape


@given(size=st.integers(1, 12), data=st.data())
def test_overlaps_are_what_an_interval_shares_with_each_block(size: int, data: st.DataObject) -> None:
    bounds = data.draw(strategies.parts(size))
    start, stop = sorted((data.draw(st.integers(0, size)), data.draw(st.integers(0, size))))
    blocks = enumerate(pairwise(bounds))
    shared = [(number, sorted(set(range(*block)) & set(range(start, stop)))) for number, block in blocks]
    expected = [(number, (rows[0], rows[-1] + 1)) for number, rows in shared if rows]
    assert region.overlaps(bounds, (start, stop)) == expected
