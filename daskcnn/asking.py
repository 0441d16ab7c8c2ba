"""Ask a task graph a question, before anything runs."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from inspect import Parameter, signature
from os import PathLike, fspath
from types import ModuleType
from typing import Any

import xarray as xr

from daskcnn import plugins
from daskcnn.errors import RunError, UsageError, reason, telling
from daskcnn.taskgraph import TaskGraph
from daskcnn.taskgraph.faults import Finding, from_table

ROOM = "graphs"


def question(name: str | PathLike[str]) -> ModuleType:
    """The module of a question, by its name or, of one's own, by its file.

    It has `analyse(graph, **settings)`, which gives an xarray.Dataset, and may have `TITLE`, a heading, and
    `summary(found)`, the answer in lines.

    Raises
    ------
    UsageError
        There is no such question, or no `analyse` in that file.
    """
    if not isinstance(name, str | PathLike):
        raise UsageError(
            f"{name!r} is no question; give a name, one of {', '.join(plugins.names(ROOM))}, or a file's path"
        )
    module = plugins.load(ROOM, fspath(name))
    if not callable(getattr(module, "analyse", None)):
        raise UsageError(f"{name} has no function `analyse`; write one that takes a task graph and gives a Dataset")
    return module


def ask(graph: TaskGraph, name: str | PathLike[str], **settings: Any) -> xr.Dataset:
    """What a question finds in a task graph.

    Parameters
    ----------
    graph : TaskGraph
    name : str or path
        A file in `graphs/` without its ending, or the path of a `.py` file of one's own.
    **settings
        What the question lets one choose: its documentation says what.

    Returns
    -------
    xarray.Dataset
        As the question documents it.

    Raises
    ------
    UsageError
        No task graph, no such question or setting, or something else than a Dataset.
    RunError
        A question of one's own raises.

    Examples
    --------
    >>> graph = TaskGraph.from_graph({"a": (abs, 1), "b": (abs, "a"), "c": (abs, "a")}, workers=2)
    >>> float(ask(graph, "critical_path", workers=2)["parallelism"])
    1.5
    """
    if not isinstance(graph, TaskGraph):
        raise UsageError(f"{type(graph).__name__} is no task graph; make one by TaskGraph.from_collection")
    analyse = question(name).analyse
    takes = signature(analyse)
    known = list(takes.parameters)[1:]
    every = any(parameter.kind is Parameter.VAR_KEYWORD for parameter in takes.parameters.values())
    if (unknown := settings.keys() - set(known)) and not every:
        raise UsageError(f"{name} has no setting {min(unknown)!r}; it has {', '.join(known) or 'none'}")
    with telling(UsageError, f"{name} cannot be asked", "let `analyse` take a task graph, and settings with defaults"):
        takes.bind(graph, **settings)
    with _own(name):
        found = analyse(graph, **settings)
    if not isinstance(found, xr.Dataset):
        raise UsageError(f"{name} gives {type(found).__name__}; let `analyse` give an xarray.Dataset")
    return found


def lines(name: str | PathLike[str], found: xr.Dataset) -> list[str]:
    """The answer to a question as people read it: its summary or, where it has none, the Dataset's own text."""
    summary = getattr(question(name), "summary", None)
    if summary is None:
        return str(found).splitlines()
    with _own(name):
        told = summary(found)
    if isinstance(told, str):
        return told.splitlines()
    if not isinstance(told, Iterable):
        raise UsageError(f"{name} tells {type(told).__name__}; let `summary` give lines of text")
    return list(map(str, told))


@contextmanager
def _own(name: str | PathLike[str]) -> Iterator[None]:
    """Tell in one line what a question of one's own raises, in whatever way."""
    try:
        yield
    except (UsageError, RunError, MemoryError):
        raise
    except Exception as error:
        if not fspath(name).endswith(".py"):
            raise
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"line {place.lineno} of {place.filename}"
        raise RunError(f"{name} raises {type(error).__name__}: {reason(error)}; see {where}") from error


def advise(graph: TaskGraph, **settings: Any) -> list[Finding]:
    """What is wrong with a task graph, the worst first; nothing where it is healthy.

    Parameters
    ----------
    graph : TaskGraph
    **settings
        Of the question `advice`: `workers`, `limit` (memory of a worker), `overhead`, `rate`, `bandwidth`.

    Returns
    -------
    list of Finding
        Each with `name`, `severity`, `value` and the `limit` that it is above, the `layer` where it is worst, what is
        `found` and what to `change`; its text says all of it.

    Examples
    --------
    >>> import dask.array as da
    >>> [finding] = advise(TaskGraph.from_collection(da.ones((1000, 1000)) + 1, workers=4))
    >>> finding.name, finding.severity
    ('fewer blocks than workers', 'minor')
    """
    return from_table(ask(graph, "advice", **settings))
