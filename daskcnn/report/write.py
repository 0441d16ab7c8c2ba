"""A report written to where it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import matplotlib.style
from matplotlib.figure import Figure

from daskcnn.errors import RunError, UsageError, reason
from daskcnn.figures.prints import PRINTS
from daskcnn.files import whole
from daskcnn.report.document import Document
from daskcnn.report.evidence import Evidence, gather
from daskcnn.report.markdown import markdown
from daskcnn.report.pages import pdf
from daskcnn.report.sections import document
from daskcnn.report.webpage import webpage
from daskcnn.store import Store

DOTS_PER_INCH = 300

Pictures = dict[str, Callable[[], Figure]]
"""What draws each figure anew, by its name."""


def report(store: Store, to: Path, conditions: Sequence[str] = ()) -> Evidence:
    """Write what runs of a store show: speedup, efficiency, latency, memory and more, in figures, tables and words.

    Parameters
    ----------
    store : Store
    to : Path
        `NAME.html`, one page that needs nothing else; `NAME.pdf`; `NAME.md`, with its pictures in the folder
        `NAME-images` beside it; or a folder, for `report.html`, `report.md` and the pictures in `images`, each as SVG
        and as PNG of 300 dots per inch. What is there is replaced.
    conditions : sequence of str
        Which runs, as `daskcnn.store.query.where` takes them; all by default. The report is about the network and the
        amount of work that most of them share.

    Returns
    -------
    Evidence
        What it was written from.

    Raises
    ------
    UsageError
        No such run, or a file that is neither.
    RunError
        The store cannot be read, or a file cannot be written.
    """
    kind = "" if to.is_dir() else to.suffix
    if kind not in WRITERS:
        endings = ", ".join(filter(None, WRITERS))
        raise UsageError(f"{str(to)!r} is no report: end it in {endings}, or name a folder")
    if not to.parent.is_dir():
        raise UsageError(f"{str(to.parent)!r} is no folder: make it first, or name another")
    evidence = gather(store, conditions)
    told, lines = document(evidence), evidence.lines.sel(series=evidence.drawn)
    draw: Pictures = {name: partial(make, lines) for name, make in PRINTS.items()}
    try:
        # Whatever a user's own settings make of figures.
        with matplotlib.style.context("default", after_reset=True):
            WRITERS[kind](told, draw, to)
    except OSError as error:
        raise RunError(f"cannot write {to} ({reason(error)}): choose another place") from error
    return evidence


def _page(told: Document, draw: Pictures, to: Path) -> None:
    pictures = {name: _bytes(make(), "svg") for name, make in draw.items()}
    _text(to, webpage(told, pictures))


def _pdf(told: Document, draw: Pictures, to: Path) -> None:
    with whole(to) as part:
        pdf(told, draw, part)


def _markdown(told: Document, draw: Pictures, to: Path) -> None:
    images = to.with_name(f"{to.stem}-images")
    _images(draw, images)
    _text(to, markdown(told, lambda name: f"{quote(images.name)}/{_files(draw)[name]}.png"))


def _folder(told: Document, draw: Pictures, to: Path) -> None:
    vectors = _images(draw, to / "images")
    _text(to / "report.md", markdown(told, lambda name: f"images/{_files(draw)[name]}.png"))
    _text(to / "report.html", webpage(told, vectors))


WRITERS: dict[str, Callable[[Document, Pictures, Path], None]] = {
    "": _folder,
    ".html": _page,
    ".md": _markdown,
    ".pdf": _pdf,
}
"""By the ending of where it goes."""


def _images(draw: Pictures, folder: Path) -> dict[str, bytes]:
    """Write each figure as PNG and SVG, and return the SVG."""
    folder.mkdir(parents=True, exist_ok=True)
    vectors = {}
    for name, file in _files(draw).items():
        drawn = draw[name]()
        vectors[name] = _bytes(drawn, "svg")
        for ending, content in (("svg", vectors[name]), ("png", _bytes(drawn, "png"))):
            with whole(folder / f"{file}.{ending}") as part:
                part.write_bytes(content)
    return vectors


def _files(names: Sequence[str] | Pictures) -> dict[str, str]:
    """What pictures are called, without an ending."""
    return {name: f"{number:02}_{name}" for number, name in enumerate(names, 1)}


def _bytes(drawn: Figure, kind: str) -> bytes:
    file = BytesIO()
    drawn.savefig(file, format=kind, dpi=DOTS_PER_INCH, metadata={"Date": None} if kind == "svg" else None)
    return file.getvalue()


def _text(path: Path, text: str) -> None:
    with whole(path) as part:
        part.write_text(text, encoding="utf-8")
