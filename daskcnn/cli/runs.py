"""`daskcnn runs`: list, show, rm."""

from __future__ import annotations

import click
import xarray as xr

from daskcnn.cli import options, show
from daskcnn.cli.cells import cell, label
from daskcnn.cli.run import report
from daskcnn.errors import RunError, reason
from daskcnn.runs import Run
from daskcnn.store import Store

COLUMNS = (
    *("run", "chunks", "workers", "seconds", "speedup", "efficiency"),
    *("bytes_moved", "imbalance", "images", "engine", "network"),
)
"""In an order that an 80-column terminal shows in two halves: what is compared comes first."""
TEXTS = ("run", "chunks", "engine", "network")


@click.group(invoke_without_command=True, epilog="Example:  daskcnn runs show 20261120T0330")
@options.store
@options.as_json
@click.pass_context
def runs(ctx: click.Context, store: Store, as_json: bool) -> None:
    """List the runs in the store, show one, or remove one."""
    if ctx.invoked_subcommand is None:
        listing(store.runs(), store, as_json)


@runs.command("list", epilog="Example:  daskcnn runs list --store results")
@options.store
@options.as_json
def list_(store: Store, as_json: bool) -> None:
    """List the runs, oldest first."""
    listing(store.runs(), store, as_json)


@runs.command("show", epilog="Example:  daskcnn runs show 20261120T0330")
@click.argument("run_id")
@options.store
@options.as_json
def show_(run_id: str, store: Store, as_json: bool) -> None:
    """Show a run by its id or the beginning of it."""
    run = Run(store.open(run_id))
    try:
        report(run, as_json)
    except KeyError as error:
        raise RunError(
            f"run {run.id!r} in {store.path} lacks what is shown ({reason(error)}): make it again"
        ) from error


@runs.command("rm", epilog="Example:  daskcnn runs rm 20261120T0330")
@click.argument("run_ids", nargs=-1, required=True)
@options.store
def rm(run_ids: tuple[str, ...], store: Store) -> None:
    """Remove runs by their ids or the beginnings of them."""
    # All are found before the first is removed, so that a mistyped one removes none.
    for name in dict.fromkeys([store.find(run_id) for run_id in run_ids]):
        store.remove(name)
        click.echo(f"removed {name}")


def listing(found: xr.Dataset, store: Store, as_json: bool) -> None:
    """Print the store's table."""
    for name in found.attrs["unreadable"]:
        click.echo(f"daskcnn: {name!r} in {store.path} is damaged or no run; remove it: daskcnn runs rm", err=True)
    if as_json:
        show.document(found.reset_coords().to_dataframe().reset_index().to_dict("records"))
    elif not found.sizes["run"]:
        click.echo(f"No runs in {store.path}; daskcnn run makes one.")
    else:
        names = [name for name in COLUMNS if name in found.variables]
        columns = [[cell(name, value) for value in found[name].values.tolist()] for name in names]
        show.table([label(name) for name in names], zip(*columns, strict=True), texts=[label(name) for name in TEXTS])
    show.doubted(found)
