"""What lies on the workers beforehand: images and parameters, each where it is needed, once."""

from collections import Counter

import numpy as np
import pytest

from daskcnn import networks
from daskcnn.blocks.layer import BlockLayer
from daskcnn.forward import Forward, forward
from daskcnn.kernels import Weights
from daskcnn.plan import Plan
from daskcnn.sources import MnistTest


def mnist(chunks: str, workers: int = 2, batch: int | None = None) -> Forward:
    """The first report's network, cut."""
    plan = Plan.of(networks.mnist(), chunks, images=12, workers=workers, batch=batch)
    return forward(plan, MnistTest(12))


def held(work: Forward, label: str) -> BlockLayer:
    """The layer of that name."""
    [found] = [layer for layer in work.setup if layer.label == label]
    return found


@pytest.mark.parametrize(
    ("chunks", "batch", "owners"),
    [
        ("batch=2", None, [0, 1]),
        ("batch=2", 2, [0, 1]),
        ("batch=4", None, [0, 1]),
        ("spatial=2", 2, [0, 1]),
        ("channel=2", None, [0, 1]),
        ("channel=4", None, [0, 0, 1, 1]),
    ],
)
def test_a_worker_holds_parameters_once_whatever_its_blocks(chunks: str, batch: int | None, owners: list[int]) -> None:
    first = mnist(chunks, batch=batch).setup[0]
    assert first.label.endswith(".weights")
    assert first.owners == owners


def test_a_channel_block_holds_its_own_channels() -> None:
    layer = held(mnist("channel=2"), "conv2..flatten.weights")
    parameters = networks.mnist().parameters
    found = [task({}) for task in layer.tasks.values()]
    assert all(isinstance(own, Weights) for own in found)
    for name in ("conv2.weight", "conv2.bias"):
        np.testing.assert_array_equal(np.concatenate([own[name] for own in found]), parameters[name])
    assert layer.nbytes == [own.__sizeof__() for own in found] == [16 * 16 * 9 * 4 + 16 * 4] * 2


def test_images_are_read_with_the_rows_that_the_kernel_reaches() -> None:
    layer = held(mnist("spatial=2"), "conv1.images")
    pixels = MnistTest(12).read(((0, 12), (0, 1), (0, 28), (0, 28)))
    top, bottom = (task({}) for task in layer.tasks.values())
    np.testing.assert_array_equal(top, pixels[:, :, :14])
    np.testing.assert_array_equal(bottom, pixels[:, :, 13:])
    assert layer.nbytes == [top.nbytes, bottom.nbytes]
    assert layer.owners == [0, 1]


def test_blocks_of_a_worker_share_the_images_they_all_read() -> None:
    work = mnist("channel=4")
    layer = held(work, "conv1.images")
    assert layer.owners == [0, 1]
    reads = Counter(key for task in work.work[0].tasks.values() for key in task.dependencies if key in layer.tasks)
    assert list(reads.values()) == [2, 2]


def test_images_are_read_by_no_task_of_the_client() -> None:
    work = mnist("batch=3", workers=3)
    assert all(not task.dependencies for layer in work.setup for task in layer.tasks.values())
    regions = [task.args[0] for task in held(work, "conv1.images").tasks.values()]
    assert [region[0] for region in regions] == [(0, 4), (4, 8), (8, 12)]
