"""`daskcnn compare`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

import click
import numpy as np
import xarray as xr
from numpy.typing import NDArray

from daskcnn.cli import options, show
from daskcnn.cli.cells import INTERVAL, cell, interval, label
from daskcnn.cli.left_out import left_out
from daskcnn.errors import UsageError
from daskcnn.metrics import HEADLINES, LOSSES, METRICS, disturbed
from daskcnn.noise import Comparison, compared
from daskcnn.store import Store

NAMED = ("network", "chunks", "workers", "engine", "images", "repeats")
CHECKS = ("same_as_serial", "records_dropped", *LOSSES)
NEWEST = 6
"""Runs that are compared where none are named."""


@click.command(epilog="Example:  daskcnn compare 20261120T0330 20261120T0331")
@click.argument("run_ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Show every metric, not the most important alone.")
@options.store
@options.as_json
def compare(run_ids: tuple[str, ...], everything: bool, store: Store, as_json: bool) -> None:
    """Print runs side by side, those named or the newest six, and each against the first, with its noise.

    What repeats measured is compared by the ratio of medians and its 95 % interval; an interval that holds 1 is no
    difference found. Between one run and the next a machine may change too: daskcnn sweep measures in turns.
    """
    found = chosen(store, run_ids)
    if not found.sizes["run"]:
        raise UsageError(f"no runs in {store.path} to compare; daskcnn run makes one")
    runs = found["run"].values.tolist()
    against = against_first(store, runs)
    if as_json:
        rows = found.to_dataframe().reset_index().to_dict("records")
        compared = {run: {name: asdict(said) for name, said in all_said.items()} for run, all_said in against.items()}
        show.document([row | {"compared": compared.get(row["run"], {})} for row in rows])
    else:
        names = METRICS if everything else HEADLINES
        show.table(("", *runs), lines(found, names), texts=("",))
        if against:
            click.echo()
            show.title(f"Against {runs[0]}: how many times as much, and the {INTERVAL}")
            show.table(("", *against), differences(list(against.values()), names), texts=("",))
    show.doubted(found)


def chosen(store: Store, run_ids: tuple[str, ...]) -> xr.Dataset:
    """The rows of the runs that are named, in that order, or of the newest."""
    found = store.runs()
    broken = found.attrs["unreadable"]
    ids = list(dict.fromkeys(store.find(run_id) for run_id in run_ids))
    for name in ids:
        if name in broken:
            # Raises, and says what is wrong with the file.
            store.open(name)
    left_out(store, broken)
    return found.sel(run=ids) if ids else found.isel(run=slice(-NEWEST, None))


def against_first(store: Store, runs: Sequence[str]) -> dict[str, dict[str, Comparison]]:
    """What the repeats of each run but the first say against those of the first, metric by metric."""
    first, *others = (_repeats(store, run) for run in runs)
    return {
        run: {name: compared(own[name], first[name]) for name in own if name in first}
        for run, own in zip(runs[1:], others, strict=True)
    }


def _repeats(store: Store, run: str) -> dict[str, NDArray[np.float64]]:
    """The metrics of each repeat; memory is left out, since its peak is measured once for all of them."""
    kept = store.repeats(run)
    return {name: kept[name].values for name, m in METRICS.items() if name in kept and m.group != "memory"}


def lines(found: xr.Dataset, metrics: Iterable[str]) -> Iterator[list[str]]:
    """What the runs are, their metrics, and what tells whether to trust them: one column a run."""
    for name in (*NAMED, *metrics, *CHECKS):
        if name in found and (name not in LOSSES or disturbed(found).any()):
            yield [label(name), *(cell(name, value) for value in found[name].values.tolist())]
        if name == "seconds" and {"seconds_low", "seconds_high"} <= set(found):
            yield [INTERVAL, *map(interval, found["seconds_low"].values, found["seconds_high"].values)]


def differences(against: list[dict[str, Comparison]], metrics: Iterable[str]) -> Iterator[list[str]]:
    """A line for each metric that repeats measured: one column a run."""
    for name in metrics:
        if any(name in said for said in against):
            yield [label(name), *(str(said.get(name, "–")) for said in against)]
