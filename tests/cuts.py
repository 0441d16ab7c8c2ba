"""The law of cuts: a block, made of just the boxes that it says it needs, is that part of the whole."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from daskcnn.kernels import ENGINES, Step, Weights
from daskcnn.layers import Op, axes_of
from daskcnn.region import Region, Shape, contains, shape_of, size_of, whole

Array = NDArray[Any]


def run(op: Op, inputs: Sequence[Array], weights: Mapping[str, Array], engine: str) -> Array:
    """One op on whole arrays, by one of the engines; parameters by their short names, in the op's order."""
    step = Step(op, tuple(range(len(inputs))), tuple(weights))
    return ENGINES[engine].run((step,), Weights(weights), [np.ascontiguousarray(x) for x in inputs])


def check_cut(
    op: Op, inputs: Sequence[Array], weights: Mapping[str, Array], region: Region, *, tolerance: float = 1e-5
) -> None:
    """Cut one region out of an op's output, compute it alone by both engines, and compare.

    Parameters
    ----------
    op : Op
    inputs : sequence of arrays
        The whole inputs.
    weights : mapping
        The whole parameters: `weight`, `bias` …
    region : Region
        Of the output.
    tolerance : float
        Largest difference, as a fraction of the largest value of the whole output.
    """
    shapes = tuple(x.shape for x in inputs)
    assert list(weights) == list(op.weight_shapes(*shapes))
    needs, boxes, local = op.needs(region, *shapes), op.weights(region, *shapes), op.local(region, *shapes)
    for need, shape in zip(needs, shapes, strict=True):
        assert need[0] == region[0], f"images {need[0]} are not those of {region}"
        assert contains(whole(shape), need), f"{need} is no box of {shape}"
        assert size_of(need) or len(shapes) > 1, "an only input is needed by every block"
    own_shapes = tuple(shape_of(need) for need in needs)
    assert local.output_shape(*own_shapes) == shape_of(region)
    assert local.weight_shapes(*own_shapes) == {name: shape_of(box) for name, box in boxes.items()}
    assert pickle.loads(pickle.dumps(local)) == local and hash(local) is not None
    own_inputs = [_cut(x, need) for x, need in zip(inputs, needs, strict=True)]
    own_weights = {name: _cut(weights[name], box) for name, box in boxes.items()}
    for engine in ENGINES:
        expected = run(op, inputs, weights, engine)
        assert expected.shape == op.output_shape(*shapes), engine
        found = run(local, own_inputs, own_weights, engine)
        assert found.dtype == expected.dtype == np.dtype(op.output_dtype()), engine
        assert_allclose(found, _cut(expected, region), rtol=0, atol=tolerance * scale(expected), err_msg=engine)


def scale(array: Array) -> float:
    """The largest finite magnitude."""
    return float(np.abs(array[np.isfinite(array)]).max(initial=0))


@st.composite
def regions(draw: st.DrawFn, op: Op, *inputs: Shape) -> Region:
    """Any box of the op's output that its cuts allow: all of an axis that it is not cut along."""
    shape = op.output_shape(*inputs)
    return tuple(
        draw(intervals(size)) if axis in op.cuts else (0, size)
        for axis, size in zip(axes_of(len(shape)), shape, strict=True)
    )


@st.composite
def intervals(draw: st.DrawFn, size: int) -> tuple[int, int]:
    """Any part of an axis, or all of it."""
    if draw(st.booleans()):
        return 0, size
    start = draw(st.integers(0, size - 1))
    return start, draw(st.integers(start + 1, size))


@st.composite
def arrays(draw: st.DrawFn, shape: Shape) -> NDArray[np.float32]:
    """Random float32 values from a drawn seed: cheap, and a failure is repeatable."""
    seed = draw(st.integers(0, 1 << 16))
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


@st.composite
def parameters(draw: st.DrawFn, op: Op, *inputs: Shape) -> dict[str, NDArray[np.float32]]:
    """Random parameters of an op, by their short names."""
    return {name: draw(arrays(shape)) for name, shape in op.weight_shapes(*inputs).items()}


def _cut(array: Array, region: Region) -> Array:
    return np.ascontiguousarray(array[tuple(slice(*side) for side in region)])
