"""What sums, products and the like say of themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.kernels.arithmetic import FUNCTIONS
from daskcnn.layers import Add, Max, Mean, Mul, Op, Sub, Sum
from daskcnn.layers.arithmetic import Arithmetic
from tests.cuts import arrays, check_cut, regions
from tests.shapes import constants, images_or_features, operands


@given(data=st.data(), kind=st.sampled_from(list(FUNCTIONS)))
@settings(max_examples=100)
def test_a_region_needs_the_same_region_of_each_operand(data: st.DataObject, kind: type[Arithmetic]) -> None:
    op, shapes = kind(), data.draw(operands(kind.operands))
    inputs = [np.abs(data.draw(arrays(shape))) + np.float32(0.5) for shape in shapes]
    check_cut(op, inputs, {}, data.draw(regions(op, *shapes)))


@given(data=st.data(), kind=st.sampled_from(list(FUNCTIONS)), first=st.booleans())
@settings(max_examples=100)
def test_a_region_needs_its_own_part_of_a_constant(data: st.DataObject, kind: type[Arithmetic], first: bool) -> None:
    shape = data.draw(images_or_features())
    op = kind(data.draw(constants(shape)), first)
    x, constant = (np.abs(data.draw(arrays(own))) + np.float32(0.5) for own in (shape, op.weight_shapes()["constant"]))
    check_cut(op, [x], {"constant": constant}, data.draw(regions(op, shape)))


def test_a_gate_of_one_pixel_is_needed_whole_and_its_channels_in_part() -> None:
    images, gate = (10, 16, 8, 8), (10, 16, 1, 1)
    region = ((0, 5), (4, 8), (0, 3), (2, 8))
    assert Mul().needs(region, images, gate) == (region, ((0, 5), (4, 8), (0, 1), (0, 1)))


def test_operations_are_one_less_than_the_operands() -> None:
    shape = (10, 4)
    assert Add().operations(shape, shape, shape) == 40
    assert Add((4,)).operations(shape, shape) == 40
    assert Sum().operations(shape, shape, shape, shape) == 80
    assert Mean().operations(shape, shape, shape, shape) == 120


@pytest.mark.parametrize(
    ("op", "inputs", "message"),
    [
        (Add(), [(2, 3)], "add takes 2 operands, not 1"),
        (Add((3,)), [(2, 3), (2, 3)], "add takes 2 operands, not 3"),
        (Max(), [], "max takes some operands, not 0"),
        (Add(), [(2, 3), (1, 3)], "tensors of the same images"),
        (Add(), [(2, 3), (2, 3, 1, 1)], "tensors of the same images"),
        (Sub(), [(2, 3, 4, 4), (2, 3, 2, 4)], r"\(2, 3, 4, 4\) and \(2, 3, 2, 4\) do not go together"),
        (Mul((2, 3)), [(2, 3)], r"constant of shape \(2, 3\)"),
        (Mul(()), [(2, 3)], r"use 1 to 1 axes, \(1,\) for one number"),
        (Mul((1, 1, 2, 3)), [(2, 3)], r"constant of shape \(1, 1, 2, 3\)"),
    ],
)
def test_operands_that_do_not_fit_are_refused(op: Op, inputs: list[tuple[int, ...]], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        op.output_shape(*inputs)
