"""How many tasks a second are planned and frozen, for plans of some ten thousand tasks."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import click
import numpy as np

from benchmarks.measure import report
from daskcnn import networks
from daskcnn.forward import forward
from daskcnn.plan import Plan
from daskcnn.sources import MnistTest
from daskcnn.taskgraph import TaskGraph

CUTS = (("batch=2", 1), ("channel=2", 2), ("spatial=2x2", 2), ("filter=2", 2), ("pipeline=2", 1))
IMAGES = 10_000


def build(chunks: str, batch: int) -> tuple[int, float]:
    """Tasks of a plan, and the seconds from the network to the frozen graph."""
    net = networks.mnist().classifier()
    start = perf_counter()
    plan = Plan.of(net, chunks, images=IMAGES, workers=2, batch=batch)
    graph = TaskGraph.of(forward(plan, MnistTest(IMAGES)))
    return len(graph), perf_counter() - start


@click.command()
@click.option("--repeats", default=5, show_default=True)
@click.option("--json", "path", type=click.Path(path_type=Path))
def main(repeats: int, path: Path | None) -> None:
    """Build the same plans again and again."""
    rows, numbers = [], []
    for chunks, batch in CUTS:
        tasks, seconds = zip(*(build(chunks, batch) for _ in range(repeats)), strict=True)
        rates = np.array(tasks) / np.array(seconds)
        low, middle, high = np.percentile(rates, (25, 50, 75))
        rows.append([chunks, f"{tasks[0]:,}", f"{middle:,.0f}  [{low:,.0f}, {high:,.0f}]"])
        numbers.append({"chunks": chunks, "batch": batch, "tasks": tasks[0], "seconds": seconds})
    report(["Chunks", "Tasks", "Tasks a second"], rows, numbers, path)


if __name__ == "__main__":
    main()
