"""What more workers bring."""

import numpy as np
import xarray as xr
from bokeh.layouts import column
from bokeh.models import LayoutDOM
from numpy.typing import NDArray

from daskcnn.figures import empty, fitted_laws, note, scaling_curves, scaling_key
from daskcnn.figures.settings import menu, shown
from daskcnn.metrics import Study, curves, studies
from daskcnn.store import Store

TITLE = "Scaling"
TOPIC = "What more workers bring"
NOTHING = "No two runs here differ in their number of workers alone, so there is no scaling to draw"
HOW = "daskcnn sweep --scaling strong --workers 1,2,4"
FEW = 5
"""Studies that a page in a file holds."""
WORK = {"strong": "the same work on all numbers of workers", "weak": "as many times the work as there are workers"}


def page(store: Store) -> LayoutDOM:
    """Curves against the number of workers, strong and weak scaling apart, with the laws fitted to them."""
    runs = store.runs()
    if not runs.sizes["run"]:
        return empty(str(store.path))
    found = {_label(study): study for study in studies(runs)}
    if not found:
        return note(TOPIC, NOTHING, f"To measure it: {HOW}")
    choose = menu("study", "Study", [(name, name) for name in found], width=420)
    panel = shown([choose], lambda name: _panel(store, found[name]), most=FEW)
    return column(
        note(TOPIC, "Medians of repeats, from the newest run of each number of workers"),
        choose,
        panel,
        sizing_mode="stretch_width",
    )


def _label(study: Study) -> str:
    images = f"{study.images:,} images" + (" a worker" if study.kind == "weak" else "") if study.images else ""
    texts = (f"{study.kind.capitalize()} scaling", *study.setting, images)
    return " · ".join(text for text in texts if text)


def _panel(store: Store, study: Study) -> LayoutDOM:
    series = {name: curves(_timed(store, own), study.kind) for name, own in study.series.items()}
    return column(
        note("", f"{study.kind.capitalize()} scaling: {WORK[study.kind]}"),
        scaling_key(series),
        scaling_curves(series),
        fitted_laws(series),
        sizing_mode="stretch_width",
    )


def _timed(store: Store, runs: xr.Dataset) -> xr.Dataset:
    """The rows with the times of each of their repeats."""
    repeats = [store.repeats(run).reset_coords(drop=True) for run in runs["run"].values.tolist()]
    known = [own.assign(serial_seconds=own.get("serial_seconds", np.nan * own["seconds"])) for own in repeats]
    each = {"each_seconds": "seconds", "each_serial": "serial_seconds"}
    return runs.assign({name: _padded([own[column].values for own in known]) for name, column in each.items()})


def _padded(rows: list[NDArray[np.float64]]) -> tuple[tuple[str, str], NDArray[np.float64]]:
    """Rows of different lengths, NaN where one is shorter."""
    found = np.full((len(rows), max(map(len, rows))), np.nan)
    for place, row in enumerate(rows):
        found[place, : len(row)] = row
    return ("run", "repeat"), found
