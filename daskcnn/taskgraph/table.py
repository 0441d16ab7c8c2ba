"""What questions are asked with, and what they answer: settings that are checked, variables with name and unit."""

from __future__ import annotations

from typing import Any, TypeVar

from dask.utils import parse_bytes
from numpy.typing import ArrayLike

from daskcnn.errors import UsageError, telling
from daskcnn.quantity import quantity

N = TypeVar("N", int, float)


def column(dims: str | tuple[str, ...], values: ArrayLike, name: str, units: str = "") -> Any:
    """A variable of a Dataset, `()` for a number.

    >>> column("layer", [1, 2], "Bytes", "B")
    ('layer', [1, 2], {'long_name': 'Bytes', 'units': 'B'})
    """
    return dims, values, {"long_name": name} | ({"units": units} if units else {})


def told(value: float, units: str = "B") -> str:
    """Bytes, or a cost in its unit, as people read them.

    >>> told(2048.0), told(float("nan")), told(0.25, "s"), told(1.0, "tasks")
    ('2.00 kiB', 'unknown', '250.00 ms', '1 task')
    """
    return "unknown" if value != value else quantity(value, units)


def positive(name: str, value: N) -> N:
    """The value of a setting that must be above zero.

    Raises
    ------
    UsageError
        It is not.
    """
    if not value > 0:
        raise UsageError(f"{name} is {value}; give a number above 0")
    return value


def memory_limit(limit: float | str | None) -> float:
    """Bytes of a limit given as a number, as people write it, or not at all: NaN.

    Raises
    ------
    UsageError
        It is no size, or none above 0.

    >>> memory_limit("2 kB"), memory_limit(None)
    (2000.0, nan)
    """
    if limit is None:
        return float("nan")
    with telling(UsageError, f"limit {limit!r} is no size", "give bytes, or as in '2 GB'"):
        size = float(parse_bytes(limit))
    return positive("limit", size)
