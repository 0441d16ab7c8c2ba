"""MNIST's 10 000 test images, their labels, and trained parameters for them."""

from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daskcnn.idx import read_idx


@cache
def mnist_images() -> NDArray[np.uint8]:
    """The MNIST test images of Y. LeCun, C. Cortes and C. J. C. Burges: uint8, (10000, 28, 28), read-only.

    Examples
    --------
    >>> mnist_images().shape
    (10000, 28, 28)
    """
    return _idx("t10k-images-idx3-ubyte.gz")


@cache
def mnist_labels() -> NDArray[np.uint8]:
    """The digits 0 to 9 that the images show: uint8, (10000,), read-only.

    Examples
    --------
    >>> mnist_labels()[:3]
    array([7, 2, 1], dtype=uint8)
    """
    return _idx("t10k-labels-idx1-ubyte.gz")


def mnist_parameters() -> dict[str, NDArray[np.float32]]:
    """Trained parameters of `daskcnn.networks.mnist`: read-only float32 by ``layer.weight`` or ``layer.bias``.

    Convolution weights are (output channels, input channels, height, width), dense ones (output features,
    input features) with inputs flattened as (channel, height, width). They expect pixels divided by 255.
    ``examples/train_mnist.py`` made them.

    Examples
    --------
    >>> mnist_parameters()["conv2.weight"].shape
    (32, 16, 3, 3)
    """
    return dict(_parameters())


@cache
def _parameters() -> dict[str, NDArray[np.float32]]:
    with as_file(files(__name__) / "mnist.npz") as path, np.load(path) as arrays:
        return {name: _freeze(arrays[name]) for name in arrays.files}


def _idx(name: str) -> NDArray[Any]:
    with as_file(files(__name__) / name) as path:
        return _freeze(read_idx(path))


def _freeze(array: NDArray[Any]) -> NDArray[Any]:
    """Guard what every caller shares."""
    array.setflags(write=False)
    return array
