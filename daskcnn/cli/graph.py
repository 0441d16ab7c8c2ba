"""`daskcnn graph`."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import xarray as xr

from daskcnn import plugins
from daskcnn.asking import ask, lines, question
from daskcnn.cli import options, show, work_options
from daskcnn.cli.graph_target import Target
from daskcnn.drawing import COLOURS, draw
from daskcnn.errors import UsageError
from daskcnn.quantity import quantity
from daskcnn.taskgraph import TaskGraph

PER_TASK = {"task", "edge", "step"}
"""Dimensions of what is as long as the graph: it is left out of the JSON document, and named there."""
SETTINGS = ("workers", "limit", "overhead", "rate", "bandwidth")
"""Options that questions may take."""

WHOLE = {"": "", "max": ", most of a worker", "sum": ", in all"}
"""How many numbers are told as one, and in what words."""

POSITIVE = click.FloatRange(min=0, min_open=True)

Answers = dict[str, xr.Dataset]


@click.command("graph", epilog="Example:  daskcnn graph mnist --chunks spatial=2x2 --ask size,communication")
@click.argument("target", default="mnist")
@work_options.chunks
@options.workers
@work_options.inputs
@work_options.images
@work_options.batch
@work_options.fan_in
@work_options.granularity
@click.option("--ask", "asked", default="", help="Questions with commas between, or files of your own.  [default: all]")
@click.option("--compare", help="Several ways to cut, with commas between, side by side; + joins the words of one.")
@click.option("--draw", "drawing", type=click.Path(path_type=Path), help="Draw the graph: FILE.html, .svg or .png.")
@click.option("--colour", type=click.Choice(COLOURS), default="layer", show_default=True, help="Of the drawing.")
@click.option("--as-written", is_flag=True, help="A collection as it is written; by default as Dask optimizes it.")
@click.option("--memory-limit", "limit", help="Bytes that a worker has for its results, as in 2GB.")
@click.option("--overhead", type=POSITIVE, help="Seconds that the scheduler takes for a task.")
@click.option("--rate", type=POSITIVE, help="Operations that a worker does in a second.")
@click.option("--bandwidth", type=POSITIVE, help="Bytes that pass between two workers in a second.")
@options.store
@options.as_json
def graph(
    target: str,
    asked: str,
    compare: str | None,
    drawing: Path | None,
    colour: str,
    as_written: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Ask a task graph questions before anything runs.

    TARGET is a network (mnist by default) or an ONNX file, cut as --chunks says; a Dask collection or a raw graph, as
    script.py:name or module:name; or the id of a run in the store.
    """
    settings = {name: given.pop(name) for name in SETTINGS if name != "workers"} | {"workers": given["workers"]}
    questions = [name.strip() for name in asked.split(",")] if asked else plugins.names("graphs")
    of = Target(target, optimize=not as_written, **given)
    graphs = dict([of.graph()] if compare is None else [of.cut(chunks) for chunks in _ways(of, compare)])
    answers = {
        name: {question: _ask(one, question, settings) for question in questions} for name, one in graphs.items()
    }
    if drawing:
        for (name, one), path in zip(graphs.items(), _paths(drawing, len(graphs)), strict=True):
            draw(one, path, colour, name)
            click.echo(f"wrote {path}", err=True)
    if as_json:
        documents = [{"graph": name} | _document(found) for name, found in answers.items()]
        show.document(documents if compare is not None else documents[0])
    elif compare is not None:
        _side_by_side(answers)
    else:
        for name, found in answers.items():
            show.title(name)
            _told(found)


def _ways(target: Target, compare: str) -> Sequence[str]:
    if not target.is_network:
        raise UsageError(f"--compare cuts a network, and {target.name!r} is none: leave it out")
    return list(dict.fromkeys(chunks.strip() for chunks in compare.split(",")))


def _ask(one: TaskGraph, name: str, settings: Mapping[str, Any]) -> xr.Dataset:
    """The answer, with those settings that the question takes and that were given."""
    takes = inspect.signature(question(name).analyse).parameters
    return ask(one, name, **{key: value for key, value in settings.items() if key in takes and value is not None})


def _told(answers: Answers) -> None:
    for name, found in answers.items():
        click.echo(getattr(question(name), "TITLE", name))
        for line in lines(name, found):
            click.echo(f"  {line}")
        click.echo()


def _side_by_side(answers: Mapping[str, Answers]) -> None:
    """Every number of every question, a column a way to cut."""
    names = list(answers)
    rows = []
    for asked, first in answers[names[0]].items():
        for name, values in first.data_vars.items():
            if (whole := _whole(values)) is not None:
                cells = [_number(found[asked][name], whole) for found in answers.values()]
                rows.append([f"{asked}: {values.attrs.get('long_name', name)}{WHOLE[whole]}", *cells])
        if "finding" in first.dims:
            faults = [", ".join(found[asked]["finding"].values.tolist()) or "none" for found in answers.values()]
            rows.append([f"{asked}: findings", *faults])
    heads = [name.partition(", ")[2].partition(" on ")[0] for name in names]
    show.title(f"{names[0].partition(',')[0]}, {len(names)} ways to cut it")
    show.table(["", *heads], rows, texts=[""])


def _document(answers: Answers) -> dict[str, Any]:
    """All that is not as long as the graph."""
    document: dict[str, Any] = {}
    for asked, found in answers.items():
        short = [name for name in found.variables if not PER_TASK & set(map(str, found[name].dims))]
        document[asked] = {str(name): found[name].values for name in short} | dict(found.attrs)
        document[asked]["left_out"] = [str(name) for name in found.variables if name not in short]
    return document


def _whole(values: xr.DataArray) -> str | None:
    """How an answer is one number: as it is, of the worker that has most, of all layers; None if it is not."""
    if values.dtype.kind not in "biuf" or values.dims not in ((), ("worker",), ("layer",)):
        return None
    if values.dims != ("layer",):
        return "max" if values.dims else ""
    adds_up = values.dtype.kind in "iu" or values.attrs.get("units") in ("B", "FLOP")
    return "sum" if adds_up else None


def _number(values: xr.DataArray, whole: str) -> str:
    one = getattr(values, whole)(skipna=False) if whole else values
    return quantity(one.item(), str(values.attrs.get("units", "")))


def _paths(path: Path, count: int) -> list[Path]:
    """One path a graph: `cut.html`, or `cut-1.html`, `cut-2.html` of several."""
    return [path] if count == 1 else [path.with_stem(f"{path.stem}-{place}") for place in range(1, count + 1)]
