"""`daskcnn calibrate`."""

from __future__ import annotations

from collections.abc import Iterator

import click
import xarray as xr
from rich.console import Console

from daskcnn import calibration
from daskcnn.calibration import QUANTITIES
from daskcnn.cli import options, said, show
from daskcnn.cli.cells import INTERVAL
from daskcnn.quantity import many
from daskcnn.store import Store


@click.command(epilog="Example:  daskcnn calibrate --store results")
@options.store
@options.as_json
def calibrate(store: Store, as_json: bool) -> None:
    """Measure what this machine can do, in less than 20 s, and keep it in the store for later runs.

    Rates of matrix products, memory and transfers between workers, and Dask's cost of a task. Nothing else should
    run meanwhile.
    """
    store.check()
    with Console(stderr=True).status("measuring") as status:
        measured = calibration.calibrate(lambda what: status.update(f"measuring {what}"))
    file = calibration.keep(measured, store)
    if as_json:
        show.document({name: measured[name].values for name in measured.variables} | measured.attrs)
    else:
        show.title(f"{measured.attrs['cpu']}, {many(measured.attrs['cores'], 'core')}")
        show.table(("", "Median", INTERVAL, "Repeats"), lines(measured), texts=("",))
    said.note(f"kept in {file}")


def lines(measured: xr.Dataset) -> Iterator[tuple[str, str, str, str]]:
    """Each quantity with its median, its interval and its repeats."""
    for name, quantity in QUANTITIES.items():
        value, low, high = (quantity.text(measured[f"{name}{end}"].item()) for end in ("", "_low", "_high"))
        yield quantity.label, value, f"{low} to {high}", f"{measured[f'{name}_repeats'].item():,}"
