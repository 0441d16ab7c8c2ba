"""The networks of the source reports, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from daskcnn.data import mnist_parameters
from daskcnn.errors import UsageError
from daskcnn.layers import Conv2d, Dense, Flatten, Relu
from daskcnn.model import Model


def mnist() -> Model:
    """The first report's network, trained: 28x28 digits, two convolutions, three dense layers.

    Returns
    -------
    Model
        From (batch, 1, 28, 28) float32 in [0, 1] to (batch, 10) float32, unnormalised.

    Examples
    --------
    >>> import daskcnn
    >>> daskcnn.networks.mnist().shapes(batch=10_000)["conv2"]
    (10000, 32, 7, 7)
    """
    conv = partial(Conv2d, kernel=(3, 3), stride=(2, 2), padding=(1, 1, 1, 1))
    layers = [
        ("conv1", conv(16)),
        ("relu1", Relu()),
        ("conv2", conv(32)),
        ("relu2", Relu()),
        ("flatten", Flatten()),
        ("dense1", Dense(200)),
        ("relu3", Relu()),
        ("dense2", Dense(200)),
        ("relu4", Relu()),
        ("dense3", Dense(10)),
    ]
    return Model.chain("mnist", (1, 28, 28), layers).with_parameters(mnist_parameters())


NETWORKS: dict[str, Callable[[], Model]] = {"mnist": mnist}


def network(name: str) -> Model:
    """The network of that name; UsageError with the known names for any other."""
    if name not in NETWORKS:
        raise UsageError(f"no network is named {name!r}; known: {', '.join(sorted(NETWORKS))}")
    return NETWORKS[name]()
