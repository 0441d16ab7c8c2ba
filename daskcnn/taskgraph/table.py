"""What questions are asked with, and what they answer: settings that are checked, variables with name and unit."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

from dask.utils import parse_bytes
from numpy.typing import ArrayLike

from daskcnn.errors import UsageError, telling
from daskcnn.quantity import quantity


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


def positive(name: str, value: float, or_zero: bool = False) -> float:
    """The value of a setting that must be a number above zero, or, where that is allowed, zero.

    Raises
    ------
    UsageError
        It is not.
    """
    number = isinstance(value, Real) and not isinstance(value, bool)
    if not number or not (value > 0 or (or_zero and value == 0)):
        raise UsageError(f"{name} is {value!r}; give a number {'from 0 on' if or_zero else 'above 0'}")
    return value


def whole(name: str, value: int, least: int = 1) -> int:
    """The value of a setting that must be a whole number.

    Raises
    ------
    UsageError
        It is not, or below the least.

    >>> whole("workers", 4)
    4
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise UsageError(f"{name} is {value!r}; give a whole number from {least} on")
    return int(value)


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
    way_out = "give bytes, or as in '2 GB'"
    if isinstance(limit, bool) or (isinstance(limit, str) and not any(map(str.isdigit, limit))):
        raise UsageError(f"limit {limit!r} is no size; {way_out}")
    with telling(UsageError, f"limit {limit!r} is no size", way_out):
        size = float(parse_bytes(limit))
    return positive("limit", size)
