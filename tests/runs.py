"""Runs made by hand: plausible, seeded, in the schema of a recorded one."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from daskcnn.metrics import METRICS, metrics, rates
from daskcnn.store import SCHEMA, Store
from daskcnn.trace import SCHEMA as COLUMNS
from daskcnn.trace import filled
from daskcnn.trace import trace as build

LAYERS = ("conv1..relu1", "conv2.halo", "conv2..relu2", "dense1.all-gather", "dense1..relu3", "predict")


def make_run(
    seed: int = 0,
    *,
    chunks: str = "batch=2",
    workers: int = 2,
    tasks: int = 24,
    repeats: int = 3,
    run: str = "",
    **changes: object,
) -> xr.DataTree:
    """A whole run; `changes` replace variables of the root, as in `network="resnet"`."""
    trace = make_trace(seed, workers=workers, tasks=tasks, repeats=repeats)
    start, stop, repeat = (trace["tasks"].dataset[name].values for name in ("start", "stop", "repeat"))
    seconds = [stop[repeat == r].max() - start[repeat == r].min() for r in range(repeats)]
    serial = 1.7 * float(np.median(seconds))
    clock = rates(seconds, images=1000, workers=workers, serial_seconds=serial)
    each = xr.merge([clock, metrics(trace)])
    row: dict[str, object] = {"network": "mnist", "chunks": chunks, "engine": "numpy", "cluster": "processes"}
    row |= {"workers": workers, "images": 1000, "repeats": repeats, "records_dropped": 0}
    row |= {"tasks_planned": tasks, "tasks_recorded": tasks}
    row |= {str(name): float(np.median(values)) for name, values in each.items()}
    row |= {
        "seconds_low": min(seconds),
        "seconds_high": max(seconds),
        "serial_seconds": serial,
        "accuracy": 0.9876,
    }
    row |= {name: int(each[name].median()) for name in ("bytes_moved", "peak_memory_bytes")}
    row |= {"bytes_planned": row["bytes_moved"], "same_as_serial": np.int8(1)} | changes
    root = xr.Dataset({name: ((), value, _attrs(name)) for name, value in row.items()})
    name = run or f"20261120T0330{seed % 60:02}-{seed:06x}"
    root.attrs = {"run": name, "schema": SCHEMA, "time": "2026-11-20T03:30:13+00:00", "seed": seed, "cores": 2}
    root.attrs |= {"command": "daskcnn run", "cpu": "a cpu", "versions": json.dumps({"dask": "2026.8.0"})}
    nodes = {f"/trace/{node}": trace[node].to_dataset() for node in trace.children}
    return xr.DataTree.from_dict({"/": root, "/metrics": each, "/trace": trace.to_dataset(), **nodes})


def keep_run(store: Store, seed: int = 0, **asked: Any) -> str:
    """Keep such a run as `append` does, and return its id; its file is made once a process."""
    name, content = _file(seed, **asked)
    store.path.mkdir(parents=True, exist_ok=True)
    (store.path / f"{name}.nc").write_bytes(content)
    return name


@cache
def _file(seed: int, **asked: Any) -> tuple[str, bytes]:
    with TemporaryDirectory() as folder:
        name = Store(Path(folder)).append(make_run(seed, **asked))
        return name, (Path(folder) / f"{name}.nc").read_bytes()


def make_trace(seed: int = 0, *, workers: int = 2, tasks: int = 24, repeats: int = 3) -> xr.DataTree:
    """A trace of `tasks` tasks a repeat, dealt to one-thread workers in turn; one in four is sent on."""
    rng = np.random.default_rng(seed)
    count = np.arange(tasks * repeats)
    repeat, worker, block = count // tasks, count % workers, count % tasks % workers
    layer = np.array(LAYERS)[count % tasks * len(LAYERS) // tasks]
    length = rng.gamma(4.0, 0.5e-3, len(count))
    start, stop = np.zeros(len(count)), np.zeros(len(count))
    for lane in range(workers):
        mine = worker == lane
        stop[mine] = np.cumsum(length[mine] + 2e-4)
        start[mine] = stop[mine] - length[mine]
    later = repeat * (stop.max() + 0.01)
    start, stop = start + later, stop + later
    sent = rng.random(len(count)) < (0.25 if workers > 1 else 0)
    key = np.array([f"('{n}-run-{r}', {b}, 0)" for n, r, b in zip(layer, repeat, block, strict=True)])
    nbytes = rng.integers(1 << 10, 1 << 20, len(count))
    task = np.flatnonzero(sent)
    tables: dict[str, dict[str, npt.ArrayLike]] = {
        "tasks": {
            "key": key,
            "layer": layer,
            "block": np.array([f"{b},0" for b in block]),
            "worker": worker,
            "thread": np.zeros(len(count), np.int64),
            **dict.fromkeys(("submitted", "ready", "sent", "received", "fetched"), later),
            "begun": start,
            "start": start,
            "stop": stop,
            "in_memory": stop,
            "deserialize": np.zeros(len(count)),
            "cpu": stop - start,
            "bytes": nbytes,
            "operations": 1e9 * length,
            "repeat": repeat,
        },
        "transfers": {
            "key": key[sent],
            "source": worker[sent],
            "destination": (worker[sent] + 1) % workers,
            "producer": task,
            "gather": np.arange(len(task)),
            "bytes": nbytes[sent],
            "start": stop[sent],
            "stop": stop[sent] + 4e-4,
            "serialize": np.full(len(task), 1e-4),
            "deserialize": np.full(len(task), 1e-4),
            "repeat": repeat[sent],
        },
        "workers": {
            "name": np.arange(workers).astype(str),
            "address": np.array([f"tcp://127.0.0.1:{4000 + w}" for w in range(workers)]),
            "host": np.full(workers, "127.0.0.1"),
            "node": np.full(workers, "127.0.0.1"),
            "pid": np.arange(100, 100 + workers),
            "threads": np.ones(workers, np.int64),
            "memory_limit": np.full(workers, 1 << 32),
            "peak_memory": rng.integers(1 << 27, 1 << 28, workers),
            "blas_threads": np.ones(workers, np.int64),
            "clock_offset": np.zeros(workers),
            "clock_uncertainty": np.zeros(workers),
        },
        "memory": {
            "worker": np.arange(workers),
            "time": np.zeros(workers),
            "rss": np.full(workers, 1 << 27),
            "managed": np.zeros(workers, np.int64),
            "spilled": np.zeros(workers, np.int64),
        },
        "events": {
            "time": np.zeros(workers),
            "duration": np.zeros(workers),
            "kind": np.full(workers, "worker-joined"),
            "worker": np.arange(workers),
        },
    }
    whole = {node: filled(node, tables.get(node, {})) for node in COLUMNS}
    return build(whole, started=1.8e9)


def _attrs(name: str) -> dict[str, str]:
    metric = METRICS.get(name.removesuffix("_low").removesuffix("_high"))
    return metric.attrs if metric else {}
