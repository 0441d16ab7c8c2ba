"""What was recorded of any Dask work, as a run like every other."""

from __future__ import annotations

from pathlib import Path

import dask
import numpy as np
import xarray as xr

from daskcnn.calibration import UNKNOWN, Peaks, peaks
from daskcnn.errors import RunError
from daskcnn.metrics import metrics
from daskcnn.provenance import provenance
from daskcnn.runs import Run, described
from daskcnn.store import SCHEMA, Store, default_path, new_id


def keep(
    trace: xr.DataTree,
    name: str,
    *,
    cluster: str = "",
    run_id: str | None = None,
    store: Store | str | Path | None = None,
) -> Run:
    """Keep what was recorded of any Dask work as a run, which all commands and pages serve.

    Parameters
    ----------
    trace : xarray.DataTree
        What `daskcnn.record` gave, after its block.
    name : str
        What the work is called, where other runs have the name of their network.
    cluster : str
        Its kind or address; `threads` or `processes` by default, as the workers' addresses tell.
    run_id : str, optional
        A new one by default.
    store : Store or path, optional
        Where the run is kept; `$DASKCNN_STORE` or `daskcnn-runs` by default.

    Raises
    ------
    RunError
        Nothing was recorded, or the store cannot be written to.

    Examples
    --------
    >>> import dask.array as da, daskcnn, tempfile
    >>> from daskcnn.cluster import connect
    >>> with connect("threads", workers=1) as client, daskcnn.record(client) as trace:
    ...     da.ones((4, 4), chunks=2).sum().compute()
    np.float64(16.0)
    >>> run = daskcnn.keep(trace, "sum of ones", store=tempfile.mkdtemp())
    >>> run.tree["network"].item(), run.tree["cluster"].item()
    ('sum of ones', 'threads')
    """
    if "tasks" not in trace.children:
        raise RunError(
            f"{name}: no trace yet: keep it after its `with daskcnn.record(client)` block, if that ends well"
        )
    if not trace["tasks"].sizes["task"]:
        raise RunError(f"{name}: no task was recorded: compute within the `with daskcnn.record(client)` block")
    place = store if isinstance(store, Store) else Store(Path(store) if store else default_path())
    cluster = cluster or _kind(trace["workers"].to_dataset())
    run = Run(traced_run(trace, name, cluster=cluster, peaks=peaks(place, cluster), run_id=run_id))
    # xarray would take its locks from a client that may be gone, or asynchronous.
    with dask.config.set(scheduler="synchronous"):
        place.append(run.tree)
    return run


def traced_run(
    trace: xr.DataTree,
    name: str,
    *,
    cluster: str = "processes",
    peaks: Peaks = UNKNOWN,
    run_id: str | None = None,
) -> xr.DataTree:
    """The tree of a run that has a trace and no network, plan or answer.

    Its time is the makespan: from when the scheduler got the first task until the last result was in memory. All
    of it is one repeat, and there are no images.

    Parameters
    ----------
    trace : xarray.DataTree
        As the recorder makes it, with a task at least.
    name : str
        What the work is called.
    cluster : str
        Its kind or address.
    peaks : Peaks
        What the workers were measured to be able to.
    run_id : str, optional
        A new one by default.
    """
    nodes = {node: tree.to_dataset() for node, tree in trace.children.items()}
    nodes |= {node: _one_repeat(nodes[node]) for node in ("tasks", "transfers")}
    repeats = metrics(xr.DataTree.from_dict(nodes), **peaks._asdict())
    repeats = repeats.assign(seconds=repeats["makespan"].assign_attrs(described("seconds")))
    facts = {
        "network": name,
        "chunks": "",
        "engine": "",
        "cluster": cluster,
        "workers": nodes["workers"].sizes["worker"],
        "nodes": len({*nodes["workers"]["node"].values.tolist()}),
        "images": 0,
        "repeats": 1,
        "seconds_low": np.nan,
        "seconds_high": np.nan,
        "tasks_recorded": nodes["tasks"].sizes["task"],
        "records_dropped": int(trace.attrs["records_dropped"]),
        **peaks._asdict(),
    }
    root = xr.Dataset({key: ((), value, described(key)) for key, value in facts.items()})
    root = root.merge(repeats.isel(repeat=0, drop=True))
    root.attrs = {"run": run_id or new_id(), "schema": SCHEMA, **provenance()}
    parts = {"/": root, "/metrics": repeats, "/trace": trace.to_dataset()}
    return xr.DataTree.from_dict(parts | {f"/trace/{node}": rows for node, rows in nodes.items()})


def _one_repeat(rows: xr.Dataset) -> xr.Dataset:
    return rows.assign(repeat=xr.zeros_like(rows["repeat"]))


def _kind(workers: xr.Dataset) -> str:
    """Workers that are threads of the scheduler's process have addresses of their own kind."""
    within = all(address.startswith("inproc://") for address in workers["address"].values.tolist())
    return "threads" if within else "processes"
