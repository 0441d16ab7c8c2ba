"""How long a store of many runs takes to list: in Python, from the command line, and without its index."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import click
import numpy as np
import xarray as xr

from benchmarks.measure import report
from daskcnn.metrics import METRICS
from daskcnn.provenance import cores
from daskcnn.store import SCHEMA, Store

COMMAND = [sys.executable, "-m", "daskcnn", "runs", "--store"]
LIST = "import sys; from daskcnn import Store; Store(sys.argv[1]).runs()"
TEXTS = {"network": "mnist", "engine": "onnxruntime", "cluster": "processes", "granularity": "segment"}


def row(number: int) -> xr.DataTree:
    """A run that has all metrics, and no trace."""
    rng = np.random.default_rng(number)
    metrics = {name: ((), rng.random(), metric.attrs) for name, metric in METRICS.items()}
    asked = {"chunks": f"batch={number % 8 + 1}", "workers": number % 8 + 1, "images": 10_000}
    root = xr.Dataset(TEXTS | asked | metrics)
    root.attrs = {"run": f"20261120T033013-{number:06x}", "schema": SCHEMA}
    return xr.DataTree(root)


def fill(path: Path, numbers: range) -> None:
    """Append runs, as one of several processes does."""
    for number in numbers:
        Store(path).append(row(number))


def timed(action: Callable[[], object]) -> float:
    """Seconds it takes."""
    start = perf_counter()
    action()
    return perf_counter() - start


def measured(path: Path, runs: int) -> dict[str, float]:
    """Seconds for each way to list."""
    store, ways = Store(path), {}
    parts = [(path, range(first, runs, cores())) for first in range(cores())]
    with ProcessPoolExecutor(cores(), get_context("spawn")) as pool:
        ways[f"append all, {cores()} at once"] = timed(lambda: list(pool.map(fill, *zip(*parts, strict=True))))
    run = partial(subprocess.run, check=True, stdout=subprocess.DEVNULL)
    ways["runs(), first"] = timed(store.runs)
    ways["runs(), again"] = timed(store.runs)
    ways["import daskcnn"] = timed(lambda: run([sys.executable, "-c", "import daskcnn"]))
    ways["runs() in a process of its own"] = timed(lambda: run([sys.executable, "-c", LIST, str(path)]))
    ways["daskcnn runs"] = timed(lambda: run([*COMMAND, str(path)]))
    ways["daskcnn runs --json"] = timed(lambda: run([*COMMAND, str(path), "--json"]))
    (path / ".index.jsonl").unlink()
    ways["runs(), no index"] = timed(store.runs)
    return ways


@click.command()
@click.option("--runs", default=10_000, show_default=True)
@click.option("--json", "path", type=click.Path(path_type=Path))
def main(runs: int, path: Path | None) -> None:
    """Fill a store, list it, and delete it."""
    with TemporaryDirectory() as folder:
        ways = measured(Path(folder), runs)
    rows = [[way, f"{seconds:.2f}"] for way, seconds in ways.items()]
    report(
        ["Way", "Seconds"],
        rows,
        [{"way": way, "runs": runs, "seconds": seconds} for way, seconds in ways.items()],
        path,
    )


if __name__ == "__main__":
    main()
