"""Tables of a run as data frames."""

import pandas as pd
import xarray as xr

from daskcnn.errors import RunError, UsageError
from daskcnn.trace import DIMENSIONS

TABLES = {name: (f"trace/{name}", dim) for name, dim in DIMENSIONS.items()} | {
    "metrics": ("metrics", "repeat"),
    "plan": ("plan", "layer"),
}
"""By name the node of a run and the dimension along which it has a row each."""


def table(tree: xr.DataTree, name: str = "tasks") -> pd.DataFrame:
    r"""A table of a run: a row a task, a transfer, a worker.

    Parameters
    ----------
    tree : xarray.DataTree
        A run.
    name : str
        One of `TABLES`.

    Returns
    -------
    pandas.DataFrame
        Its index is the number of the row, or what has a name: repeat, layer. Columns are called as in the run, with
        their unit: `start (s)`.

    Raises
    ------
    UsageError
        There is no such table.
    RunError
        The run does not have it.

    Examples
    --------
    >>> memory = xr.Dataset({"time": ("sample", [0.5], {"units": "s"}), "worker": ("sample", [0])})
    >>> table(xr.DataTree.from_dict({"trace/memory": memory}), "memory").to_csv()
    'sample,time (s),worker\n0,0.5,0\n'
    """
    if name not in TABLES:
        raise UsageError(f"no table {name!r}: use {', '.join(TABLES)}")
    path, dim = TABLES[name]
    try:
        node = tree[path].to_dataset()
    except KeyError:
        raise RunError(f"run {tree.attrs.get('run')!r} has no {path}: ask for another table") from None
    columns = [column for column, values in node.variables.items() if values.dims == (dim,)]
    return node[columns].to_dataframe().rename(columns={column: titled(node[column]) for column in columns})


def titled(values: xr.DataArray) -> str:
    """The name of a variable with its unit.

    >>> titled(xr.DataArray(0.5, name="start", attrs={"units": "s"})), titled(xr.DataArray(1, name="worker"))
    ('start (s)', 'worker')
    """
    unit = values.attrs.get("units")
    return f"{values.name} ({unit})" if unit else str(values.name)
