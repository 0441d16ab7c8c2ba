"""Partitions side by side."""

from bokeh.layouts import column, grid
from bokeh.models import LayoutDOM

from daskcnn.figures import bars, described, doubts, empty, labelled, note, table, warning
from daskcnn.store import Store

TITLE = "Compare"
METRICS = ("seconds", "speedup", "efficiency", "bytes_moved", "communication", "imbalance")
MOST = 30


def page(store: Store) -> LayoutDOM:
    """Six metrics by partition, from the newest run of each configuration, and every run in a table."""
    runs = store.runs()
    parts: list[LayoutDOM] = []
    if broken := runs.attrs["unreadable"]:
        parts.append(warning("Files that cannot be read as runs:", broken))
    if not runs.sizes["run"]:
        return column(empty(str(store.path)), *parts, sizing_mode="stretch_width")
    if wrong := doubts(runs):
        parts.append(warning("Not to be relied on:", wrong))
    newest = labelled(runs)
    shown = newest.isel(run=slice(MOST))
    left_out = newest.sizes["run"] - shown.sizes["run"]
    about = "The newest run of each configuration" + (f"; {left_out} more are in the table only" if left_out else "")
    figures = [bars(shown, metric) for metric in METRICS if metric in shown]
    return column(
        note("Partitions side by side", described(runs), about),
        *parts,
        grid(figures, ncols=3, sizing_mode="stretch_width"),
        note(f"All {runs.sizes['run']} runs of {store.path}", "Click a column's head to sort by it"),
        table(runs),
        sizing_mode="stretch_width",
    )
