"""Batch normalization of a trained network."""

from __future__ import annotations

from dataclasses import dataclass

from daskcnn.errors import UsageError
from daskcnn.layers.elementwise import Elementwise
from daskcnn.region import Region, Shape

PARAMETERS = ("weight", "bias", "mean", "variance")


@dataclass(frozen=True)
class BatchNorm(Elementwise):
    """y = weight·(x − mean) / √(variance + epsilon) + bias, each parameter of shape (channels,).

    x is (batch, channels) or (batch, channels, height, width). Source: Ioffe and Szegedy (2015), with the
    mean and variance of training.
    """

    epsilon: float = 1e-5

    per_element = 2

    def output_shape(self, *inputs: Shape) -> Shape:
        """The input's shape."""
        if len(inputs[0]) < 2:
            raise UsageError(f"batch norm takes (batch, channels, …), not {inputs[0]}; give it a channel axis")
        return inputs[0]

    def weight_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        """Weight, bias, mean and variance of each channel."""
        return dict.fromkeys(PARAMETERS, (inputs[0][1],))

    def weights(self, output: Region, *inputs: Shape) -> dict[str, Region]:
        """Those of its own channels."""
        return dict.fromkeys(PARAMETERS, (output[1],))
