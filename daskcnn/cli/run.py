"""`daskcnn run`."""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from daskcnn import experiment
from daskcnn.cli import options, said, show, work_options
from daskcnn.cli.cells import INTERVAL, cell, interval, label
from daskcnn.cli.progress import progress, watched
from daskcnn.metrics import HEADLINES, LOSSES
from daskcnn.quantity import many
from daskcnn.runs import Run


@click.command(epilog="Example:  daskcnn run --chunks spatial=2x2 --workers 2")
@work_options.network
@work_options.chunks
@options.workers
@work_options.work
@work_options.raw
@work_options.place
@click.option("--repeat", type=click.IntRange(min=1), default=5, show_default=True, help="Repeats after a warm-up.")
@work_options.kernels
@click.option("--output", type=click.Path(path_type=Path), help="A new Zarr group; each worker writes its own blocks.")
@click.option("--hold", is_flag=True, help="Keep the cluster and its dashboard up until Enter or Ctrl-C.")
@options.store
@options.as_json
def run(network: str, hold: bool, as_json: bool, repeat: int, **asked: Any) -> None:
    """Run a network, cut as asked, and keep the run.

    NETWORK is {network}.
    """
    with progress() as shown:
        bar = shown.add_task("repeats", total=repeat + 1)

        def stored(done: Run) -> None:
            shown.stop()
            report(done, as_json)
            if hold:
                _hold()

        watch = watched(
            repeat=lambda done, of: shown.update(bar, completed=done),
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
    # Other Dask work has no chunks and no engine.
    what = ", ".join(filter(None, (row["network"], row["chunks"])))
    where = f"{many(row['workers'], 'worker')} ({row['cluster']})"
    return ", ".join(filter(None, (f"{what} on {where}", row["engine"])))


def rows(run: Run) -> Iterator[tuple[str, str]]:
    """The numbers of a run with their units, and how far they can be trusted."""
    row = run.summary
    answers = ("images", "same_as_serial") if row["images"] else ()
    texts = {name: cell(name, run.tree[name].item()) for name in (*HEADLINES, *answers) if name in row}
    texts["seconds"] += f"  ({noise(run)})"
    if "speedup" in row:
        texts["speedup"] += f"  (serial: {cell('seconds', row['serial_seconds'])})"
    texts["bytes_moved"] += f"  ({against_plan(row['bytes_moved'], row.get('bytes_planned'))})"
    # 0 where it is not known: of a worker that was lost.
    peaks = (cell("peak_memory_bytes", peak or math.nan) for peak in row["peak_memory_bytes"])
    texts["peak_memory_bytes"] = ", ".join(peaks)
    yield from ((label(name), text) for name, text in texts.items())
    if row.get("nodes", 1) > 1 and "bytes_between_nodes" in row:
        moved, planned = row["bytes_between_nodes"], row.get("bytes_between_nodes_planned")
        yield label("bytes_between_nodes"), f"{cell('bytes_between_nodes', moved)}  ({against_plan(moved, planned)})"
    planned = f" of {row['tasks_planned']:,}" if "tasks_planned" in row else ""
    yield "Tasks recorded", f"{row['tasks_recorded']:,}{planned}"
    yield "Records dropped", f"{row['records_dropped']:,}"
    if any(row.get(name) for name in LOSSES):
        yield from ((label(name), cell(name, row[name])) for name in ("workers_lost", "workers_joined", *LOSSES[1:]))


def against_plan(moved: float, planned: int | None) -> str:
    """Bytes that moved, and whether as many were planned to.

    >>> against_plan(2048, 2048), against_plan(0, 1024), against_plan(1024, None)
    ('2,048 B, as planned', '0 B, 1,024 B planned', '1,024 B')
    """
    told = f"{moved:,.0f} B"
    if planned is None:
        return told
    return f"{told}, as planned" if moved == planned else f"{told}, {planned:,} B planned"


def noise(run: Run) -> str:
    """How sure the time is."""
    repeats = run.summary["repeats"]
    if repeats == 1:
        return "one repeat, no interval"
    low, high = (run.tree[f"seconds_{end}"].item() for end in ("low", "high"))
    return f"median of {repeats}, {INTERVAL} {interval(low, high)}"


def _hold() -> None:
    said.note("The cluster is up; press Enter or Ctrl-C to end it.")
    with suppress(KeyboardInterrupt):
        if not sys.stdin.readline():
            # Nobody can press Enter: wait for Ctrl-C.
            threading.Event().wait()
