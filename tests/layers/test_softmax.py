"""What softmax says of itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.layers import LogSoftmax, Softmax
from tests.cuts import arrays, check_cut, regions
from tests.shapes import images_or_features


@given(data=st.data(), kind=st.sampled_from([Softmax, LogSoftmax]))
@settings(max_examples=60)
def test_a_region_needs_all_channels_in_its_place(data: st.DataObject, kind: type[Softmax]) -> None:
    op, shape = kind(), data.draw(images_or_features())
    check_cut(op, [data.draw(arrays(shape))], {}, data.draw(regions(op, shape)))


def test_channels_are_not_cut() -> None:
    assert Softmax.cuts == LogSoftmax.cuts == {"batch", "height", "width"}


def test_the_two_differ() -> None:
    assert Softmax() != LogSoftmax()


def test_operations_are_five_an_element() -> None:
    assert Softmax().operations((2, 10), (2, 10)) == 100


def test_without_channels_it_is_refused() -> None:
    with pytest.raises(UsageError, match=r"not \(10,\)"):
        Softmax().output_shape((10,))
