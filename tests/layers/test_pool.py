"""How pooling is cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.layers import AveragePool2d, MaxPool2d
from tests.cuts import arrays, check_cut, regions
from tests.shapes import images
from tests.windowed import pools


@given(data=st.data())
@settings(max_examples=150)
def test_any_region_is_exact(data: st.DataObject) -> None:
    shape = data.draw(images())
    op = data.draw(pools(shape))
    check_cut(op, [data.draw(arrays(shape))], {}, data.draw(regions(op, shape)))


def test_a_block_inside_the_image_has_no_padding_and_one_at_the_border_its_side_of_it() -> None:
    op, shape = AveragePool2d((3, 3), (2, 2), (1, 1, 1, 1), ceil_mode=True), (1, 4, 9, 9)
    assert op.output_shape(shape) == (1, 4, 5, 5)
    inside = (0, 1), (1, 3), (1, 2), (3, 5)
    assert op.needs(inside, shape) == (((0, 1), (1, 3), (1, 4), (5, 9)),)
    assert op.local(inside, shape) == AveragePool2d((3, 3), (2, 2), (0, 0, 0, 1), ceil_mode=True)


def test_operations_count_each_tap() -> None:
    op = MaxPool2d((3, 2), (2, 2))
    assert op.operations(op.output_shape((2, 3, 9, 8)), (2, 3, 9, 8)) == 2 * 3 * 4 * 4 * 3 * 2


@pytest.mark.parametrize("padding", [(2, 0, 0, 0), (0, 0, 0, 3), (0, -1, 0, 0)])
def test_padding_as_wide_as_the_kernel_is_refused(padding: tuple[int, int, int, int]) -> None:
    with pytest.raises(UsageError, match="put a Pad2d before it"):
        MaxPool2d((2, 3), padding=padding)


def test_features_are_refused() -> None:
    with pytest.raises(UsageError, match="MaxPool2d takes"):
        MaxPool2d((2, 2)).output_shape((10, 3))
