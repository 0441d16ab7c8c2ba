"""How global pooling is cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.layers import GlobalAveragePool, GlobalMaxPool
from daskcnn.layers.global_pool import GlobalPool
from tests.cuts import arrays, check_cut, regions
from tests.shapes import images

OPS = [GlobalAveragePool(), GlobalMaxPool()]


@pytest.mark.parametrize("op", OPS)
@given(data=st.data())
@settings(max_examples=20)
def test_any_images_and_channels_are_exact(op: GlobalPool, data: st.DataObject) -> None:
    shape = data.draw(images())
    check_cut(op, [data.draw(arrays(shape))], {}, data.draw(regions(op, shape)))


@pytest.mark.parametrize("op", OPS)
def test_every_element_is_looked_at_once(op: GlobalPool) -> None:
    assert op.operations((2, 3, 1, 1), (2, 3, 5, 7)) == 2 * 3 * 5 * 7
