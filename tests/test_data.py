"""The embedded images, labels and parameters: whole, consistent, and good enough."""

import hashlib
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from daskcnn.data import mnist_images, mnist_labels, mnist_parameters

SHAPES = {
    "conv1.weight": (16, 1, 3, 3),
    "conv1.bias": (16,),
    "conv2.weight": (32, 16, 3, 3),
    "conv2.bias": (32,),
    "dense1.weight": (200, 32 * 7 * 7),
    "dense1.bias": (200,),
    "dense2.weight": (200, 200),
    "dense2.bias": (200,),
    "dense3.weight": (10, 200),
    "dense3.bias": (10,),
}


@pytest.mark.parametrize(
    ("read", "header", "digest"),
    [
        (
            mnist_images,
            "00000803 00002710 0000001c 0000001c",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        ),
        (
            mnist_labels,
            "00000801 00002710",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
    ],
)
def test_the_idx_files_are_the_published_ones(read: Callable[[], NDArray[np.uint8]], header: str, digest: str) -> None:
    assert hashlib.sha256(bytes.fromhex(header) + read().tobytes()).hexdigest() == digest


def test_images_and_labels_belong_together() -> None:
    assert mnist_images().shape == (10000, 28, 28)
    counts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert np.bincount(mnist_labels()).tolist() == counts


def test_parameters_are_finite_float32_of_the_networks_shapes() -> None:
    parameters = mnist_parameters()
    assert {name: array.shape for name, array in parameters.items()} == SHAPES
    assert {array.dtype for array in parameters.values()} == {np.dtype(np.float32)}
    assert all(np.isfinite(array).all() for array in parameters.values())


def test_the_parameters_take_at_most_two_megabytes() -> None:
    assert len((files("daskcnn.data") / "mnist.npz").read_bytes()) <= 2_000_000


def test_the_parameters_read_the_digits() -> None:
    parameters = mnist_parameters()
    pixels = np.divide(mnist_images()[:, None], 255, dtype=np.float32)
    predictions = np.concatenate([_outputs(part, parameters).argmax(1) for part in np.array_split(pixels, 20)])
    assert (predictions == mnist_labels()).mean() >= 0.99


@pytest.mark.parametrize("array", [mnist_images(), mnist_labels(), *mnist_parameters().values()])
def test_what_callers_share_is_read_only(array: NDArray[Any]) -> None:
    with pytest.raises(ValueError, match="read-only"):
        array[...] = 0


def test_one_callers_dict_is_not_anothers() -> None:
    mnist_parameters().clear()
    assert set(mnist_parameters()) == set(SHAPES)
    assert mnist_parameters()["dense3.bias"] is mnist_parameters()["dense3.bias"]


def _outputs(images: NDArray[np.float32], parameters: dict[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    """The network from its definition, apart from daskcnn's kernels."""
    values = images
    for layer in ("conv1", "conv2"):
        padded = np.pad(values, ((0, 0), (0, 0), (1, 1), (1, 1)))
        windows = sliding_window_view(padded, (3, 3), (2, 3))[:, :, ::2, ::2]
        sums = np.tensordot(windows, parameters[f"{layer}.weight"], ((1, 4, 5), (1, 2, 3)))
        values = np.maximum(np.moveaxis(sums + parameters[f"{layer}.bias"], -1, 1), 0)
    values = values.reshape(len(values), -1)
    for layer in ("dense1", "dense2"):
        values = np.maximum(values @ parameters[f"{layer}.weight"].T + parameters[f"{layer}.bias"], 0)
    return values @ parameters["dense3.weight"].T + parameters["dense3.bias"]
