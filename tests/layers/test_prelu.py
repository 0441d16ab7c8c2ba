"""What PReLU says of itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.layers import PRelu
from tests.cuts import arrays, check_cut, regions
from tests.shapes import constants, images_or_features


@given(data=st.data())
@settings(max_examples=60)
def test_a_region_needs_its_own_slopes(data: st.DataObject) -> None:
    shape = data.draw(images_or_features())
    op = PRelu(data.draw(constants(shape)))
    x, slope = data.draw(arrays(shape)), data.draw(arrays(op.slope))
    check_cut(op, [x], {"slope": slope}, data.draw(regions(op, shape)))


@pytest.mark.parametrize("slope", [(), (3,), (1, 4, 4, 4), (2, 4, 1, 1), (1, 1, 4, 1, 1)])
def test_slopes_that_do_not_fit_are_refused(slope: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match=r"shape"):
        PRelu(slope).output_shape((2, 4, 1, 1))
