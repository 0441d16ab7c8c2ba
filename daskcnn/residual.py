"""Residual networks: layers whose input is added to their output."""

from __future__ import annotations

from dataclasses import dataclass, field

from daskcnn.layers import Add, BatchNorm, Conv2d, Dense, Flatten, GlobalAveragePool, MaxPool2d, Op, Relu
from daskcnn.network import INPUT, Layer
from daskcnn.region import Shape


@dataclass
class Chain:
    """Layers as they are put one after the other."""

    layers: list[Layer] = field(default_factory=list)

    def add(self, name: str, op: Op, *inputs: str) -> str:
        """Append a layer; its name."""
        self.layers.append(Layer(name, op, inputs))
        return name

    def conv(self, name: str, before: str, channels: int, kernel: int, stride: int = 1) -> str:
        """A convolution without bias that keeps the image's size but for its stride, and a batch norm."""
        op = Conv2d(channels, (kernel, kernel), (stride, stride), (kernel // 2,) * 4, bias=False)
        return self.add(f"{name}.norm", BatchNorm(), self.add(name, op, before))


def resnet(blocks: tuple[int, ...], bottleneck: bool) -> tuple[dict[str, Shape], tuple[Layer, ...]]:
    """Inputs and layers of a residual network for 1000 classes.

    Source: He et al., "Deep residual learning for image recognition" (2016), table 1 and figure 5.

    Parameters
    ----------
    blocks : tuple of int
        Blocks with 64, 128, 256 and 512 channels.
    bottleneck : bool
        Whether a block is 1x1, 3x3, 1x1 with four times the channels in the end, or two of 3x3.

    Examples
    --------
    >>> inputs, layers = resnet((2, 2, 2, 2), bottleneck=False)
    >>> len([layer for layer in layers if isinstance(layer.op, (Conv2d, Dense))]) - 3
    18
    """
    chain = Chain()
    last = chain.add("relu", Relu(), chain.conv("conv", INPUT, 64, kernel=7, stride=2))
    last = chain.add("pool", MaxPool2d((3, 3), (2, 2), (1, 1, 1, 1)), last)
    channels = 64
    for stage, count in enumerate(blocks):
        for number in range(count):
            stride = 2 if stage and not number else 1
            width = 64 << stage
            wide = width * 4 if bottleneck else width
            last = _block(chain, f"block{stage + 1}_{number + 1}", last, (channels, width, wide), stride)
            channels = wide
    last = chain.add("flatten", Flatten(), chain.add("globalpool", GlobalAveragePool(), last))
    chain.add("dense", Dense(1000), last)
    return {INPUT: (3, 224, 224)}, tuple(chain.layers)


def _block(chain: Chain, name: str, before: str, channels: tuple[int, int, int], stride: int) -> str:
    have, width, wide = channels
    kernels = [(width, 1, 1), (width, 3, stride), (wide, 1, 1)] if wide > width else [(width, 3, stride), (wide, 3, 1)]
    last = before
    for number, (out, kernel, step) in enumerate(kernels, start=1):
        last = chain.conv(f"{name}.conv{number}", last, out, kernel, step)
        if number < len(kernels):
            last = chain.add(f"{name}.relu{number}", Relu(), last)
    if have != wide or stride > 1:
        before = chain.conv(f"{name}.skip", before, wide, 1, stride)
    return chain.add(f"{name}.relu", Relu(), chain.add(f"{name}.add", Add(), last, before))
