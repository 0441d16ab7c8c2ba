"""The engines behind one protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from daskcnn.errors import UsageError
from daskcnn.kernels.numpy_engine import NumpyEngine
from daskcnn.kernels.onnxruntime_engine import OnnxruntimeEngine
from daskcnn.kernels.step import Array, Step, Steps, Weights

__all__ = ["ENGINES", "Engine", "Step", "Steps", "Weights", "engine"]


class Engine(Protocol):
    """Something that computes a block's steps, on one thread."""

    name: str

    def run(self, steps: Steps, weights: Weights, inputs: Sequence[Array]) -> Array:
        """The output of the last step.

        Parameters
        ----------
        steps : Steps
        weights : Weights
            By the names that the steps use.
        inputs : sequence of arrays
            The block's inputs, C-contiguous, batch first.
        """


ENGINES: dict[str, Engine] = {"onnxruntime": OnnxruntimeEngine(), "numpy": NumpyEngine()}


def engine(name: str) -> Engine:
    """The engine of that name; UsageError with the known names for any other."""
    if name not in ENGINES:
        raise UsageError(f"unknown engine {name!r}; use one of {', '.join(ENGINES)}")
    return ENGINES[name]
