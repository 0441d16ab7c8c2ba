"""The reference engine: readable, exact, NumPy alone."""

from __future__ import annotations

from collections.abc import Sequence

from daskcnn.kernels.step import Array, Steps, Weights
from daskcnn.kernels.table import KERNELS


class NumpyEngine:
    """Runs each step's kernel in turn."""

    name = "numpy"

    def run(self, steps: Steps, weights: Weights, inputs: Sequence[Array]) -> Array:
        """The output of the last step."""
        values = list(inputs)
        for step in steps:
            own = (weights[name] for name in step.weights)
            values.append(KERNELS[type(step.op)].compute(step.op, *(values[i] for i in step.inputs), *own))
        return values[-1]
