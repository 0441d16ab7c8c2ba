"""The root of a run: one row of the store's table."""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import h5py  # type: ignore[import-untyped]
import numpy as np
import xarray as xr
from h5py import h5d, h5o, h5s
from numpy.typing import NDArray

from daskcnn.errors import RunError, reason
from daskcnn.metrics import METRICS
from daskcnn.quantity import many
from daskcnn.store.history import SCHEMA

TEXTS = ("network", "chunks", "engine", "cluster")
COUNTS = ("workers", "images")
ASKED = (*COUNTS, "batch", "repeats", "memory_limit_bytes")
"""Numbers that say what was asked for, as texts do: they are coordinates of the table."""
MACHINE = "machine"
"""The column that says where a run was: its processor and how many cores of it, by its attributes."""

Value = str | int | float
Row = dict[str, Value]
Attrs = dict[str, dict[str, str]]


def read(file: Path) -> Row:
    """The 0-d variables of a run's root, texts and numbers, and its machine.

    Straight from HDF5: far faster than by xarray, which reads all groups.

    Raises
    ------
    RunError
        The file is damaged, is not a run, or is of a later schema.
    """
    try:
        if not file.is_file():
            raise OSError("it is no file")
        with h5py.File(file) as hdf5:
            schema = np.ravel(hdf5.attrs.get("schema")).tolist()
            machine = _machine({name: _attr(hdf5, name) for name in ("cpu", "cores")})
            found = {name.decode(): _value(hdf5, name) for name in hdf5.id} | {MACHINE: machine}
    except Exception as error:  # the HDF5 library raises nearly anything
        raise damaged(file, error) from error
    row = {name: value for name, value in found.items() if _is_value(value) and name != "run"}
    match schema:
        case [int(version)] if version > SCHEMA:
            raise RunError(
                f"{str(file)!r} is a run of schema {version}, and {SCHEMA} is the latest that is known here: "
                "read it with a newer daskcnn"
            )
        case [int(version)] if version > 0 and is_run(row):
            return row
    raise RunError(
        f"{str(file)!r} is not a run of schema 1 to {SCHEMA}: "
        "remove it (daskcnn runs rm), or read it with what wrote it"
    )


def columns(file: Path, node: str, dimension: str) -> xr.Dataset:
    """The numbers of a node that lie along its dimension, with the attributes of the run that they are of.

    Raises
    ------
    RunError
        As of `read`.
    """
    read(file)
    try:
        with h5py.File(file) as hdf5:
            items = ((name, item) for name, item in hdf5.get(node, {}).items() if name != dimension)
            known = {name: (dimension, item[...]) for name, item in items if item.dtype.kind in "fiu"}
            return xr.Dataset(known, attrs={name: _attr(hdf5, name) for name in hdf5.attrs})
    except Exception as error:
        raise damaged(file, error) from error


def attrs(file: Path) -> Attrs:
    """Unit and label of each variable of a run's root, as far as it has them; nothing of what cannot be read."""
    try:
        with h5py.File(file) as hdf5:
            return {
                name: {key: own for key in ("units", "long_name") if isinstance(own := _attr(item, key), str)}
                for name, item in hdf5.items()
            }
    except Exception:  # the HDF5 library raises nearly anything
        return {}


def is_run(row: Mapping[str, Any]) -> bool:
    """Whether a row has what every run has, and numbers where pages draw numbers.

    >>> is_run({"network": "mnist", "chunks": "batch=2", "engine": "numpy", "cluster": "threads", "workers": 2})
    False
    """
    texts = {name for name, value in row.items() if isinstance(value, str)}
    counts = all(isinstance(row.get(name), int) for name in COUNTS)
    right = texts.issuperset(TEXTS) and texts.isdisjoint(METRICS) and counts
    return right and "run" not in row and all(map(_is_value, row.values()))


def table(rows: Mapping[str, Row], attrs: Attrs) -> xr.Dataset:
    """Rows under each other along `run`; a number that one lacks is NaN, a text "".

    What was asked for is a coordinate, what came of it a variable.

    Examples
    --------
    >>> found = table({"a": {"chunks": "batch", "seconds": 0.5}, "b": {}}, {"seconds": {"units": "s"}})
    >>> found["seconds"].values, found["seconds"].units, list(found.coords)
    (array([0.5, nan]), 's', ['run', 'chunks'])
    """
    # What no file has a label for.
    attrs = dict(attrs) | {name: {"long_name": name.capitalize()} for name in ("run", MACHINE)}
    columns = {"run": xr.Variable("run", np.array(list(rows), str), attrs["run"])}
    for name in dict.fromkeys(chain.from_iterable(rows.values())):
        columns[name] = xr.Variable("run", _column([row.get(name) for row in rows.values()]), attrs.get(name))
    asked = [name for name, column in columns.items() if name in ASKED or column.dtype.kind == "U"]
    return xr.Dataset(columns).set_coords(asked)


def damaged(file: Path, error: Exception) -> RunError:
    """What to say of a file that made a library raise."""
    return RunError(f"{str(file)!r} cannot be read ({reason(error)}): remove it (daskcnn runs rm) or copy it anew")


def _machine(attrs: Mapping[str, Any]) -> str:
    """Processor and cores, as far as they are known.

    >>> _machine({"cpu": "AMD EPYC 7763", "cores": 2}), _machine({"cpu": "AMD EPYC 7763"}), _machine({"cores": 1})
    ('AMD EPYC 7763, 2 cores', 'AMD EPYC 7763', '')
    """
    cpu, cores = attrs.get("cpu"), attrs.get("cores")
    if not isinstance(cpu, str):
        return ""
    return f"{cpu}, {many(cores, 'core')}" if isinstance(cores, int) else cpu


def _attr(item: Any, name: str) -> Any:
    """An attribute as Python has it, of several values the first; None where there is none."""
    return _python(next(iter(np.ravel(item.attrs.get(name)).tolist()), None))


def _value(hdf5: h5py.File, name: bytes) -> Any:
    """A variable without dimensions as Python has it; of others nothing."""
    item = h5o.open(hdf5.id, name)
    if not isinstance(item, h5d.DatasetID) or item.get_space().get_simple_extent_type() != h5s.SCALAR:
        return None
    value = np.zeros((), item.dtype)
    item.read(h5s.ALL, h5s.ALL, value)
    return _python(value.item())


def _python(value: Any) -> Any:
    """A text as such: NetCDF keeps it as bytes."""
    return value.decode() if isinstance(value, bytes) else value


def _is_value(value: object) -> bool:
    """Whether a table can hold a value; HDF5 has many other kinds, and JSON integers of any size."""
    return isinstance(value, str | float) or (isinstance(value, int) and -(1 << 63) <= value < 1 << 63)


def _column(values: Sequence[Value | None]) -> NDArray[Any]:
    kinds = set(map(type, values))
    if str in kinds:
        return np.array(["" if value is None else str(value) for value in values])
    return np.array([np.nan if value is None else value for value in values] if type(None) in kinds else values)
