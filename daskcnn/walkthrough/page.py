"""The walk as one HTML page that needs nothing else: the same words and tables, and the blocks drawn to scale."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import xarray as xr

from daskcnn.errors import RunError, reason
from daskcnn.figures.colours import colours
from daskcnn.files import whole
from daskcnn.markup import document, element, pairs, table
from daskcnn.plan import Plan
from daskcnn.stage import Stage
from daskcnn.walkthrough import drawing, text
from daskcnn.walkthrough.boxes import input_axes
from daskcnn.walkthrough.rows import FEW, rows
from daskcnn.walkthrough.sentences import notes
from daskcnn.walkthrough.shapes import Colours, hatches, ranges
from daskcnn.walkthrough.shares import shares_of

LEGEND = 23
"""Workers that are told apart by colour."""
STYLE = """
:root { font: 15px/1.45 system-ui, sans-serif; color: #1c1e21; background: #fff; color-scheme: light dark; }
body { max-width: 76rem; margin: 0 auto; padding: 0 1rem 4rem; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; border-top: 1px solid #d5d8dd; padding-top: 1rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
h1, h2, dd, a { overflow-wrap: anywhere; } .left { max-width: 22rem; overflow-wrap: break-word; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dt { font-weight: 600; } dd { margin: 0; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
nav ul, .workers { display: flex; flex-wrap: wrap; gap: .2rem .9rem; padding: 0; list-style: none; }
.scroll { overflow-x: auto; } a:focus, .scroll:focus { outline: 2px solid #4477aa; outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: max-content; }
th, td { padding: .15rem .6rem; text-align: right; vertical-align: top; }
th { border-bottom: 1px solid #8a8f98; vertical-align: bottom; } .left { text-align: left; }
.pictures { display: flex; flex-wrap: wrap; gap: .8rem 1.2rem; align-items: flex-start; }
.card { max-width: 12rem; } .card p { margin: 0 0 .3rem; font-size: .85rem; } .card figure { margin-bottom: .5rem; }
figure { margin: 0; max-width: 12rem; } figcaption { font-size: .8rem; color: #4a4f57; overflow-wrap: anywhere; }
svg { display: block; max-width: 100%; } .hatches { position: absolute; }
.outline { fill: none; stroke: #8a8f98; stroke-width: 1; } .box { stroke: #fff; stroke-width: 1; }
svg text { font-size: 11px; text-anchor: middle; dominant-baseline: central; fill: #fff; paint-order: stroke;
  stroke: #0008; stroke-width: 2px; }
@media (prefers-color-scheme: dark) {
  :root { color: #e4e6eb; background: #18191b; } figcaption { color: #aab0b9; } a { color: #8ab4f8; }
  h2 { border-color: #3a3d42; } .box { stroke: #18191b; }
}
.workers i { display: inline-block; width: .9em; height: .9em; margin-right: .3em; vertical-align: -.1em; }
"""


def write(plan: Plan, tree: xr.DataTree, path: Path) -> None:
    """Write the page, whole or not at all.

    Parameters
    ----------
    plan : Plan
    tree : xarray.DataTree
        As `explain` gives it for the plan.
    path : Path

    Raises
    ------
    RunError
        The file cannot be written.
    """
    try:
        with whole(path) as part:
            part.write_text(html(plan, tree), encoding="utf-8", errors="replace")
    except OSError as error:
        raise RunError(f"cannot write {path} ({reason(error)}): choose another file") from error


def html(plan: Plan, tree: xr.DataTree) -> str:
    """The page's text."""
    about, found = text.plan_of(tree), list(text.sections(tree))
    palette = _palette(plan.workers)
    links = (element("li", element("a", own.layer, href=f"#layer-{place}")) for place, own in enumerate(found))
    sections = (_section(plan, own, place, palette) for place, own in enumerate(found))
    return document(
        text.heading(about),
        STYLE,
        hatches(palette),
        element(
            "header",
            element("h1", text.heading(about)),
            pairs(notes(about, rows(tree["inputs"].to_dataset())).items()),
            _legend(palette),
            element("nav", element("ul", *links), aria_label="Layers"),
        ),
        element("main", *_table(text.overview(tree)), *sections),
    )


def _section(plan: Plan, own: text.Section, place: int, palette: Colours) -> Element:
    stage = plan.by_name[own.layer]
    pictures = {"Its blocks": drawing.blocks(stage, palette), "What they read": list(_reads(plan, stage, palette))}
    drawn = (
        child
        for title, figures in pictures.items()
        if figures
        for child in (element("h3", title), element("div", *figures, class_="pictures"))
    )
    tables = (child for own_table in own.tables for child in _table(own_table))
    return element("section", element("h2", own.title), pairs(own.facts), *drawn, *tables, id=f"layer-{place}")


def _reads(plan: Plan, stage: Stage, palette: Colours) -> Iterator[Element]:
    """A card for each of the first workers, where blocks read more than is near."""
    shares = shares_of(stage) if stage.kind != "nothing" else []
    for share in shares[:FEW]:
        figures = (
            own
            for number in range(len(stage.layer.inputs))
            for own in drawing.reads(share, number, input_axes(plan, stage, number), palette)
        )
        yield element("div", element("p", f"worker {share.worker} for {ranges(share.box)}"), *figures, class_="card")
    if len(shares) > FEW:
        yield drawing.left_out(len(shares) - FEW, "more block")


def _palette(workers: int) -> Colours:
    names = [str(worker) for worker in range(workers)]
    found = colours(names)
    return {worker: found[name] for worker, name in enumerate(names)}


def _legend(palette: Colours) -> Element:
    own = [
        element("li", element("i", style=f"background:{colour}"), f"worker {worker}")
        for worker, colour in list(palette.items())[:LEGEND]
    ]
    more = [element("li", f"and {len(palette) - LEGEND:,} more, whose colours repeat")] if len(palette) > LEGEND else []
    striped = element("li", "striped: received from other workers, of images all or a part")
    return element("ul", *own, *more, striped, class_="workers")


def _table(own: text.Table) -> Iterator[Element]:
    yield element("h3", own.title)
    whole_table = table(own.titles, own.cells, text.LEFT)
    yield element("div", whole_table, class_="scroll", tabindex=0, role="region", aria_label=own.title)
