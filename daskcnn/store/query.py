"""Which runs of the store's table, and in which order."""

import operator
import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn.errors import UsageError

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "!=": operator.ne,
    "==": operator.eq,
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}
"""The longer ones first: so they are looked for."""
CONDITION = re.compile(rf"\s*([^<>=!]+?)\s*({'|'.join(OPERATORS)})\s*(.*?)\s*", re.DOTALL)


def where(runs: xr.Dataset, conditions: Iterable[str]) -> xr.Dataset:
    """The runs for which all conditions hold.

    Parameters
    ----------
    runs : xarray.Dataset
        The store's table, along `run`.
    conditions : iterable of str
        A column, one of `= == != < <= > >=`, and a value: `workers>=2`, `network=mnist`. Where texts are to be the
        same or not, `*` stands for any letters; what is less goes by the alphabet. For a number that a run lacks, only
        `!=` holds.

    Raises
    ------
    UsageError
        A condition that is none, a column that no run has, or a value that is no number where numbers are.

    Examples
    --------
    >>> runs = xr.Dataset({"chunks": ("run", ["batch=2", "channel=2"]), "seconds": ("run", [0.5, np.nan])})
    >>> where(runs, ["chunks=*=2", "seconds<1"])["chunks"].values.tolist()
    ['batch=2']
    """
    kept = np.ones(runs.sizes["run"], bool)
    for condition in conditions:
        kept &= _holds(runs, condition)
    return runs.isel(run=kept)


def ordered(runs: xr.Dataset, by: str) -> xr.Dataset:
    """The runs by a column, the least first, or with `-` before its name the greatest; those without a number last.

    Examples
    --------
    >>> runs = xr.Dataset({"seconds": ("run", [0.5, np.nan, 2.0])}, {"run": ["a", "b", "c"]})
    >>> ordered(runs, "-seconds")["run"].values.tolist()
    ['c', 'a', 'b']
    """
    values = _column(runs, by.removeprefix("-"))
    # Equals stay in the order of time, whichever way round.
    ranks = np.unique(values, return_inverse=True)[1]
    lacking = values != values
    return runs.isel(run=np.lexsort((-ranks if by.startswith("-") else ranks, lacking)))


def _holds(runs: xr.Dataset, condition: str) -> NDArray[np.bool_]:
    found = CONDITION.fullmatch(condition)
    if not found:
        raise UsageError(f"condition {condition!r} is none: write a column, one of {' '.join(OPERATORS)}, and a value")
    name, sign, value = found.groups()
    values = _column(runs, name)
    if values.dtype.kind not in "US":
        return np.asarray(OPERATORS[sign](values, _number(condition, value)))
    if sign in ("=", "==", "!="):
        pattern = re.compile(".*".join(map(re.escape, value.split("*"))), re.DOTALL)
        equal = np.array([bool(pattern.fullmatch(text)) for text in values.tolist()], bool)
        return ~equal if sign == "!=" else equal
    return np.asarray(OPERATORS[sign](values, value))


def _number(condition: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise UsageError(f"condition {condition!r}: {value!r} is no number, and the column has numbers") from None


def _column(runs: xr.Dataset, name: str) -> NDArray[Any]:
    if name in runs.variables:
        return np.asarray(runs[name].values)
    if not runs.sizes["run"]:
        return np.zeros(0, str)
    nearest = get_close_matches(name, [str(column) for column in runs.variables], 1, cutoff=0.0)[0]
    raise UsageError(f"no run has {name!r}; nearest is {nearest!r}, and daskcnn runs --json shows all there are")
