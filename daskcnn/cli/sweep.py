"""`daskcnn sweep`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import click
import xarray as xr

from daskcnn.cli import options, said, show, work_options
from daskcnn.cli.cells import INTERVAL, cell, interval
from daskcnn.cli.progress import progress, watched
from daskcnn.cli.scaling import scaling_document, scaling_tables
from daskcnn.errors import RunError, UsageError
from daskcnn.metrics.fits import Scaling
from daskcnn.noise import FEW, Comparison
from daskcnn.quantity import many
from daskcnn.study.configuration import SCALINGS
from daskcnn.study.findings import NOISE
from daskcnn.study.sweep import sweep as measured


@click.command(epilog="Example:  daskcnn sweep --chunks batch,channel,spatial --workers 1,2 --repeat 7")
@work_options.network
@click.option(
    "--chunks",
    default="batch,channel,spatial",
    show_default=True,
    help="Ways to cut, with commas between, each as in daskcnn run; + joins the words of a hybrid, batch=2+channel=2.",
)
@click.option(
    "--workers",
    metavar="N,N,…",
    callback=lambda ctx, option, value: _numbers(value),
    help="Numbers of workers, with commas between.  [default: the machine's cores, for scaling 1, 2, 4 … up to them]",
)
@click.option(
    "--scaling",
    type=click.Choice(SCALINGS),
    help="A scaling study: strong, the same images on all numbers of workers, or weak, --images for each worker.",
)
@work_options.work
@work_options.raw
@work_options.place
@click.option(
    "--repeat", type=click.IntRange(min=1), default=7, show_default=True, help="Rounds; each after a warm-up."
)
@work_options.kernels
@click.option("--again", is_flag=True, help="Begin anew, whatever of this sweep is in the store.")
@options.store
@options.as_json
def sweep(network: str, as_json: bool, **asked: Any) -> None:
    """Measure ways to cut on numbers of workers side by side, turn and turn about.

    NETWORK is {network}. The same command goes on where an earlier one was stopped.
    """
    with progress() as shown:
        bar = shown.add_task("turns", total=None)
        watch = watched(repeat=lambda done, of: shown.update(bar, completed=done, total=of))
        runs = measured(network, watch=watch, **asked)
    turns, failed = runs.attrs["turns"], runs.attrs["failed"]
    if not turns and not failed:
        said.warning("this sweep is finished, nothing was measured; --again begins anew")
    elif before := int(runs["repeats"].sum()) - turns:
        said.warning(f"{many(before, 'turn')} of this sweep had been measured before")
    if as_json:
        show.document(document(runs, asked["scaling"]))
    else:
        report(runs, asked["scaling"])
    show.doubted(runs)
    if failed:
        raise RunError(f"{many(len(failed), 'configuration')} failed, as said above; the others are in the store")


def report(runs: xr.Dataset, scaling: Scaling | None) -> None:
    """Print what a sweep found: the table, the noise floor, and of a scaling study what it shows."""
    row = runs.isel(run=0)
    texts = (row["network"].item(), row["cluster"].item(), row["engine"].item())
    rounds = many(int(runs["repeats"].max()), "round")
    show.title(f"{runs.attrs['sweep']}: {', '.join(texts)}; medians of {rounds}, {INTERVAL}s")
    titles = ("Chunks", "Workers", "Images", "Time", "Interval", "Speedup", "Efficiency", "Against best")
    show.table(titles, rows(runs), texts=("Chunks", "Against best"))
    if "noise" in runs:
        click.echo(f"\nNoise floor: {noise(runs)}")
    if scaling:
        scaling_tables(runs, scaling)


def rows(runs: xr.Dataset) -> Iterator[tuple[str, ...]]:
    """A line for each configuration."""
    for name in runs["run"].values[runs["pair"].values != "B"]:
        row = runs.sel(run=name)
        values = {key: row[key].item() for key in ("chunks", "workers", "images", "seconds", "speedup", "efficiency")}
        chunks, workers, images, seconds, *others = (cell(key, value) for key, value in values.items())
        ends = interval(row["seconds_low"].item(), row["seconds_high"].item())
        yield chunks, workers, images, seconds, ends, *others, str(comparison(row))


def comparison(row: xr.Dataset) -> Comparison:
    """A configuration against the best."""
    ratio, low, high, verdict = (row[name].item() for name in ("ratio", "ratio_low", "ratio_high", "verdict"))
    return Comparison(ratio, low, high, verdict)


def noise(runs: xr.Dataset) -> str:
    """What the halves of the pair say."""
    first = runs.isel(run=runs["pair"].values == "A").squeeze("run")
    who = f"{first['chunks'].item()} on {many(first['workers'].item(), 'worker')} against itself"
    ratio, low, high = (runs[name].item() for name in NOISE)
    ends = f"[{low:.3f}, {high:.3f}]" if math.isfinite(low) else f"({FEW})"
    return f"{who}, {ratio:.3f} times {ends}"


def document(runs: xr.Dataset, scaling: Scaling | None) -> dict[str, Any]:
    """What a sweep found, as values."""
    columns = {str(name): column for name, column in runs.reset_coords().items() if "run" in column.dims}
    each = [
        {"run": run} | {name: _known(column[place]) for name, column in columns.items()}
        for place, run in enumerate(runs["run"].values.tolist())
    ]
    floor = {name: runs[name].item() for name in NOISE if name in runs}
    studies = {"scaling": scaling_document(runs, scaling)} if scaling else {}
    return {**runs.attrs, **floor, "runs": each, **studies}


def _known(value: xr.DataArray) -> Any:
    """A value, or a list without what fills its end."""
    return value.dropna(*value.dims).values.tolist() if value.ndim else value.item()


def _numbers(text: str | None) -> tuple[int, ...]:
    parts = text.split(",") if text is not None else []
    if wrong := [part for part in parts if not re.fullmatch("0*[1-9][0-9]{0,5}", part)]:
        raise UsageError(f"workers {wrong[0]!r} in {text!r}: give whole numbers from 1, as in 1,2,4")
    return tuple(map(int, parts))
