"""A fully connected layer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from daskcnn.errors import UsageError
from daskcnn.layers.base import Op
from daskcnn.region import Region, Shape, whole


@dataclass(frozen=True)
class Dense(Op):
    """y = x · weightᵀ + bias, for x of shape (batch, inputs) and y of shape (batch, features).

    Examples
    --------
    >>> Dense(128).operations((1, 128), (1, 5408)) // 2
    692224
    """

    features: int
    bias: bool = True

    cuts = frozenset({"batch", "channel"})

    def output_shape(self, *inputs: Shape) -> Shape:
        """(batch, features)."""
        if len(inputs[0]) != 2:
            raise UsageError(f"dense takes (batch, features), not {inputs[0]}; put a flatten before it")
        return inputs[0][0], self.features

    def weight_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        """Weight (features, inputs) and bias (features,)."""
        shapes: dict[str, Shape] = {"weight": (self.features, inputs[0][1]), "bias": (self.features,)}
        return shapes if self.bias else {"weight": shapes["weight"]}

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """A multiply-add for each output feature and each input feature."""
        return 2 * output[0] * output[1] * inputs[0][1]

    def needs(self, output: Region, *inputs: Shape) -> tuple[Region, ...]:
        """All input features of the same images."""
        return ((output[0], (0, inputs[0][1])),)

    def local(self, output: Region, *inputs: Shape) -> Dense:
        """The same with its own features only."""
        return replace(self, features=output[1][1] - output[1][0])

    def weights(self, output: Region, *inputs: Shape) -> dict[str, Region]:
        """The rows of its own features."""
        return {name: (output[1], *whole(shape)[1:]) for name, shape in self.weight_shapes(*inputs).items()}
