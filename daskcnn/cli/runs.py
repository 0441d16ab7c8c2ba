"""`daskcnn runs`: list, show, rm."""

from __future__ import annotations

import click
import xarray as xr

from daskcnn.cli import options, show
from daskcnn.cli.run import report
from daskcnn.metrics import METRICS
from daskcnn.run import Run
from daskcnn.store import Store

COLUMNS = ("network", "chunks", "workers", "engine", "images")
SHOWN = ("seconds", "speedup", "efficiency", "bytes_moved", "imbalance", "accuracy")


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
    report(Run(store.open(run_id)), as_json)


@runs.command("rm", epilog="Example:  daskcnn runs rm 20261120T0330")
@click.argument("run_ids", nargs=-1, required=True)
@options.store
def rm(run_ids: tuple[str, ...], store: Store) -> None:
    """Remove runs by their ids or the beginnings of them."""
    for name in [store.find(run_id) for run_id in run_ids]:
        store.remove(name)
        click.echo(f"removed {name}")


def listing(found: xr.Dataset, store: Store, as_json: bool) -> None:
    """Print the store's table."""
    for name in found.attrs.get("unreadable", ()):
        click.echo(f"daskcnn: {name} in {store.path} is damaged or no run; daskcnn runs rm {name} removes it", err=True)
    if as_json:
        show.document(found.reset_coords().to_dataframe().reset_index().to_dict("records"))
    elif not found.sizes["run"]:
        click.echo(f"No runs in {store.path}; daskcnn run makes one.")
    else:
        titles = ("run", *COLUMNS, *(METRICS[name].label for name in SHOWN))
        show.table(titles, (row(found.isel(run=number)) for number in range(found.sizes["run"])))


def row(found: xr.Dataset) -> list[str]:
    """A run's cells."""
    plain = (f"{found[name].item():.0f}" if name in ("workers", "images") else found[name].item() for name in COLUMNS)
    return [found["run"].item(), *plain, *(METRICS[name].text(float(found[name])) for name in SHOWN)]
