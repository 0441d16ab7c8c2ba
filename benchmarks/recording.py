"""What recording costs: the same tasks on the same cluster recorded and not, and the noise of not recorded twice."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from time import perf_counter, sleep, thread_time
from uuid import uuid4

import click
import numpy as np
from distributed import Client, Scheduler, Worker, wait
from numpy.typing import NDArray

from benchmarks.measure import report
from daskcnn.cluster import connect
from daskcnn.recorder import record

KINDS = ((10_000, 0.0), (1_000, 0.01))
"""How many tasks, of how many seconds of a processor."""
TURNS = ("before", "recorded", "after")
Seconds = dict[str, NDArray[np.float64]]


def work(number: int, seconds: float) -> None:
    """Take up a processor."""
    end = thread_time() + seconds
    while seconds and thread_time() < end:
        pass


def once(client: Client, count: int, seconds: float, *, recorded: bool) -> tuple[float, float]:
    """Seconds until tasks with new keys are done, and seconds before and after that which recording takes."""
    start = perf_counter()
    with record(client) if recorded else nullcontext():
        entered = perf_counter()
        futures = client.map(work, range(count), seconds=seconds, key=uuid4().hex)
        wait(futures)
        done = perf_counter()
    around = perf_counter() - done + entered - start
    del futures
    while client.run_on_scheduler(_known) or any(client.run(_held).values()):
        sleep(0.01)
    return done - entered, around


def _known(dask_scheduler: Scheduler) -> int:
    return len(dask_scheduler.tasks)


def _held(dask_worker: Worker) -> int:
    return len(dask_worker.state.tasks)


def measure(client: Client, count: int, seconds: float, repeats: int) -> Seconds:
    """(repeat,) Seconds of each turn, and of what is around the block that is recorded; after a round uncounted."""
    found = np.array(
        [[once(client, count, seconds, recorded=turn == "recorded") for turn in TURNS] for _ in range(repeats + 1)]
    )[1:]
    return {turn: found[:, place, 0] for place, turn in enumerate(TURNS)} | {"around": found[:, 1, 1]}


def costs(seconds: Seconds) -> dict[str, tuple[float, float, float]]:
    """Median and quartiles over the repeats, of what recording takes of the time without, and of what noise does."""
    without = (seconds["before"] + seconds["after"]) / 2
    parts = {
        "inside": seconds["recorded"] / without - 1,
        "around": seconds["around"] / without,
        "sum": (seconds["recorded"] + seconds["around"]) / without - 1,
        "noise": seconds["after"] / seconds["before"] - 1,
    }
    return {name: tuple(np.percentile(part, (50, 25, 75)).tolist()) for name, part in parts.items()}


def text(cost: tuple[float, float, float]) -> str:
    """A cost with its quartiles."""
    middle, low, high = cost
    return f"{middle:+.1%}  [{low:+.1%}, {high:+.1%}]"


@click.command()
@click.option("--workers", default=2, show_default=True)
@click.option("--scale", default=1.0, show_default=True, help="Of the numbers of tasks.")
@click.option("--repeats", default=7, show_default=True)
@click.option("--json", "path", type=click.Path(path_type=Path))
def main(workers: int, scale: float, repeats: int, path: Path | None) -> None:
    """Compare work that is recorded with the same work before and after that is not."""
    rows, numbers = [], []
    with connect("processes", workers) as client:
        for most, seconds in KINDS:
            count = round(scale * most)
            found = measure(client, count, seconds, repeats)
            cost, middle = costs(found), float(np.median(found["before"]))
            rows.append([f"{count:,}", f"{1e3 * seconds:g} ms", f"{middle:.2f} s", *map(text, cost.values())])
            numbers.append({"tasks": count, "seconds_each": seconds, "costs": cost, "seconds": _lists(found)})
    report(["Tasks", "Each", "Not recorded", "Inside", "Around", "Sum", "Noise"], rows, numbers, path)


def _lists(seconds: Mapping[str, NDArray[np.float64]]) -> dict[str, list[float]]:
    return {name: values.tolist() for name, values in seconds.items()}


if __name__ == "__main__":
    main()
