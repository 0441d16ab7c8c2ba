"""How a dense layer is cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.layers import Dense
from tests.cuts import arrays, check_cut, parameters, regions
from tests.shapes import features


@given(data=st.data())
@settings(max_examples=50)
def test_any_region_is_exact(data: st.DataObject) -> None:
    shape, op = data.draw(features()), Dense(data.draw(st.integers(1, 9)), bias=data.draw(st.booleans()))
    check_cut(op, [data.draw(arrays(shape))], data.draw(parameters(op, shape)), data.draw(regions(op, shape)))


def test_images_are_refused() -> None:
    with pytest.raises(UsageError, match="put a flatten before it"):
        Dense(3).output_shape((1, 2, 3, 4))
