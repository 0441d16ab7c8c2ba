"""How local response normalisation is cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.layers import Lrn
from tests.cuts import arrays, check_cut, regions
from tests.shapes import images


@given(data=st.data(), size=st.integers(1, 8))
@settings(max_examples=80)
def test_any_region_is_exact(data: st.DataObject, size: int) -> None:
    shape, op = data.draw(images()), Lrn(size, alpha=0.7, beta=0.6, bias=1.3)
    check_cut(op, [data.draw(arrays(shape))], {}, data.draw(regions(op, shape)))


def test_an_even_size_looks_further_up_than_down() -> None:
    assert Lrn(4).needs(((0, 1), (4, 8), (0, 1), (0, 1)), (1, 16, 1, 1))[0][1] == (3, 10)


def test_blocks_of_rows_need_no_neighbours() -> None:
    op, shape = Lrn(5), (2, 8, 6, 6)
    region = (0, 2), (0, 8), (2, 4), (1, 6)
    assert op.needs(region, shape) == (region,)
    assert op.local(region, shape) == op


def test_a_size_below_one_is_refused() -> None:
    with pytest.raises(UsageError, match="size is 0"):
        Lrn(0).output_shape((1, 2, 3, 4))
