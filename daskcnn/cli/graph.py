"""`daskcnn graph`."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import xarray as xr
from click.core import ParameterSource

from daskcnn import plugins
from daskcnn.asking import ask, lines, question
from daskcnn.cli import options, said, show, work_options
from daskcnn.cli.graph_compare import Answers, side_by_side
from daskcnn.cli.graph_target import Target
from daskcnn.drawing import COLOURS, draw, ending
from daskcnn.errors import UsageError
from daskcnn.quantity import many
from daskcnn.taskgraph import BANDWIDTH, RATE, TaskGraph

PER_TASK = {"task", "edge", "step"}
"""Dimensions of what is as long as the graph: it is left out of the JSON document, and named there."""
SETTINGS = ("workers", "limit", "overhead", "rate", "bandwidth")
"""Options that questions may take."""
ONLY = {
    **dict.fromkeys(("compare", "chunks", "inputs", "images", "batch", "fan_in", "granularity"), "network"),
    "as_written": "collection",
}
"""Options that are for one kind of target alone."""
FIRST = ("size", "critical_path", "parallelism", "communication", "memory", "granularity", "balance")
"""The order of questions; others come after, and advice, which is drawn from all, last."""
LAST = "advice"


def _positive(ctx: click.Context, option: click.Parameter, value: float | None) -> float | None:
    """A finite number above 0."""
    if value is not None and not 0 < value < float("inf"):
        raise click.BadParameter(f"{value:g} is no finite number above 0", ctx, option)
    return value


def _questions() -> list[str]:
    """The names of all."""
    there = plugins.names("graphs")
    first = [name for name in FIRST if name in there]
    return [*first, *(name for name in there if name not in (*first, LAST)), *(name for name in there if name == LAST)]


@click.command("graph", epilog="Example:  daskcnn graph mnist --chunks spatial=2x2 --ask size,communication")
@click.argument("target", default="mnist")
@work_options.chunks
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="One thread each.  [default: the machine's cores for a network, 4 for a collection, its own for a run]",
)
@work_options.work
@work_options.granularity
@click.option(
    "--ask",
    "asked",
    help=f"Questions with commas between: {', '.join(_questions())}, or files of your own, NAME.py.  [default: all]",
)
@click.option(
    "--compare",
    help="Several ways to cut with commas between, side by side; + joins the words of one, as "
    "in batch,batch=2+channel=2.",
)
@click.option(
    "--draw",
    "drawing",
    type=click.Path(path_type=Path),
    help="Draw the graph: FILE.html, .svg or .png; with --compare FILE-1, FILE-2 and so on.",
)
@click.option("--colour", type=click.Choice(COLOURS), default="layer", show_default=True, help="Of the drawing.")
@click.option("--as-written", is_flag=True, help="A collection as it is written; by default as Dask optimizes it.")
@click.option("--memory-limit", "limit", help="Bytes that a worker has for its results, as in 2GB.")
@click.option(
    "--overhead", type=float, callback=_positive, help="Seconds that the scheduler takes for a task.  [default: 0.0005]"
)
@click.option(
    "--rate", type=float, callback=_positive, help=f"Operations that a worker does in a second.  [default: {RATE:g}]"
)
@click.option(
    "--bandwidth",
    type=float,
    callback=_positive,
    help=f"Bytes that a task reads and writes in a second.  [default: {BANDWIDTH:g}]",
)
@options.store
@options.as_json
def graph(
    target: str,
    asked: str | None,
    compare: str | None,
    drawing: Path | None,
    colour: str,
    as_written: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Ask a task graph questions before anything runs.

    TARGET is a network (mnist by default) or an ONNX file, cut as --chunks says; a Dask collection, several in a list
    or dict, a function that gives them, or a raw graph, as script.py:name or module:name; or a run of the store, by
    its id or its file.
    """
    settings = {name: given.pop(name) for name in SETTINGS if name != "workers"} | {"workers": given["workers"]}
    of = Target(target, optimize=not as_written, **given)
    _check(of)
    questions = _questions() if asked is None else _parts("--ask", asked)
    for name in questions:
        question(name)
    if drawing:
        ending(drawing)
    graphs = [of.asked()] if compare is None else [of.cut(chunks) for chunks in _parts("--compare", compare)]
    answers = [{name: _ask(one.graph, name, settings) for name in questions} for one in graphs]
    for one, path in zip(graphs, _paths(drawing, len(graphs)), strict=False):
        draw(one.graph, path, colour, one.title)
        said.note(f"wrote {path}: {one.title}")
    if as_json:
        documents = [{"graph": one.title} | _document(found) for one, found in zip(graphs, answers, strict=True)]
        show.document(documents if compare is not None else documents[0])
    elif compare is not None:
        # Where commas separate ways, + joins the words of one.
        ways = [one.way.replace(",", "+") for one in graphs]
        side_by_side(f"{graphs[0].base}, cut in {many(len(ways), 'way')}", ways, answers)
    else:
        show.title(graphs[0].title)
        _told(answers[0])


def _check(target: Target) -> None:
    """No option is given that would change nothing."""
    ctx = click.get_current_context()
    option = {own.name or "": own.opts[0] for own in ctx.command.params}
    given = {name for name in option if ctx.get_parameter_source(name) == ParameterSource.COMMANDLINE}
    for name, kind in ONLY.items():
        if name in given and kind != target.kind:
            raise UsageError(f"{option[name]} is for a {kind}, and {target.name!r} is none: leave it out")
    if {"chunks", "compare"} <= given:
        raise UsageError("--chunks and --compare both say how to cut: give one of them")


def _parts(option: str, text: str) -> list[str]:
    """What stands between commas, each once."""
    parts = list(dict.fromkeys(part.strip() for part in text.split(",")))
    if "" in parts:
        raise UsageError(f"{option} {text!r} has nothing between two commas or at an end: take a comma out")
    return parts


def _ask(one: TaskGraph, name: str, settings: Mapping[str, Any]) -> xr.Dataset:
    """The answer, with those settings that the question takes and that were given."""
    takes = inspect.signature(question(name).analyse).parameters
    return ask(one, name, **{key: value for key, value in settings.items() if key in takes and value is not None})


def _told(answers: Answers) -> None:
    for name, found in answers.items():
        print(getattr(question(name), "TITLE", name))
        for line in lines(name, found):
            print(f"  {show.clean(line)}")
        print()


def _document(answers: Answers) -> dict[str, Any]:
    """All that is not as long as the graph."""
    document: dict[str, Any] = {}
    for asked, found in answers.items():
        short = [name for name in found.variables if not PER_TASK & set(map(str, found[name].dims))]
        document[asked] = {str(name): found[name].values for name in short} | dict(found.attrs)
        document[asked]["left_out"] = [str(name) for name in found.variables if name not in short]
    return document


def _paths(path: Path | None, count: int) -> list[Path]:
    """One path a graph: `cut.html`, or `cut-1.html`, `cut-2.html` of several."""
    if path is None or count == 1:
        return [path] if path else []
    return [path.with_stem(f"{path.stem}-{place}") for place in range(1, count + 1)]
