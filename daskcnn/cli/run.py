"""`daskcnn run`."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from daskcnn import experiment
from daskcnn.cli import options, show
from daskcnn.cli.cells import INTERVAL, cell, interval, label, many
from daskcnn.experiment import Watch
from daskcnn.kernels import ENGINES
from daskcnn.metrics import METRICS
from daskcnn.runs import Run
from daskcnn.segment import GRANULARITIES


@click.command(epilog="Example:  daskcnn run --chunks spatial=2x2 --workers 2")
@options.network
@options.chunks
@options.workers
@options.inputs
@options.raw
@options.images
@options.batch
@options.fan_in
@click.option(
    "--cluster",
    default="processes",
    show_default=True,
    help="processes, threads, or the address of a scheduler such as tcp://127.0.0.1:8786.",
)
@click.option("--repeat", type=click.IntRange(min=1), default=5, show_default=True, help="Repeats after a warm-up.")
@click.option(
    "--engine",
    type=click.Choice(list(ENGINES)),
    default="onnxruntime",
    show_default=True,
    help="What computes the blocks; numpy is the plain reference.",
)
@click.option(
    "--granularity",
    type=click.Choice(GRANULARITIES),
    default="segment",
    show_default=True,
    help="A task for all layers that exchange nothing, or one a layer.",
)
@click.option("--output", type=click.Path(path_type=Path), help="A new Zarr group; each worker writes its own blocks.")
@click.option("--hold", is_flag=True, help="Keep the cluster and its dashboard up until Enter or Ctrl-C.")
@options.store
@options.as_json
def run(network: str, hold: bool, as_json: bool, repeat: int, **asked: Any) -> None:
    """Run a network, cut as asked, and keep the run.

    NETWORK is a name (mnist, cifar, letters, conv1024, vgg16, resnet18, resnet50; mnist by default) or an ONNX file.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("repeats", total=repeat + 1)

        def stored(done: Run) -> None:
            progress.stop()
            report(done, as_json)
            if hold:
                _hold()

        watch = Watch(
            dashboard=lambda address: click.echo(f"Dask dashboard: {address}", err=True),
            repeat=lambda done, of: progress.update(bar, completed=done),
            stored=stored,
            looks_back=hold,
        )
        experiment.run(network, repeat=repeat, watch=watch, **asked)


def report(run: Run, as_json: bool) -> None:
    """Print a run: its summary as JSON, or as one table."""
    if as_json:
        show.document(run.summary)
    else:
        facts = list(rows(run))
        show.title(f"{run.id}: {describe(run)}")
        show.pairs(facts)
    show.doubted(run.tree.to_dataset().expand_dims(run=[run.id]))


def describe(run: Run) -> str:
    """What ran, in a line."""
    row = run.summary
    return f"{row['network']}, {row['chunks']} on {many(row['workers'], 'worker')} ({row['cluster']}), {row['engine']}"


def rows(run: Run) -> Iterator[tuple[str, str]]:
    """The numbers of a run with their units, and how far they can be trusted."""
    row = run.summary
    texts = {name: cell(name, run.tree[name].item()) for name in (*METRICS, "images", "same_as_serial")}
    moved = "as planned" if row["bytes_moved"] == row["bytes_planned"] else f"{row['bytes_planned']:,} B planned"
    texts["seconds"] += f"  ({noise(run)})"
    texts["speedup"] += f"  (serial: {cell('seconds', row['serial_seconds'])})"
    texts["bytes_moved"] += f"  ({row['bytes_moved']:,} B, {moved})"
    texts["peak_memory_bytes"] = ", ".join(METRICS["peak_memory_bytes"].text(peak) for peak in row["peak_memory_bytes"])
    yield from ((label(name), text) for name, text in texts.items())
    yield "Tasks recorded", f"{row['tasks_recorded']:,} of {row['tasks_planned']:,}"
    yield "Records dropped", f"{row['records_dropped']:,}"


def noise(run: Run) -> str:
    """How sure the time is."""
    repeats = run.summary["repeats"]
    if repeats == 1:
        return "one repeat, no interval"
    low, high = (run.tree[f"seconds_{end}"].item() for end in ("low", "high"))
    return f"median of {repeats}, {INTERVAL} {interval(low, high)}"


def _hold() -> None:
    click.echo("The cluster is up; press Enter or Ctrl-C to end it.", err=True)
    with suppress(KeyboardInterrupt):
        if not sys.stdin.readline():
            # Nobody can press Enter: wait for Ctrl-C.
            threading.Event().wait()
