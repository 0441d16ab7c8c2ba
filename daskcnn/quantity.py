"""A number as people read it, by its unit."""

from __future__ import annotations

import math

from dask.utils import format_bytes, format_time

PREFIXES = (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3), ("", 1.0))
RATES = ("B/s", "FLOP/s")
TASKS = "tasks"
"""The unit of costs where none are known: it is counted."""


def quantity(value: object, unit: str = "") -> str:
    """A value with its unit: bytes in binary multiples, seconds in what suits, rates with a prefix, counts with commas.

    A dash stands for what is not a finite number.

    >>> quantity(3 << 20, "B"), quantity(0.25, "s"), quantity(48.25e9, "FLOP/s"), quantity(692224, "FLOP")
    ('3.00 MiB', '250.00 ms', '48.2 GFLOP/s', '692,224 FLOP')
    >>> quantity(12_000), quantity(12_345.6), quantity(1.2345)
    ('12,000', '12,346', '1.23')
    >>> quantity(float("nan"), "B"), quantity(True), quantity("given")
    ('–', 'yes', 'given')
    >>> quantity(1.0, "tasks"), quantity(2.0, "tasks")
    ('1 task', '2 tasks')
    """
    value = getattr(value, "item", lambda: value)()  # What NumPy has, as Python has it.
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, int | float):
        return str(value)
    if not math.isfinite(value):
        return "–"
    if unit == "B":
        return str(format_bytes(int(value)))
    if unit == "s":
        return str(format_time(value)) if value else "0 s"
    if unit in RATES:
        return _prefixed(value, unit)
    if value == 1 and unit == TASKS:
        return "1 task"
    text = f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 1000 else f"{value:,.3g}"
    return f"{text} {unit}" if unit else text


def _prefixed(value: float, unit: str) -> str:
    # By the value as it is shown: 999.9 is 1 of the next prefix.
    shown = float(f"{value:.3g}")
    prefix, size = next((pair for pair in PREFIXES if abs(shown) >= pair[1]), PREFIXES[-1])
    return f"{shown / size:.3g} {prefix}{unit}"


def many(number: int, noun: str) -> str:
    """A number of things.

    >>> many(1, "worker"), many(10_000, "image")
    ('1 worker', '10,000 images')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
