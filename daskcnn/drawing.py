"""A task graph drawn to a file: a page to explore, or a picture to print."""

from __future__ import annotations

from pathlib import Path

import xarray as xr

from daskcnn import plugins
from daskcnn.errors import RunError, UsageError, reason
from daskcnn.files import whole
from daskcnn.taskgraph import TaskGraph, drawable

ENDINGS = (".html", ".svg", ".png")
COLOURS = ("layer", "owner", "cost")
DOTS_PER_INCH = 300
MANY = 200_000
"""Tasks up to which a page has all of them."""


def ending(path: Path) -> str:
    """How the name of a drawing ends, in small letters.

    Raises
    ------
    UsageError
        No drawing ends so.
    RunError
        There is no such folder.

    >>> ending(Path("Graph.PNG"))
    '.png'
    """
    suffix = path.suffix.lower()
    if suffix not in ENDINGS:
        raise UsageError(f"{str(path)!r} is no picture: end it in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}")
    if not path.parent.is_dir():
        raise RunError(f"cannot write {path} (no folder {str(path.parent)!r}): make it, or choose another file")
    return suffix


def draw(graph: TaskGraph, path: Path, colour: str = "layer", title: str = "Task graph") -> None:
    """Write a graph as a page (`.html`), which needs nothing else, or as a picture (`.svg`, `.png` of 300 dpi).

    Parameters
    ----------
    graph : TaskGraph
    path : Path
    colour : str
        What tasks are coloured by: `layer`, `owner` or `cost`.
    title : str
        What it is the graph of.

    Raises
    ------
    UsageError
        As of `ending`, or the graph has no task.
    RunError
        The file cannot be written.
    """
    suffix = ending(path)
    if not len(graph):
        raise UsageError("the graph has no task: nothing to draw")
    table = drawable(graph)
    try:
        with whole(path) as part:
            if suffix == ".html":
                part.write_text(_page(table, colour, title), encoding="utf-8")
            else:
                # Bokeh and matplotlib take a second to import.
                from daskcnn.figures.graph.image import graph_image

                graph_image(table, colour, title).savefig(part, format=suffix[1:], dpi=DOTS_PER_INCH)
    except OSError as error:
        raise RunError(f"cannot write {path} ({reason(error)}): choose another file") from error


def _page(table: xr.Dataset, colour: str, title: str) -> str:
    from bokeh.document import Document
    from bokeh.themes import Theme

    from daskcnn.dashboard.frame import head_block
    from daskcnn.figures import task_graph
    from daskcnn.figures.standalone import standalone

    document = Document(theme=Theme(plugins.room("dashboards") / "theme.yaml"))
    document.template = head_block()
    document.add_root(task_graph(table, colour, title, MANY))
    return standalone(document, title)
