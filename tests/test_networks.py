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


LEARNED = {"cifar": 1_147_914, "vgg16": 138_357_544, "resnet18": 11_689_512, "resnet50": 25_557_032, "conv1024": 81}
"""Parameters that training sets: of the second and fifth reports, and as torchvision counts those of its models."""


@pytest.mark.parametrize("name", LEARNED)
def test_a_network_has_as_many_parameters_as_its_source_says(name: str) -> None:
    shapes = networks.network(name).weight_shapes()
    learned = (math.prod(own) for key, own in shapes.items() if not key.endswith((".mean", ".variance")))
    assert sum(learned) == LEARNED[name]


def test_letters_has_the_shapes_of_the_third_report() -> None:
    shapes = networks.letters().shapes(16)
    layers = ("conv1", "pool1", "conv2", "pool2", "conv3", "pool3", "flatten", "dense1", "dense2", "logsoftmax")
    assert [shapes[name][1:] for name in layers] == [
        (32, 26, 26),
        (32, 13, 13),
        (64, 11, 11),
        (64, 5, 5),
        (128, 3, 3),
        (128, 1, 1),
        (128,),
        (512,),
        (256,),
        (26,),
    ]


def test_digit_has_the_shapes_of_the_fourth_report() -> None:
    shapes = networks.digit().shapes(1)
    assert [shapes[name][1:] for name in ("conv", "pool", "gelu", "flatten", "dense")] == [
        (32, 26, 26),
        (32, 13, 13),
        (32, 13, 13),
        (5408,),
        (128,),
    ]


@pytest.mark.parametrize("name", ["resnet18", "resnet50"])
def test_a_residual_network_ends_in_a_thousand_classes_of_7x7_maps(name: str) -> None:
    net = networks.network(name)
    shapes = net.shapes(2)
    assert shapes[net.by_name["globalpool"].inputs[0]][2:] == (7, 7)
    assert shapes[net.output] == (2, 1000)


def test_a_network_has_a_name_or_is_refused() -> None:
    assert networks.network("mnist") == networks.mnist()
    with pytest.raises(UsageError, match=r"no network is named 'lenet'; known: .*mnist"):
        networks.network("lenet")
