"""A page that shows one run."""

from collections.abc import Callable

import xarray as xr
from bokeh.layouts import column
from bokeh.models import LayoutDOM

from daskcnn.figures.notes import empty, note
from daskcnn.figures.settings import run_menu, shown

FEW = 5
"""Runs that a page in a file holds: each has all that is drawn of it, seen or not."""


def one_run(where: str, runs: xr.Dataset, draw: Callable[[str], LayoutDOM], title: str, *lines: str) -> LayoutDOM:
    """The newest run, and a choice of the others.

    Parameters
    ----------
    where : str
        The store, to name it if it is empty.
    runs : xarray.Dataset
        Its table; files that cannot be read are offered too, and say why when they are chosen.
    draw : callable
        Of the id of a run.
    title, *lines : str
        What the page is about.
    """
    if not runs.sizes["run"] and not runs.attrs["unreadable"]:
        return empty(where)
    menu = run_menu(runs)
    return column(note(title, *lines), menu, shown([menu], draw, most=FEW), sizing_mode="stretch_width")
