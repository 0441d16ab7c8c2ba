"""How long a graph of up to a million tasks takes to freeze and to be asked every question, and how much memory."""

from __future__ import annotations

import gc
import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import click
import numpy as np
from dask._task_spec import Task, TaskRef

from benchmarks.measure import report
from daskcnn import plugins
from daskcnn.asking import ask, lines
from daskcnn.taskgraph import TaskGraph

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
LEVELS, READS, WORKERS = 100, 3, 4
KB = 1024


def stencil(width: int) -> np.ndarray[Any, Any]:
    """Each block reads itself and its neighbours."""
    return (np.arange(width)[:, None] + np.arange(READS) - 1) % width


def shuffled(width: int) -> np.ndarray[Any, Any]:
    """Each block reads any three."""
    return np.random.default_rng(0).integers(0, width, (width, READS))


SHAPES: dict[str, Callable[[int], np.ndarray[Any, Any]]] = {"stencil": stencil, "shuffled": shuffled}


def raw(tasks: int, shape: str) -> dict[Any, Task]:
    """A dask graph of a hundred steps, whose `tasks` read three of the step before, after a first that reads none."""
    width = tasks // LEVELS
    reads = SHAPES[shape](width).tolist()
    names = [f"step-{level:032x}" for level in range(LEVELS + 1)]
    graph = {}
    for level, name in enumerate(names):
        for block, own in enumerate(reads):
            key = (name, block)
            before = [TaskRef((names[level - 1], read)) for read in set(own)] if level else []
            graph[key] = Task(key, max, *before)
    return graph


def measured(tasks: int, shape: str) -> dict[str, Any]:
    """Seconds of each step, and the most memory of this process."""
    gc.disable()  # as daskcnn does while it builds: nothing of the graph is garbage
    graph = raw(tasks, shape)
    gc.enable()
    gc.freeze()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KB
    seconds: dict[str, float] = {}
    began = process_time()

    def timed(name: str, do: Callable[[], Any]) -> Any:
        start = perf_counter()
        result = do()
        seconds[name] = perf_counter() - start
        return result

    frozen: TaskGraph = timed("freeze", lambda: TaskGraph.from_graph(graph, workers=WORKERS))
    timed("order", lambda: frozen.order)
    timed("placement", lambda: frozen.moves)
    for question in plugins.names("graphs"):
        timed(question, partial(_answer, frozen, question))
    core = process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KB
    return {
        "shape": shape,
        "tasks": len(frozen),
        "edges": len(frozen.reads),
        "seconds": seconds,
        "total": sum(seconds.values()),
        "core": core,
        "order": frozen.order[1],
        "peak_bytes": peak,
        "raw_bytes": before,
    }


def _answer(graph: TaskGraph, question: str) -> list[str]:
    return lines(question, ask(graph, question))


@click.command()
@click.option("--most", default=SIZES[-1], show_default=True, help="Tasks that read others, of the largest graph.")
@click.option("--json", "path", type=click.Path(path_type=Path))
def main(most: int, path: Path | None) -> None:
    """Freeze and ask graphs of more and more tasks, each in a process of its own."""
    numbers, rows = [], []
    for shape in SHAPES:
        for tasks in [size for size in SIZES if size <= most]:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                found = pool.submit(measured, tasks, shape).result()
            seconds = found["seconds"]
            asked = found["total"] - seconds["freeze"] - seconds["order"] - seconds["placement"]
            rows.append(
                [
                    shape,
                    f"{found['tasks']:,}",
                    f"{found['edges']:,}",
                    f"{seconds['freeze']:.2f}",
                    f"{seconds['order']:.2f}",
                    f"{seconds['placement']:.2f}",
                    f"{asked:.2f}",
                    f"{found['total']:.2f}",
                    f"{found['core']:.2f}",
                    f"{found['core'] / found['tasks'] * 1e6:.1f}",
                    f"{found['raw_bytes'] / 1e9:.2f}",
                    f"{found['peak_bytes'] / 1e9:.2f}",
                ]
            )
            numbers.append(found)
    columns = ["Graph", "Tasks", "Edges", "Freeze s", "Order s", "Placement s", "Questions s", "Total s"]
    # On a machine that others use too, the time of the core is what the work takes.
    report([*columns, "Core s", "µs a task", "Dask's GB", "Peak GB"], rows, numbers, path)


if __name__ == "__main__":
    main()
