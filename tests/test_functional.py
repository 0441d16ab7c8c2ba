"""Layers as functions of dask arrays: the same values in any chunks, lazily, beside ordinary dask operations."""

from collections.abc import Callable
from typing import cast

import dask.array as da
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.signal import correlate2d
from scipy.special import erf, log_softmax, softmax

import daskcnn
from daskcnn.errors import UsageError
from tests.strategies import parts

Array = NDArray[np.float32]
RNG = np.random.default_rng(7)


@st.composite
def chunked(draw: st.DrawFn, shape: tuple[int, ...]) -> da.Array:
    """Normal values in chunks of any sizes."""
    seed = draw(st.integers(0, 100))
    values = np.random.default_rng(seed).normal(size=shape).astype(np.float32)
    sizes = tuple(tuple(np.diff(draw(parts(size))).tolist()) for size in shape)
    return cast(da.Array, da.from_array(values, chunks=sizes))


def convolved(x: Array, weight: Array, bias: Array, stride: int, padding: int, dilation: int) -> Array:
    """By SciPy, channel by channel."""
    height, width = ((side - 1) * dilation + 1 for side in weight.shape[2:])
    kernel = np.zeros((*weight.shape[:2], height, width))
    kernel[:, :, ::dilation, ::dilation] = weight
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))

    def one(image: Array, own: Array) -> Array:
        maps: list[Array] = [correlate2d(*pair, "valid") for pair in zip(image, own, strict=True)]
        total: Array = np.stack(maps).sum(axis=0)
        return total

    maps = [[one(image, own) + shift for own, shift in zip(kernel, bias, strict=True)] for image in padded]
    found: Array = np.array(maps)[:, :, ::stride, ::stride].astype(np.float32)
    return found


@settings(max_examples=60)
@given(data=st.data())
def test_conv2d_is_scipys_whatever_the_chunks(data: st.DataObject) -> None:
    images, channels, height, width = (
        data.draw(st.integers(low, high)) for low, high in ((1, 4), (1, 4), (5, 12), (5, 12))
    )
    x = data.draw(chunked((images, channels, height, width)))
    stride, padding, dilation = data.draw(st.tuples(st.integers(1, 3), st.integers(0, 2), st.integers(1, 2)))
    weight = RNG.normal(size=(3, channels, 2, 3)).astype(np.float32)
    bias = RNG.normal(size=3).astype(np.float32)
    found = daskcnn.conv2d(x, weight, bias, stride=stride, padding=padding, dilation=dilation)
    expected = convolved(x.compute(), weight, bias, stride, padding, dilation)
    assert found.shape == expected.shape and found.dtype == np.float32
    for optimize in (True, False):
        np.testing.assert_allclose(found.compute(optimize_graph=optimize, scheduler="sync"), expected, atol=1e-4)


def test_chunks_of_the_weight_become_those_of_the_channels() -> None:
    x = da.from_array(RNG.normal(size=(4, 3, 6, 6)).astype(np.float32), chunks=(2, 1, 3, 6))
    weight = RNG.normal(size=(8, 3, 3, 3)).astype(np.float32)
    found = daskcnn.conv2d(x, da.from_array(weight, chunks=((3, 0, 3, 2), 2, 3, 3)), padding=1)
    assert found.chunks == ((2, 2), (3, 3, 2), (3, 3), (6,))
    np.testing.assert_allclose(found.compute(), daskcnn.conv2d(x, weight, padding=1).compute(), atol=1e-5)


def test_a_halo_is_sliced_where_its_block_lies() -> None:
    x = da.zeros((2, 3, 8, 8), chunks=(2, 3, 4, 8), dtype=np.float32)
    found = daskcnn.conv2d(x, np.ones((1, 3, 3, 3), np.float32), padding=1)
    slices = [task for key, task in found.dask.items() if str(key[0]).startswith("conv2d.x")]
    assert len(slices) == 2  # a row each way
    assert {task({key: np.zeros((2, 3, 4, 8)) for key in task.dependencies}).shape for task in slices} == {(2, 3, 1, 8)}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (daskcnn.relu, lambda x: np.maximum(x, 0)),
        (daskcnn.gelu, lambda x: 0.5 * x * (1 + erf(x / np.sqrt(2)))),
        (daskcnn.softmax, lambda x: softmax(x, axis=1)),
        (daskcnn.log_softmax, lambda x: log_softmax(x, axis=1)),
        (daskcnn.global_average_pool, lambda x: x.mean(axis=(2, 3), keepdims=True)),
        (daskcnn.flatten, lambda x: x.reshape(len(x), -1)),
        (lambda x: daskcnn.max_pool2d(x, 2), lambda x: x[:, :, :6, :8].reshape(5, 4, 3, 2, 4, 2).max(axis=(3, 5))),
        (lambda x: daskcnn.average_pool2d(x, 2), lambda x: x[:, :, :6, :8].reshape(5, 4, 3, 2, 4, 2).mean(axis=(3, 5))),
    ],
)
@settings(max_examples=15)
@given(x=chunked((5, 4, 7, 9)))
def test_each_is_numpys(ours: Callable[[da.Array], da.Array], theirs: Callable[[Array], Array], x: da.Array) -> None:
    found, expected = ours(x), theirs(x.compute())
    assert found.shape == expected.shape
    np.testing.assert_allclose(found.compute(scheduler="sync"), expected, rtol=1e-4, atol=1e-5)


@settings(max_examples=15)
@given(x=chunked((4, 6)))
def test_dense_is_a_product(x: da.Array) -> None:
    weight, bias = RNG.normal(size=(5, 6)), RNG.normal(size=5)
    found = daskcnn.dense(x, weight, bias).compute(scheduler="sync")
    np.testing.assert_allclose(found, x.compute() @ weight.T + bias, rtol=1e-4, atol=1e-5)


@settings(max_examples=15)
@given(x=chunked((3, 4, 5, 5)))
def test_batch_norm_takes_its_parameters_from_either_library(x: da.Array) -> None:
    weight, bias, mean, variance = (RNG.uniform(0.5, 1.5, 4).astype(np.float32) for _ in range(4))
    found = daskcnn.batch_norm(x, weight, da.from_array(bias), mean, da.from_array(variance, chunks=2))
    shift = ((x.compute().transpose(0, 2, 3, 1) - mean) / np.sqrt(variance + 1e-5) * weight + bias).transpose(
        0, 3, 1, 2
    )
    np.testing.assert_allclose(found.compute(scheduler="sync"), shift, rtol=1e-4, atol=1e-5)


def test_a_transposed_convolution_undoes_the_shape_of_a_convolution() -> None:
    x = da.ones((2, 3, 5, 6), chunks=(1, 2, 2, 6), dtype=np.float32)
    found = daskcnn.conv_transpose2d(x, np.ones((3, 4, 2, 2), np.float32), stride=2)
    assert found.shape == (2, 4, 10, 12)
    np.testing.assert_array_equal(found.compute(), 3)


def test_they_stand_among_ordinary_operations() -> None:
    x = da.from_array(RNG.normal(size=(6, 2, 8, 8)).astype(np.float32), chunks=(2, 2, 3, 5))
    weight = np.ones((2, 2, 1, 1), np.float32)
    found = (daskcnn.relu(daskcnn.conv2d(x + 1, weight)) * 2)[::2, 0].sum(axis=(1, 2))
    images = x.compute() + 1
    expected = 2 * np.maximum(images.sum(axis=1), 0)[::2].sum(axis=(1, 2))
    np.testing.assert_allclose(found.compute(scheduler="threads"), expected, rtol=1e-5)


def test_other_dtypes_and_empty_chunks_are_taken() -> None:
    x = da.from_array(np.arange(24, dtype=np.int32).reshape(2, 1, 3, 4), chunks=((0, 2), (1,), (1, 0, 2), (4,)))
    np.testing.assert_array_equal(daskcnn.relu(x - 12).compute(), np.maximum(x.compute() - 12, 0))


def test_the_same_call_has_the_same_keys_and_another_has_others() -> None:
    x = da.ones((2, 1, 4, 4), chunks=(1, 1, 4, 4))
    weight = np.ones((1, 1, 2, 2))
    assert daskcnn.conv2d(x, weight).name == daskcnn.conv2d(x, weight).name
    assert daskcnn.conv2d(x, weight).name != daskcnn.conv2d(x, weight + 1).name
    assert daskcnn.conv2d(x, weight).name != daskcnn.conv2d(x, weight, stride=2).name


def test_what_does_not_fit_is_refused_before_anything_runs() -> None:
    x = da.ones((2, 3, 4, 4))
    unknown = x[da.from_array(np.array([True, False]))]
    with pytest.raises(UsageError, match="weight"):
        daskcnn.conv2d(x, np.ones((1, 2, 2, 2)))
    with pytest.raises(UsageError, match="kernel"):
        daskcnn.conv2d(x, np.ones((1, 3, 5, 5)))
    for function in (daskcnn.conv2d, daskcnn.conv_transpose2d):
        with pytest.raises(UsageError, match=r"weight of shape \(1, 3, 2\) has not 4 axes"):
            function(x, np.ones((1, 3, 2)))
    with pytest.raises(UsageError, match="compute_chunk_sizes"):
        daskcnn.relu(unknown)
    with pytest.raises(UsageError, match=r"shape \(0, 3, 4, 4\) holds nothing"):
        daskcnn.relu(x[:0])


def test_numpy_arrays_and_lists_are_taken_and_complex_values_are_not() -> None:
    x = RNG.normal(size=(2, 1, 5, 5)).astype(np.float32)
    weight = np.ones((1, 1, 2, 2), np.float32)
    found = daskcnn.conv2d(x, weight, stride=[2, 1], padding=[1, 0, 0, 1])
    np.testing.assert_array_equal(
        found.compute(), daskcnn.conv2d(da.from_array(x), weight, stride=(2, 1), padding=(1, 0, 0, 1)).compute()
    )
    with pytest.raises(UsageError, match="complex64"):
        daskcnn.relu(x + 1j)
