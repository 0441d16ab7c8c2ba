"""What keeps a run's numbers from being trusted."""

from collections.abc import Iterator

import numpy as np
import xarray as xr
from numpy.typing import NDArray

LOSSES = ("workers_lost", "tasks_recomputed")
"""Columns of which one above 0 says that a run was disturbed."""


def doubts(runs: xr.Dataset) -> list[str]:
    """A line for each thing that is not as it should be: predictions, workers, records, bytes.

    Parameters
    ----------
    runs : xarray.Dataset
        Rows of the store's table along `run`.

    Examples
    --------
    >>> doubts(xr.Dataset({"same_as_serial": ("run", [1, 0])}, {"run": ["a", "b"]}))
    ['b: predictions are not the serial ones']
    >>> doubts(xr.Dataset({"workers_lost": ("run", [0, 1]), "tasks_recomputed": ("run", [0, 2])}, {"run": ["a", "b"]}))
    ['b: 2 tasks were recomputed after 1 worker was lost, so it is no measurement of its plan']
    >>> doubts(xr.Dataset({"workers_lost": ("run", [2.0, np.nan])}, {"run": ["a", "older"]}))
    ['a: 2 workers were lost, so it is no measurement of its plan']
    """
    moved = runs.get("bytes_moved", xr.zeros_like(runs["run"], dtype=float))
    checks = {
        "predictions are not the serial ones": runs.get("same_as_serial", moved + 1) == 0,
        "records were lost, so its numbers are too low": runs.get("records_dropped", moved * 0) > 0,
        "bytes moved are not those planned": abs(runs.get("bytes_planned", moved) - moved) > 0,
    }
    lines = [f"{run}: {what}" for what, found in checks.items() for run in runs["run"].values[found.values]]
    return [*_losses(runs), *lines]


def disturbed(runs: xr.Dataset) -> NDArray[np.bool_]:
    """(run,) Whether workers were lost while it went on: what others did in their place is no measurement of a plan."""
    found = np.zeros(runs.sizes["run"], bool)
    for name in LOSSES:
        found |= runs[name].values > 0 if name in runs else False
    return found


def _losses(runs: xr.Dataset) -> Iterator[str]:
    for run in runs["run"].values[disturbed(runs)]:
        lost, again = (int(runs[name].sel(run=run)) if name in runs else 0 for name in LOSSES)
        tasks = [f"{again:,} task{'s were' if again > 1 else ' was'} recomputed"] if again else []
        workers = [f"{lost:,} worker{'s were' if lost > 1 else ' was'} lost"] if lost else []
        yield f"{run}: {' after '.join(tasks + workers)}, so it is no measurement of its plan"
