"""The reference engine: readable, exact, NumPy alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from daskcnn.kernels import argmax, conv, dense, flatten, relu
from daskcnn.kernels.step import Array, Steps, Weights
from daskcnn.layers import Argmax, Conv2d, Dense, Flatten, Op, Relu

KERNELS: dict[type[Op], Callable[..., Array]] = {
    Argmax: argmax.compute,
    Conv2d: conv.compute,
    Dense: dense.compute,
    Flatten: flatten.compute,
    Relu: relu.compute,
}


class NumpyEngine:
    """Runs each step's `compute`: `compute(op, *inputs, *weights)`."""

    name = "numpy"

    def run(self, steps: Steps, weights: Weights, inputs: Sequence[Array]) -> Array:
        """The output of the last step."""
        values = list(inputs)
        for step in steps:
            own = (weights[name] for name in step.weights)
            values.append(KERNELS[type(step.op)](step.op, *(values[i] for i in step.inputs), *own))
        return values[-1]
