"""`daskcnn trace`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import click

from daskcnn import tracing
from daskcnn.cli import options, said, show, work_options
from daskcnn.cli.cells import cell
from daskcnn.cli.progress import watched
from daskcnn.cluster import Place
from daskcnn.errors import RunError
from daskcnn.quantity import many
from daskcnn.store import Store, new_id
from daskcnn.tracing import Recorded


@click.command(
    epilog="Example:  daskcnn trace --workers 2 analysis.py --year 2026",
    context_settings={"allow_interspersed_args": False},
)
@click.argument("script")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("-m", "module", is_flag=True, help="SCRIPT is the name of a module, as after python -m.")
@options.workers
@click.option(
    "--cluster",
    default="processes",
    show_default=True,
    help="Where work goes that SCRIPT makes no client for: processes, threads, mpi (under mpirun or srun), or the "
    "address of a scheduler.",
)
@work_options.scheduler_file
@work_options.timeout
@work_options.interface
@options.store
def trace(
    script: str, arguments: tuple[str, ...], module: bool, workers: int | None, store: Store, **asked: Any
) -> int:
    """Run a Python script whose work uses Dask, and keep all that Dask did as a run.

    Each client that SCRIPT makes is recorded while it is connected, and gives a run. What it computes without a
    client goes to workers that are started for it. Its arguments, output and exit code are its own.
    """
    place = Place.of(**asked)
    watch = watched()
    watch.placed(place)
    store.check()
    own = place.connect(workers or (place.workers() if place.is_own or place.job else 1))
    name, kept = script if module else Path(script).name, 0
    try:
        # What is there already is found out before the script runs.
        with (
            tracing.recorded_clients(partial(watch.connected, place)) as found,
            tracing.by_default(own) if place.is_own else own,
        ):
            code = tracing.execute(script, arguments, module=module)
    finally:
        kept = sum(_kept(recorded, name, run_id, store) for recorded, run_id in zip(found, _ids(), strict=False))
    if kept or code or any(recorded.problem for recorded in found):
        return code or int(not kept)
    raise RunError(
        f"{name!r} did no Dask work that can be recorded: what it computes with scheduler='threads', 'processes' or "
        "'synchronous' stays in Dask's own schedulers; leave that out"
    )


def _ids() -> Iterator[str]:
    """Of the runs of one script, in the order of its clients, which a second alone may not tell."""
    first = new_id()
    yield first
    yield from (f"{first}-{number:02}" for number in count(2))


def _kept(recorded: Recorded, name: str, run_id: str, store: Store) -> bool:
    """Keep what one client did, and say so; whether it did anything."""
    if recorded.trace is None:
        said.warning(f"what ran on {recorded.cluster} is not kept: {recorded.problem}")
        return False
    if not recorded.trace["tasks"].sizes["task"]:
        return False
    run = tracing.keep(recorded.trace, name, cluster=recorded.cluster, run_id=run_id, store=store)
    row = run.tree.to_dataset()
    tasks, workers = many(row["tasks_recorded"].item(), "task"), many(row["workers"].item(), "worker")
    seconds = cell("seconds", row["seconds"].item())
    said.note(f"kept {run.id}: {tasks} on {workers} ({recorded.cluster}) in {seconds}")
    show.doubted(row.expand_dims(run=[run.id]))
    return True
