"""What a store shows of itself in a notebook."""

from collections.abc import Callable

import xarray as xr

from daskcnn.errors import RunError
from daskcnn.markup import card
from daskcnn.metrics import HEADLINES

ASKED = ("run", "network", "chunks", "workers")


def shown(path: str, read: Callable[[], xr.Dataset]) -> str:
    """The newest runs of a store, or why there are none, as HTML.

    Parameters
    ----------
    path : str
    read : callable
        Gives the store's table.
    """
    try:
        runs = read()
    except RunError as error:
        return card(f"Store {path}", {}, notes=[str(error)])
    metrics = [metric for name, metric in HEADLINES.items() if name in runs]
    columns = [[str(value) for value in runs[name].values[::-1].tolist()] for name in ASKED if name in runs]
    columns += [[metric.text(value) for value in runs[metric.name].values[::-1].tolist()] for metric in metrics]
    titles = [name.capitalize() for name in ASKED]
    return card(
        f"Store {path}",
        {"Runs": f"{runs.sizes['run']:,}"},
        [*titles, *(metric.label for metric in metrics)],
        list(zip(*columns, strict=True)) if runs.sizes["run"] else [],
        titles[:-1],
        [f"{name} cannot be read as a run" for name in runs.attrs["unreadable"]],
    )
