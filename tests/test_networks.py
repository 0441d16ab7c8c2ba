"""The networks of the reports, against what the reports say of them."""

import math

import numpy as np
import pytest

from daskcnn import data, networks
from daskcnn.errors import UsageError
from tests import reference


def test_mnist_is_the_first_reports_network() -> None:
    network = networks.mnist()
    shapes = network.shapes(10_000)
    assert [shapes[name] for name in ("conv1", "conv2", "flatten", "dense1", "dense2", "dense3")] == [
        (10_000, 16, 14, 14),
        (10_000, 32, 7, 7),
        (10_000, 1568),
        (10_000, 200),
        (10_000, 200),
        (10_000, 10),
    ]
    parameters = 16 * 9 + 16 + 32 * 16 * 9 + 32 + 200 * 1568 + 200 + 200 * 200 + 200 + 10 * 200 + 10
    assert sum(map(math.prod, network.weight_shapes().values())) == parameters


def test_mnist_is_trained() -> None:
    images = data.mnist_images()[:50, None] / np.float64(255)
    named = reference.run(networks.mnist(), images)["dense3"].argmax(axis=1)
    assert (named == data.mnist_labels()[:50]).mean() >= 0.96


def test_a_network_has_a_name_or_is_refused() -> None:
    assert networks.network("mnist") == networks.mnist()
    with pytest.raises(UsageError, match=r"no network is named 'lenet'; known: .*mnist"):
        networks.network("lenet")
