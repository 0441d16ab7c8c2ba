"""Networks by name: those of the source reports, and three that everybody knows, for study."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from daskcnn.data import mnist_parameters
from daskcnn.errors import UsageError
from daskcnn.layers import (
    BatchNorm,
    Conv2d,
    Dense,
    Flatten,
    Gelu,
    Identity,
    LogSoftmax,
    MaxPool2d,
    Op,
    Relu,
)
from daskcnn.model import Model
from daskcnn.residual import resnet

Named = list[tuple[str, Op]]
same = partial(Conv2d, kernel=(3, 3), padding=(1, 1, 1, 1))
halve = partial(MaxPool2d, (2, 2), stride=(2, 2))


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
    layers: Named = [
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


def cifar(seed: int = 0) -> Model:
    """The second report's network: 32x32 colour images, three convolutions with batch norm; seeded weights.

    Examples
    --------
    >>> import daskcnn
    >>> daskcnn.networks.cifar().shapes(batch=1)["flatten"]
    (1, 2048)
    """
    layers: Named = []
    for number, channels in enumerate((32, 64, 128), start=1):
        layers += [
            (f"conv{number}", same(channels)),
            (f"norm{number}", BatchNorm()),
            (f"relu{number}", Relu()),
            (f"pool{number}", halve()),
        ]
    layers += [
        ("flatten", Flatten()),
        ("dense1", Dense(512)),
        ("relu4", Relu()),
        ("dropout", Identity()),
        ("dense2", Dense(10)),
    ]
    return Model.chain("cifar", (3, 32, 32), layers).seeded(seed)


def letters(seed: int = 0) -> Model:
    """The third report's network: 28x28 letters, GELU, 26 classes as log-probabilities; seeded weights.

    Examples
    --------
    >>> import daskcnn
    >>> daskcnn.networks.letters().shapes(batch=1)["pool3"]
    (1, 128, 1, 1)
    """
    layers: Named = []
    for number, channels in enumerate((32, 64, 128), start=1):
        layers += [
            (f"conv{number}", Conv2d(channels, (3, 3))),
            (f"pool{number}", halve()),
            (f"gelu{number}", Gelu()),
        ]
    layers += [
        ("flatten", Flatten()),
        ("dense1", Dense(512)),
        ("gelu4", Gelu()),
        ("dense2", Dense(256)),
        ("gelu5", Gelu()),
        ("dense3", Dense(26)),
        ("logsoftmax", LogSoftmax()),
    ]
    return Model.chain("letters", (1, 28, 28), layers).seeded(seed)


def digit(seed: int = 0) -> Model:
    """The fourth report's walk-through: 28x28 digits, a convolution, a pool, GELU, a dense layer; seeded weights.

    Examples
    --------
    >>> import daskcnn
    >>> daskcnn.networks.digit().shapes(batch=1)["flatten"]
    (1, 5408)
    """
    layers: Named = [
        ("conv", Conv2d(32, (3, 3))),
        ("pool", halve()),
        ("gelu", Gelu()),
        ("flatten", Flatten()),
        ("dense", Dense(128)),
    ]
    return Model.chain("digit", (1, 28, 28), layers).seeded(seed)


def conv1024(seed: int = 0) -> Model:
    """The fifth report's single layer: 3 to 3 channels, 3x3, no padding, on colour images of 1024x1024.

    Examples
    --------
    >>> import daskcnn
    >>> daskcnn.networks.conv1024().shapes(batch=80)["conv"]
    (80, 3, 1022, 1022)
    """
    return Model.chain("conv1024", (3, 1024, 1024), [("conv", Conv2d(3, (3, 3), bias=False))]).seeded(seed)


def vgg16(seed: int = 0) -> Model:
    """Configuration D of Simonyan and Zisserman (2015); seeded weights.

    Examples
    --------
    >>> import daskcnn
    >>> sum(daskcnn.networks.vgg16().operations(batch=1).values()) // 2_000_000
    15480
    """
    layers: Named = []
    for block, (channels, convs) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)), start=1):
        for conv in range(1, convs + 1):
            layers += [(f"conv{block}_{conv}", same(channels)), (f"relu{block}_{conv}", Relu())]
        layers.append((f"pool{block}", halve()))
    layers += [
        ("flatten", Flatten()),
        ("dense1", Dense(4096)),
        ("relu6", Relu()),
        ("dense2", Dense(4096)),
        ("relu7", Relu()),
        ("dense3", Dense(1000)),
    ]
    return Model.chain("vgg16", (3, 224, 224), layers).seeded(seed)


def resnet18(seed: int = 0) -> Model:
    """He et al. (2016), table 1, 18 layers, on 224x224 colour images; seeded weights.

    Examples
    --------
    >>> import daskcnn
    >>> daskcnn.networks.resnet18().shapes(batch=1)["globalpool"]
    (1, 512, 1, 1)
    """
    return Model("resnet18", *resnet((2, 2, 2, 2), bottleneck=False)).seeded(seed)


def resnet50(seed: int = 0) -> Model:
    """He et al. (2016), table 1, 50 layers, with the stride in the 3x3 convolutions; seeded weights.

    Examples
    --------
    >>> import daskcnn
    >>> daskcnn.networks.resnet50().shapes(batch=1)["globalpool"]
    (1, 2048, 1, 1)
    """
    return Model("resnet50", *resnet((3, 4, 6, 3), bottleneck=True)).seeded(seed)


NETWORKS: dict[str, Callable[[], Model]] = {
    own.__name__: own for own in (mnist, cifar, letters, digit, conv1024, vgg16, resnet18, resnet50)
}
INPUTS = {
    "mnist": "mnist",
    "cifar": "random:10000x3x32x32",
    "letters": "random:10000x1x28x28",
    "digit": "random:10000x1x28x28",
    "conv1024": "random:80x3x1024x1024",
    "vgg16": "random:16x3x224x224",
    "resnet18": "random:32x3x224x224",
    "resnet50": "random:32x3x224x224",
}
"""What each reads unless told otherwise, as `daskcnn.sources.open_source` has it."""


def network(name: str) -> Model:
    """The network of that name; UsageError with the known names for any other."""
    if name not in NETWORKS:
        raise UsageError(f"no network is named {name!r}; known: {', '.join(sorted(NETWORKS))}")
    return NETWORKS[name]()
