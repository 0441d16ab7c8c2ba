"""`daskcnn runs`: list, show, export, rm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from daskcnn.cli import options, show
from daskcnn.cli.cells import cell, label
from daskcnn.cli.left_out import left_out
from daskcnn.collector import paused
from daskcnn.errors import RunError, reason
from daskcnn.exports import ENDINGS, TABLES, export
from daskcnn.metrics import LOSSES, disturbed
from daskcnn.store import Store
from daskcnn.store.query import ordered, where

COLUMNS = (
    *("run", "chunks", "workers", "seconds", "speedup", "efficiency"),
    *("bytes_moved", "imbalance", "images", "engine", "network"),
)
"""In an order that an 80-column terminal shows in two halves: what is compared comes first."""
TEXTS = ("run", "chunks", "engine", "network")

conditions = click.option(
    "--where",
    "conditions",
    metavar="CONDITION",
    multiple=True,
    callback=lambda ctx, option, value: (options.above(ctx, "conditions") or ()) + value,
    help="Only runs with COLUMN=VALUE, or with !=, <, <=, > or >=; * stands for any letters. Several must all hold.",
)
by = click.option(
    "--sort",
    "by",
    metavar="COLUMN",
    callback=lambda ctx, option, value: value or options.above(ctx, "by"),
    help="Least first; with - before the name, greatest first.  [default: oldest first]",
)


@click.group(invoke_without_command=True, epilog="Example:  daskcnn runs --where 'workers>=2' --sort seconds")
@conditions
@by
@options.store
@options.as_json
@click.pass_context
def runs(ctx: click.Context, /, **asked: Any) -> None:
    """List the runs in the store, show one, export one, or remove one."""
    if ctx.invoked_subcommand is None:
        listing(**asked)


@runs.command("list", epilog="Example:  daskcnn runs list --where 'chunks=batch*' --sort -speedup")
@conditions
@by
@options.store
@options.as_json
def list_(**asked: Any) -> None:
    """List the runs, oldest first unless told."""
    listing(**asked)


@runs.command("show", epilog="Example:  daskcnn runs show 20261120T0330")
@click.argument("run_id")
@options.store
@options.as_json
def show_(run_id: str, store: Store, as_json: bool) -> None:
    """Show a run by its id or the beginning of it."""
    # Here, so that a list, which needs none of what runs are made of, comes quickly.
    from daskcnn.cli.run import report
    from daskcnn.runs import Run

    run = Run(store.open(run_id))
    try:
        report(run, as_json)
    except KeyError as error:
        raise RunError(
            f"run {run.id!r} in {store.path} lacks what is shown ({reason(error)}): make it again"
        ) from error


@runs.command("export", epilog="Example:  daskcnn runs export 20261120T0330 --to trace.json")
@click.argument("run_id")
@click.option("--to", "file", type=click.Path(path_type=Path), required=True, help=f"A new file: {ENDINGS}.")
@click.option(
    "--table",
    type=click.Choice(list(TABLES)),
    help="Which table of the run goes into a CSV file.  [default: tasks]",
)
@options.store
def export_(run_id: str, file: Path, table: str | None, store: Store) -> None:
    """Write what happened in a run to a file that other programs read.

    A trace in JSON opens in the Perfetto UI and in chrome://tracing.
    """
    export(store.open(run_id), file, table)
    click.echo(f"wrote {file}")


@runs.command("rm", epilog="Example:  daskcnn runs rm 20261120T0330")
@click.argument("run_ids", nargs=-1, required=True)
@options.store
def rm(run_ids: tuple[str, ...], store: Store) -> None:
    """Remove runs by their ids or the beginnings of them."""
    # All are found before the first is removed, so that a mistyped one removes none.
    for name in dict.fromkeys([store.find(run_id) for run_id in run_ids]):
        store.remove(name)
        click.echo(f"removed {name}")


@paused()
def listing(store: Store, conditions: tuple[str, ...], by: str | None, as_json: bool) -> None:
    """Print the store's table, or the part of it that is asked for."""
    every = store.runs()
    left_out(store, every.attrs["unreadable"])
    found = where(every, conditions)
    if by:
        found = ordered(found, by)
    columns = {str(name): values.values.tolist() for name, values in found.variables.items()}
    if as_json:
        show.document([dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)])
    elif not every.sizes["run"]:
        click.echo(f"No runs in {store.path}; daskcnn run makes one.")
    elif not found.sizes["run"]:
        click.echo(f"None of {every.sizes['run']:,} runs in {store.path} has {' and '.join(conditions)}.")
    else:
        names = [name for name in (*COLUMNS, *(LOSSES if disturbed(found).any() else ())) if name in columns]
        cells = ([cell(name, value) for value in columns[name]] for name in names)
        show.table([label(name) for name in names], zip(*cells, strict=True), texts=[label(name) for name in TEXTS])
    show.doubted(found)
