"""The walk through a plan: layer by layer, who has what, computes what, sends what, and what the layer favours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from daskcnn.errors import UsageError
from daskcnn.layers import Partial, Total
from daskcnn.plan import Plan
from daskcnn.stage import Stage
from daskcnn.walkthrough.boxes import made, read
from daskcnn.walkthrough.cache import LINE
from daskcnn.walkthrough.favours import Machine, cuts
from daskcnn.walkthrough.inputs import inputs
from daskcnn.walkthrough.layers import layers as layer_table
from daskcnn.walkthrough.shares import held, shares_of
from daskcnn.walkthrough.traffic import exchanged

DEFAULT = Machine()
SUMS = {
    "made": ("blocks", "operations", "multiply_adds", "bytes_written", "lines_written", "lines_written_fewest"),
    "read": ("bytes_read", "lines_read", "lines_read_fewest"),
    "exchanged": ("bytes_sent", "bytes_received", "messages_sent", "messages_received"),
}
"""What is added up for each worker, by the table that it is in."""


def explain(plan: Plan, layers: str | Sequence[str] = (), machine: Machine = DEFAULT) -> xr.DataTree:
    """Walk through a plan, layer by layer.

    Nothing runs, and nothing is estimated but `cuts/seconds`: ranges, bytes, operations and cache lines are exact.

    Parameters
    ----------
    plan : Plan
    layers : str or sequence of str, optional
        Names of the layers to walk through; all by default. The sums of a layer's parts come with it.
    machine : Machine, optional
        What `cuts` is priced by.

    Returns
    -------
    xarray.DataTree
        - `plan`: what was cut, and the rates of the model;
        - `inputs`, along `input`: what the network is given, its memory layout, and how much of it workers read;
        - `layers`, along `layer`: shapes, operations, bytes, the exchange, how results are put together, memory layout;
        - `workers`, along `layer` and `worker`: operations, bytes read, written, held, sent and received, cache lines;
        - `made`, along `share`: a tile of a layer that a worker owns, its images and ranges (`start`, `stop`);
        - `read`, along `read`: the box that a share reads of each input;
        - `exchanged`, along `exchange`: bytes and messages sent and received by layer, kind and worker;
        - `cuts`, along `cut`: what each cut that a layer allows would cost, best first.

    Raises
    ------
    UsageError
        The plan has no layer of that name.

    Examples
    --------
    The dense layer of 5 408 inputs and 128 outputs, by hand 5 408 · 128 = 692 224 multiply-adds.

    >>> from daskcnn import networks
    >>> tree = explain(Plan.of(networks.digit(), "channel=4", images=1, workers=4))
    >>> tree["workers/multiply_adds"].sel(layer="dense").values
    array([173056, 173056, 173056, 173056])
    """
    stages = chosen(plan, [layers] if isinstance(layers, str) else layers)
    shares = [share for stage in stages for share in shares_of(stage)]
    tables = {
        "made": made(shares),
        "read": read(plan, shares),
        "exchanged": exchanged(stages, plan.by_name),
    }
    return xr.DataTree.from_dict(
        {
            "plan": _plan(plan, machine),
            "inputs": inputs(plan),
            "layers": layer_table(plan, stages),
            "workers": _workers(plan, stages, tables),
            **tables,
            "cuts": cuts(plan, stages, machine),
        }
    )


def chosen(plan: Plan, names: Sequence[str]) -> list[Stage]:
    """The stages of these layers, parts and sums of parts with their layer; all if none is named."""
    if unknown := [name for name in names if name not in plan.by_name]:
        known = ", ".join(plan.by_name)
        raise UsageError(f"{plan.network.name} has no layer {unknown[0]!r}; known: {known}")
    found = [stage for stage in plan.stages if stage.layer.name in names or whole(stage) in names]
    return found if names else list(plan.stages)


def whole(stage: Stage) -> str:
    """The layer that a stage is part of: of `conv1.partial` and `conv1.sum1` it is `conv1`."""
    name = stage.layer.name
    if isinstance(stage.op, Partial):
        return name.removesuffix(".partial")
    return name.rpartition(".sum")[0] if isinstance(stage.op, Total) and not stage.op.last else name


def _plan(plan: Plan, machine: Machine) -> xr.Dataset:
    values: dict[str, tuple[Any, dict[str, str]]] = {
        "network": (plan.network.name, {"long_name": "Network"}),
        "chunks": (plan.chunks, {"long_name": "Cut"}),
        "images": (plan.images, {"long_name": "Images"}),
        "workers": (plan.workers, {"long_name": "Workers"}),
        "batch": (plan.batch, {"long_name": "Most images in a block"}),
        "pipeline": (plan.pipeline, {"long_name": "Stages of a pipeline"}),
        "bubble": (plan.bubble, {"units": "1", "long_name": "Share of time that a pipeline idles"}),
        "bytes_moved": (plan.bytes_moved, {"units": "B", "long_name": "Bytes from worker to worker, all layers"}),
        "line": (LINE, {"units": "B", "long_name": "Cache line"}),
        "rate": (machine.rate, {"units": "FLOP/s", "long_name": "Rate of a worker in the model"}),
        "memory": (machine.memory, {"units": "B/s", "long_name": "Bandwidth of a worker's memory in the model"}),
        "bandwidth": (machine.bandwidth, {"units": "B/s", "long_name": "Bandwidth between workers in the model"}),
        "latency": (machine.latency, {"units": "s", "long_name": "Latency of a message in the model"}),
    }
    return xr.Dataset({name: ((), value, attrs) for name, (value, attrs) in values.items()})


def _workers(plan: Plan, stages: Sequence[Stage], tables: dict[str, xr.Dataset]) -> xr.Dataset:
    """The tables' rows added up for each layer and worker."""
    place = {stage.layer.name: number for number, stage in enumerate(stages)}
    shape = len(stages), plan.workers
    found = {}
    for node, names in SUMS.items():
        table = tables[node]
        layer = np.array([place[name] for name in table["layer"].values.tolist()], np.int64)
        for name in names:
            total = np.zeros(shape, np.int64)
            np.add.at(total, (layer, table["worker"].values), table[name].values)
            found[name] = (("layer", "worker"), total, table[name].attrs)
    parameters = np.stack([held(stage, plan.workers) for stage in stages])
    found["parameter_bytes"] = (("layer", "worker"), parameters, {"units": "B", "long_name": "Parameters held"})
    axes = {"layer": list(place), "worker": list(range(plan.workers))}
    coords = {name: (name, values, {"long_name": name.capitalize()}) for name, values in axes.items()}
    return xr.Dataset(found, coords=coords)
