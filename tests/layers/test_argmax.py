"""What argmax says of itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.layers import Argmax
from tests.cuts import arrays, check_cut, regions
from tests.shapes import images_or_features


@given(data=st.data(), keepdims=st.booleans())
@settings(max_examples=60)
def test_a_region_needs_all_classes_in_its_place(data: st.DataObject, keepdims: bool) -> None:
    shape = data.draw(images_or_features())
    op = Argmax(data.draw(st.integers(1, len(shape) - 1)), keepdims)
    check_cut(op, [data.draw(arrays(shape))], {}, data.draw(regions(op, shape)))


def test_operations_are_one_a_value() -> None:
    assert Argmax().operations((2,), (2, 10)) == 20
    assert Argmax(keepdims=True).operations((2, 1, 4, 4), (2, 10, 4, 4)) == 320


@pytest.mark.parametrize(("axis", "shape"), [(0, (3, 4)), (1, (3,)), (2, (3, 4))])
def test_an_axis_that_is_not_there_or_that_of_images_is_refused(axis: int, shape: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match="argmax takes"):
        Argmax(axis).output_shape(shape)
