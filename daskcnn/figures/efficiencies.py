"""POP's tree of efficiencies, run beside run."""

import numpy as np
import xarray as xr
from bokeh.models import Div
from bokeh.palettes import PuOr11

from daskcnn.figures.cells import Cell, cells
from daskcnn.figures.labels import short
from daskcnn.figures.notes import key, note
from daskcnn.metrics import METRICS
from daskcnn.metrics.efficiency import TREE

HEAD = 60
"""Letters of what tells a run from the others."""
STEPS = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Where one shade ends and the next one begins."""
SHADES = PuOr11[8:2:-1]
"""From less than the first step, orange, to more than the last, violet: all pale enough for dark letters."""


def efficiency_tree(runs: xr.Dataset) -> Div:
    """A table with a row for each factor of the tree and a column for each run: a number on a shade.

    Parameters
    ----------
    runs : xarray.Dataset
        Rows of the store's table along `run`, with the coordinate `label`.
    """
    head = ["", *(short(label, HEAD) for label in runs["label"].values.tolist())]
    rows: list[list[str | Cell]] = [["Run", *runs["run"].values.tolist()]]
    rows.append([METRICS["seconds"].label, *(METRICS["seconds"].text(value) for value in runs["seconds"].values)])
    rows += [[sign + METRICS[name].label, *map(_cell, runs[name].values)] for name, sign in TREE if name in runs]
    return cells("Efficiencies", head, rows)


def efficiency_key() -> Div:
    """What the shades mean."""
    share = METRICS["load_balance"].text
    ends = [f"below {share(STEPS[0])}", *(f"from {share(step)}" for step in STEPS)]
    return key([("■", shade, text) for shade, text in zip(SHADES, ends, strict=True)])


def efficiency_words() -> Div:
    """How each factor is defined."""
    return note("What they are", *(f"{METRICS[name].label}: {METRICS[name].source}" for name, _ in TREE))


def _cell(value: float) -> str | Cell:
    text = METRICS["load_balance"].text(value)
    return Cell(text, SHADES[int(np.searchsorted(STEPS, value, side="right"))]) if np.isfinite(value) else text
