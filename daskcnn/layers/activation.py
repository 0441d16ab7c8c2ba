"""Activations and other functions of one element."""

from __future__ import annotations

import math
from dataclasses import dataclass

from daskcnn.errors import UsageError
from daskcnn.layers.elementwise import Elementwise
from daskcnn.region import Shape

GELU_OPERATIONS = {"none": 5, "tanh": 9}
"""½·x·(1 + erf(x/√2)) has two products, a division, a sum and erf; with tanh three products and a sum more."""


@dataclass(frozen=True)
class Identity(Elementwise):
    """y = x; dropout is this when a network is not trained."""

    per_element = 0


@dataclass(frozen=True)
class Relu(Elementwise):
    """y = max(x, 0), the rectified linear unit."""


@dataclass(frozen=True)
class LeakyRelu(Elementwise):
    """y = x where x ≥ 0, alpha·x elsewhere."""

    alpha: float = 0.01

    per_element = 2


@dataclass(frozen=True)
class Elu(Elementwise):
    """y = x where x ≥ 0, alpha·(exp(x) − 1) elsewhere."""

    alpha: float = 1.0

    per_element = 4


@dataclass(frozen=True)
class Selu(Elementwise):
    """y = gamma·x where x ≥ 0, gamma·alpha·(exp(x) − 1) elsewhere; Klambauer et al. (2017)."""

    alpha: float = 1.6732632423543772
    gamma: float = 1.0507009873554805

    per_element = 5


@dataclass(frozen=True)
class Clip(Elementwise):
    """y = min(max(x, low), high).

    Examples
    --------
    ReLU6 is

    >>> Clip(0, 6)
    Clip(low=0, high=6)
    """

    low: float = -math.inf
    high: float = math.inf

    per_element = 2


@dataclass(frozen=True)
class Sigmoid(Elementwise):
    """y = 1 / (1 + exp(−x))."""

    per_element = 4


@dataclass(frozen=True)
class HardSigmoid(Elementwise):
    """y = min(max(alpha·x + beta, 0), 1)."""

    alpha: float = 0.2
    beta: float = 0.5

    per_element = 4


@dataclass(frozen=True)
class Swish(Elementwise):
    """y = x / (1 + exp(−alpha·x)); with alpha = 1 also called SiLU."""

    alpha: float = 1.0

    per_element = 6


@dataclass(frozen=True)
class HardSwish(Elementwise):
    """y = x·min(max(x/6 + ½, 0), 1); Howard et al. (2019)."""

    per_element = 5


@dataclass(frozen=True)
class Mish(Elementwise):
    """y = x·tanh(log(1 + exp(x))); Misra (2019)."""

    per_element = 5


@dataclass(frozen=True)
class Gelu(Elementwise):
    """y = x·Φ(x), Φ the normal distribution function; Hendrycks and Gimpel (2016).

    Parameters
    ----------
    approximate : str
        `none` for Φ by erf, `tanh` for ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).

    Raises
    ------
    UsageError
        For any other word.

    Examples
    --------
    >>> Gelu("tanh").operations((1, 10), (1, 10))
    90
    """

    approximate: str = "none"

    def __post_init__(self) -> None:
        if self.approximate not in GELU_OPERATIONS:
            raise UsageError(f"gelu has no approximate={self.approximate!r}; use one of {', '.join(GELU_OPERATIONS)}")

    def operations(self, output: Shape, *inputs: Shape) -> int:
        """Five an element with erf, nine with tanh."""
        return GELU_OPERATIONS[self.approximate] * math.prod(output)


@dataclass(frozen=True)
class Softplus(Elementwise):
    """y = log(1 + exp(x))."""

    per_element = 3


@dataclass(frozen=True)
class Softsign(Elementwise):
    """y = x / (1 + |x|)."""

    per_element = 3


@dataclass(frozen=True)
class Tanh(Elementwise):
    """y = tanh(x)."""


@dataclass(frozen=True)
class Erf(Elementwise):
    """y = erf(x), the error function."""


@dataclass(frozen=True)
class Exp(Elementwise):
    """y = exp(x)."""


@dataclass(frozen=True)
class Log(Elementwise):
    """y = log(x), NaN below zero."""


@dataclass(frozen=True)
class Sqrt(Elementwise):
    """y = √x, NaN below zero."""


@dataclass(frozen=True)
class Abs(Elementwise):
    """y = |x|."""


@dataclass(frozen=True)
class Neg(Elementwise):
    """y = −x."""


@dataclass(frozen=True)
class Reciprocal(Elementwise):
    """y = 1/x."""
