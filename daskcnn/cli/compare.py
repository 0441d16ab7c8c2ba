"""`daskcnn compare`."""

from __future__ import annotations

from collections.abc import Iterator

import click
import xarray as xr

from daskcnn.cli import options, show
from daskcnn.cli.cells import INTERVAL, cell, interval, label
from daskcnn.errors import UsageError
from daskcnn.metrics import METRICS
from daskcnn.store import Store

NAMED = ("network", "chunks", "workers", "engine", "images", "repeats")
CHECKS = ("same_as_serial", "records_dropped")
NEWEST = 6
"""Runs that are compared where none are named."""


@click.command(epilog="Example:  daskcnn compare 20261120T0330 20261120T0331")
@click.argument("run_ids", nargs=-1)
@options.store
@options.as_json
def compare(run_ids: tuple[str, ...], store: Store, as_json: bool) -> None:
    """Print runs side by side: those named, or the newest six."""
    found = chosen(store, run_ids)
    if not found.sizes["run"]:
        raise UsageError(f"no runs in {store.path} to compare; daskcnn run makes one")
    if as_json:
        show.document(found.to_dataframe().reset_index().to_dict("records"))
    else:
        show.table(("", *found["run"].values.tolist()), lines(found), texts=("",))
    show.doubted(found)


def chosen(store: Store, run_ids: tuple[str, ...]) -> xr.Dataset:
    """The rows of the runs that are named, in that order, or of the newest."""
    found = store.runs()
    if not run_ids:
        return found.isel(run=slice(-NEWEST, None))
    ids = list(dict.fromkeys(store.find(run_id) for run_id in run_ids))
    for name in ids:
        if name in found.attrs["unreadable"]:
            # Raises, and says what is wrong with the file.
            store.open(name)
    return found.sel(run=ids)


def lines(found: xr.Dataset) -> Iterator[list[str]]:
    """What the runs are, every metric, and what tells whether to trust them: one column a run."""
    for name in (*NAMED, *METRICS, *CHECKS):
        if name in found:
            yield [label(name), *(cell(name, value) for value in found[name].values.tolist())]
        if name == "seconds" and {"seconds_low", "seconds_high"} <= set(found):
            yield [INTERVAL, *map(interval, found["seconds_low"].values, found["seconds_high"].values)]
