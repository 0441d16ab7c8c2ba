"""A block's work as a list of steps, the same for every engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daskcnn.layers import Op

Array = NDArray[Any]


@dataclass(frozen=True)
class Step:
    """One op of a block."""

    op: Op
    inputs: tuple[int, ...]
    """What it reads: the block's inputs are numbered first, then the outputs of the steps in order."""
    weights: tuple[str, ...]
    """Names of its parameters."""


Steps = tuple[Step, ...]


class Weights(dict[str, NDArray[np.float32]]):
    """The parameters of a block, by name; an engine keeps what it compiled for them beside them.

    That ties a compiled session to the life of its parameters on their worker, and it never travels.
    """

    def __init__(self, arrays: Mapping[str, NDArray[np.float32]]) -> None:
        super().__init__(arrays)
        self.compiled: dict[Any, Any] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Weights, (dict(self),)

    def __sizeof__(self) -> int:
        return sum(array.nbytes for array in self.values())
