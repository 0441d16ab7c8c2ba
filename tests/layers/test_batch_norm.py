"""What batch normalization says of itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.layers import BatchNorm
from tests.cuts import arrays, check_cut, regions
from tests.shapes import images_or_features


@given(data=st.data())
@settings(max_examples=40)
def test_a_region_needs_the_parameters_of_its_channels(data: st.DataObject) -> None:
    op, shape = BatchNorm(1e-3), data.draw(images_or_features())
    weights = {name: data.draw(arrays(own)) for name, own in op.weight_shapes(shape).items()}
    weights["variance"] **= 2
    check_cut(op, [data.draw(arrays(shape))], weights, data.draw(regions(op, shape)), tolerance=1e-4)


def test_operations_are_a_product_and_a_sum_an_element() -> None:
    assert BatchNorm().operations((10, 4), (10, 4)) == 80


def test_without_channels_it_is_refused() -> None:
    with pytest.raises(UsageError, match=r"not \(10,\)"):
        BatchNorm().output_shape((10,))
