"""The versions of a run's schema, and what makes a run of an older one a run of this one."""

from collections.abc import Callable

import xarray as xr

from daskcnn.trace import DIMENSIONS, filled
from daskcnn.trace import SCHEMA as COLUMNS

Nodes = dict[str, xr.Dataset]
"""By path."""

SCHEMA = 3
"""The version that is written."""
HISTORY = {
    1: "The first.",
    2: "`nbytes` of `trace/tasks`, `trace/transfers` and `graph` is called `bytes`, for xarray calls the size of a "
    "Dataset `nbytes`. New node `trace/edges`. New in `trace/tasks`: `submitted`, `ready`, `sent`, `received`, "
    "`fetched`, `begun`, `in_memory`, `deserialize`, `cpu`, `operations`; in `trace/transfers`: `producer`, "
    "`consumer`, `gather`, `serialize`, `deserialize`; in `trace/workers`: `clock_offset`, `clock_uncertainty`; in "
    "`trace/memory`: `spilled`; in `trace/events`: `duration`. New in `graph`, and not there in older runs: `kind`, "
    "`exchange`, `within`, `parts`, `seconds`, `definition`, `held`.",
    3: "New in `trace/workers`: `node`. New in the root and `metrics`, and not there in older runs: "
    "`bytes_between_nodes`, `share_between_nodes`; in the root: `nodes`, `bytes_between_nodes_planned`, "
    "`workers_lost`, `workers_joined`, `tasks_recomputed`; in `plan`: `bytes_inside_nodes`, `bytes_between_nodes`; in "
    "`graph`: `apart`. `trace/workers` may have more workers than the plan, those that came for lost ones.",
}
"""What changed with each version."""


def upgraded(tree: xr.DataTree) -> xr.DataTree:
    """A run as this version would have written it, had it known no more.

    Parameters
    ----------
    tree : xarray.DataTree
        A run of any version of the schema up to this one; it stays as it is.

    Returns
    -------
    xarray.DataTree
        The same run; columns of its trace that its version lacked hold NaN, -1 or "", nodes of its trace that it
        lacked are empty. Other nodes are not made.

    Examples
    --------
    >>> old = xr.Dataset({"time": ("event", [0.5]), "kind": ("event", ["steal"])})
    >>> run = xr.DataTree.from_dict({"/": xr.Dataset(attrs={"schema": 1}), "/trace/events": old})
    >>> events = upgraded(run)["trace/events"]
    >>> events["kind"].item(), events["duration"].item(), events["worker"].item()
    ('steal', nan, -1)
    """
    version = int(tree.attrs["schema"])
    if version == SCHEMA:
        return tree
    nodes = {node.path: node.to_dataset(inherit=False) for node in tree.subtree}
    for step in range(version, SCHEMA):
        nodes = STEPS[step](nodes)
    if "/trace" in nodes:
        nodes |= {f"/trace/{name}": _completed(name, nodes.get(f"/trace/{name}", xr.Dataset())) for name in COLUMNS}
    return xr.DataTree.from_dict(nodes | {"/": nodes["/"].assign_attrs(schema=SCHEMA)})


def _bytes(nodes: Nodes) -> Nodes:
    """Version 2 calls bytes `bytes`."""
    return {path: node.rename(nbytes="bytes") if "nbytes" in node else node for path, node in nodes.items()}


STEPS: dict[int, Callable[[Nodes], Nodes]] = {1: _bytes, 2: lambda nodes: nodes}
"""By version what leads to the next one; columns that are only added need no step."""


def _completed(name: str, node: xr.Dataset) -> xr.Dataset:
    """A node of a trace with all its columns, in their order, and what else it has."""
    known = filled(name, {column: node[column].values for column in COLUMNS[name] if column in node})
    columns = {column: (DIMENSIONS[name], known[column], kind.attrs) for column, kind in COLUMNS[name].items()}
    return xr.Dataset(columns, attrs=node.attrs).merge(node.drop_vars(columns, errors="ignore"))
