"""A scaling study as text, and as a document: what more workers bring, what they take, and the laws behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
import numpy as np
import xarray as xr

from daskcnn.cli import show
from daskcnn.cli.cells import cell, label
from daskcnn.metrics.fits import Scaling
from daskcnn.metrics.scaling import scaling
from daskcnn.study.findings import laws, series

NAMES = ("seconds", "speedup", "efficiency", "incremental_speedup", "scaling_loss", "serial_fraction")


def scaling_tables(runs: xr.Dataset, kind: Scaling) -> None:
    """Print the tables of each way of cutting."""
    for name, own in series(runs).items():
        click.echo()
        show.title(f"{name}, {kind} scaling")
        found = scaling(own)
        columns = [own_cells(found, column) for column in NAMES]
        show.table(("Workers", *map(label, NAMES)), zip(map(str, found["workers"].values), *columns, strict=True))
        click.echo()
        workers = range(own.sizes["worker"])
        show.table(("Workers", *(f"Worker {number}" for number in workers), "All"), memory(own))
        if set(own["cluster"].values.tolist()) == {"threads"}:
            click.echo("Workers that are threads share the memory of one process: each shows all of it.")
        click.echo()
        show.table(("Law", "Parameter", "Value", "Interval"), parameters(laws(own, kind)), texts=("Law", "Parameter"))


def scaling_document(runs: xr.Dataset, kind: Scaling) -> dict[str, Any]:
    """The same as values, by way of cutting."""
    return {
        name: {
            "scaling": scaling(own).to_dataframe().reset_index().to_dict("records"),
            "laws": records(laws(own, kind)),
        }
        for name, own in series(runs).items()
    }


def own_cells(found: xr.Dataset, name: str) -> list[str]:
    """A column as text."""
    return [cell(name, value) for value in found[name].values.tolist()]


def memory(runs: xr.Dataset) -> Iterator[tuple[str, ...]]:
    """A line for each number of workers: the peak of each worker, and their sum."""
    for count, peaks in zip(runs["workers"].values.tolist(), runs["peak_memory"].values, strict=True):
        sizes = [*peaks, np.nansum(peaks)]
        yield str(count), *(cell("peak_memory_bytes", size) for size in sizes)


def parameters(found: xr.Dataset) -> Iterator[tuple[str, ...]]:
    """A line for each parameter of each law."""
    for row in records(found):
        ends = f"{row['low']:.4g} to {row['high']:.4g}" if np.isfinite(row["low"]) else "–"
        yield row["law"], row["label"], row["note"] or f"{row['value']:.4g}", ends


def records(found: xr.Dataset) -> list[dict[str, Any]]:
    """The parameters of the laws, with what their fit is worth."""
    names = ("parameter", "label", "value", "low", "high")
    columns = (found[name].values.tolist() for name in ("of", *names))
    rows = [dict(zip(("law", *names), row, strict=True)) for row in zip(*columns, strict=True)]
    fit = {law: {key: found[key].sel(law=law).item() for key in ("r_squared", "note")} for law in found["law"].values}
    return [row | fit[row["law"]] for row in rows]
