"""What slicing says of itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.layers import Slice
from daskcnn.region import size_of
from tests.cuts import arrays, check_cut, regions
from tests.shapes import images_or_features, slicings


@given(data=st.data())
@settings(max_examples=100)
def test_a_region_needs_no_more_than_lies_between_its_elements(data: st.DataObject) -> None:
    shape = data.draw(images_or_features())
    op = data.draw(slicings(shape))
    region = data.draw(regions(op, shape))
    check_cut(op, [data.draw(arrays(shape))], {}, region, tolerance=0)
    if op.step == 1:
        assert size_of(op.needs(region, shape)[0]) == size_of(region)


@pytest.mark.parametrize(
    ("op", "message"),
    [
        (Slice(0, 2, axis=0), "axis from 1 to 3 of .*, not 0"),
        (Slice(0, 2, axis=4), "axis from 1 to 3 of .*, not 4"),
        (Slice(0, 9), "slice 0:9:1 is empty or leaves 0:8"),
        (Slice(-2, 8), "slice -2:8:1 is empty or leaves 0:8"),
        (Slice(3, 3), "slice 3:3:1 is empty or leaves 0:8"),
        (Slice(7, 0, -1), "slice 7:0:-1 is empty or leaves 0:8"),
    ],
)
def test_a_slice_that_does_not_fit_is_refused(op: Slice, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        op.output_shape((2, 8, 4, 4))
