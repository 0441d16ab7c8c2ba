"""Cache lines and contiguous runs against counting the bytes of every element."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.region import Region, Shape, size_of
from daskcnn.walkthrough.cache import LINE, fewest_lines, lines, runs, strides
from tests import strategies


def addresses(shape: Shape, region: Region, itemsize: int = 4) -> list[int]:
    """The first byte of every element of a box, in order."""
    numbers = np.arange(math.prod(shape)).reshape(shape)[tuple(slice(*side) for side in region)]
    return [number * itemsize for number in numbers.ravel().tolist()]


def jumps(found: list[int], itemsize: int = 4) -> int:
    """How often the next element is not the one beside."""
    return sum(after - before != itemsize for before, after in pairwise(found))


@st.composite
def boxes(draw: st.DrawFn) -> tuple[Shape, Region]:
    shape = (*draw(st.lists(st.integers(1, 7), max_size=3)), draw(st.integers(1, 40)))
    return shape, draw(strategies.regions(shape))


@settings(deadline=None)
@given(boxes(), st.sampled_from([4, 8]))
def test_lines_are_those_that_elements_lie_in(box: tuple[Shape, Region], itemsize: int) -> None:
    shape, region = box
    found = lines(shape, region, itemsize)
    assert found == len({address // LINE for address in addresses(shape, region, itemsize)})
    assert found >= fewest_lines(size_of(region), itemsize) >= 1


@settings(deadline=None)
@given(boxes())
def test_runs_are_elements_one_beside_the_other(box: tuple[Shape, Region]) -> None:
    shape, region = box
    count, length = runs(shape, region)
    assert count * length == size_of(region)
    assert jumps(addresses(shape, region)) + 1 == count


@pytest.mark.parametrize("batch", [1, 3, 10_000, 10_000_000])
def test_images_that_are_whole_lie_in_as_few_lines_as_can_be(batch: int) -> None:
    shape = (batch, 64, 13, 13)
    assert lines(shape, tuple((0, size) for size in shape)) == fewest_lines(math.prod(shape)) == batch * 64 * 169 // 16


def test_an_empty_box_touches_nothing() -> None:
    assert lines((8, 8), ((3, 3), (0, 8))) == 0


def test_strides_are_numpys() -> None:
    shape = (5, 3, 7, 2)
    assert strides(shape) == np.empty(shape, np.float32).strides


def test_an_image_of_28_by_28() -> None:
    # 112 bytes a row: two lines, or three where it begins in the last quarter of one; 3 136 bytes in all.
    image = (28, 28)
    rows = [lines(image, ((row, row + 1), (0, 28))) for row in range(28)]
    assert (min(rows), max(rows), sum(rows) / 28) == (2, 3, 2.5)
    assert [lines(image, ((0, 28), (column, column + 1))) for column in range(28)] == [28] * 28
    assert lines(image, ((0, 28), (0, 28))) == 49
