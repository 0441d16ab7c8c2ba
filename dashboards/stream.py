"""Who did what when, in one run."""

import xarray as xr
from bokeh.layouts import column
from bokeh.models import LayoutDOM

from daskcnn.blame import critical_path, intervals
from daskcnn.blame.lanes import lanes
from daskcnn.blame.repeats import middle, repeats, trace_of
from daskcnn.figures import facts, note, one_run, task_stream
from daskcnn.figures.settings import menu, shown
from daskcnn.store import Store

TITLE = "Task stream"
WORDS = "Who did what when", "A row a thread: what it computed, and in between why it did nothing"
NOTHING = "All of this repeat took no time that the clocks can tell, so there is nothing to draw"
MEDIAN = "median"
FEW = 4
"""Repeats of a run that a page in a file holds, the one of median time twice."""


def page(store: Store) -> LayoutDOM:
    """The task stream of a run that is chosen."""
    return one_run(str(store.path), store.runs(), lambda run: _run(store.open(run)), *WORDS)


def _run(tree: xr.DataTree) -> LayoutDOM:
    """A repeat of a run, and a choice of the others."""
    trace = trace_of(tree)
    threads = lanes(trace)
    median, known = middle(trace, threads), repeats(trace, threads)
    options = [(MEDIAN, f"{median}, of median time"), *((str(repeat), str(repeat)) for repeat in known)]
    choose = menu("repeat", "Repeat", options, width=150)

    def draw(name: str) -> LayoutDOM:
        repeat = median if name == MEDIAN else int(name)
        found = intervals(tree, repeat)
        if not found["start"].size:
            return note("", NOTHING)
        return task_stream(tree, repeat, found, lambda: critical_path(tree, repeat))

    return column(facts(tree.to_dataset()), choose, shown([choose], draw, most=FEW), sizing_mode="stretch_width")
