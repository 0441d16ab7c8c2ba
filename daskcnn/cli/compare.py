"""`daskcnn compare`."""

from __future__ import annotations

import click
import xarray as xr

from daskcnn.cli import options, show
from daskcnn.errors import UsageError
from daskcnn.metrics import METRICS
from daskcnn.store import Store

NAMED = ("network", "chunks", "workers", "engine", "images", "repeats")
NEWEST = 6
"""Runs that are compared where none are named."""


@click.command(epilog="Example:  daskcnn compare 20261120T0330 20261120T0331")
@click.argument("run_ids", nargs=-1)
@options.store
@options.as_json
def compare(run_ids: tuple[str, ...], store: Store, as_json: bool) -> None:
    """Print runs side by side: those named, or the newest six."""
    ids = [store.find(run_id) for run_id in run_ids] or store.ids()[-NEWEST:]
    if not ids:
        raise UsageError(f"no runs in {store.path} to compare; daskcnn run makes one")
    found = xr.concat([row(store, name) for name in ids], "run")
    if as_json:
        show.document(found.to_dataframe().reset_index().to_dict("records"))
    else:
        show.table(("", *ids), lines(found))


def lines(found: xr.Dataset) -> list[list[str]]:
    """What the runs are, the time with its interval, and every metric: one column a run."""
    times = [
        "[" + ", ".join(METRICS["seconds"].text(float(end)) for end in ends) + "]"
        for ends in zip(found["seconds_low"].values, found["seconds_high"].values, strict=True)
    ]
    named = [[name, *map(str, found[name].values.tolist())] for name in NAMED]
    metrics = [
        [metric.label, *(metric.text(float(value)) for value in found[name].values)]
        for name, metric in METRICS.items()
        if name in found
    ]
    return [*named, metrics[0], ["95 % interval", *times], *metrics[1:]]


def row(store: Store, name: str) -> xr.Dataset:
    """A run's numbers, under its id."""
    return store.open(name).to_dataset().assign_coords(run=name).drop_attrs(deep=False)
