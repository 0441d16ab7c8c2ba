"""What activations say of themselves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn import layers
from daskcnn.errors import UsageError
from daskcnn.kernels.activation import FUNCTIONS
from daskcnn.layers import Clip, Gelu, Identity, Relu
from tests.cuts import arrays, check_cut, regions
from tests.shapes import images_or_features


@given(data=st.data())
@settings(max_examples=100)
def test_a_region_is_computed_from_the_same_region(data: st.DataObject) -> None:
    op = data.draw(st.sampled_from([kind() for kind in FUNCTIONS]))
    shape = data.draw(images_or_features())
    x = np.abs(data.draw(arrays(shape))) + np.float32(0.1)
    check_cut(op, [x], {}, data.draw(regions(op, shape)))


def test_operations_count_arithmetic_and_elementary_functions() -> None:
    shape = (2, 3, 4, 5)
    assert Relu().operations(shape, shape) == math.prod(shape)
    assert Identity().operations(shape, shape) == 0
    assert Gelu().operations(shape, shape) == 5 * math.prod(shape)
    assert layers.Sigmoid().operations(shape, shape) == 4 * math.prod(shape)


def test_ops_of_different_kinds_differ() -> None:
    assert len({kind() for kind in FUNCTIONS}) == len(FUNCTIONS)
    assert Clip(0, 6) != Clip(0, 5)


def test_an_unknown_approximation_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="'fast'; use one of none, tanh"):
        Gelu("fast")
