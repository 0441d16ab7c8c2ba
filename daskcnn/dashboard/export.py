"""The pages written as files that need nothing else."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from bokeh.document import Document
from bokeh.io.doc import patch_curdoc
from bokeh.models import LayoutDOM

from daskcnn.dashboard.frame import TITLE, frame, head, page, pages, titles
from daskcnn.dashboard.reader import state
from daskcnn.errors import RunError, reason
from daskcnn.figures.notes import links, note
from daskcnn.figures.standalone import standalone
from daskcnn.files import whole
from daskcnn.store import ReadOnce, Store

FILES = (".html", ".htm")
INDEX = "index.html"


def export(store: Store, path: Path) -> list[Path]:
    """Write all pages as one HTML file, or one file a page and `index.html` into a folder.

    Parameters
    ----------
    store : Store
    path : Path
        A file where it ends with `.html`, else a folder, which is made.

    Returns
    -------
    list of Path
        The files: each written in one step, and opened without a network.

    Raises
    ------
    RunError
        A file cannot be written, or the store cannot be read.
    """
    store.ids()
    names = pages()
    if path.suffix.lower() in FILES:
        return [_write(path, html(store, names))]
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"cannot make folder {path} ({reason(error)}): choose another") from error
    files = [_write(path / f"{name}.html", html(store, [name], names)) for name in names]
    return [*files, _write(path / INDEX, index(store, names))]


def html(store: Store, names: Sequence[str], linked: Sequence[str] = ()) -> str:
    """Pages as the text of one HTML file.

    Parameters
    ----------
    store : Store
    names : sequence of str
        Of the pages in it.
    linked : sequence of str
        Of pages in files beside it, that it leads to.
    """
    document, store = Document(), ReadOnce(store.path)
    # All at once: a document looks through all of its models whenever one of them gets another.
    with patch_curdoc(document), document.models.freeze():
        above: list[LayoutDOM] = [note("", state(store))]
        if linked:
            above.insert(0, links(_addresses(linked)))
        for name, room in zip(names, frame(document, names, names[0], above).rooms, strict=True):
            room.children = [page(name, store)]
    return standalone(document, TITLE)


def index(store: Store, names: Sequence[str]) -> str:
    """The text of the file that leads to the pages in files beside it."""
    items = "".join(f'<li><a href="{address}">{escape(title)}</a></li>' for address, title in _addresses(names))
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>{head()}</head>'
        f"<body><h1>{TITLE}</h1><p>{escape(state(store))}</p><ul>{items}</ul></body></html>"
    )


def _addresses(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(f"{name}.html", title) for name, title in zip(names, titles(names), strict=True)]


def _write(path: Path, text: str) -> Path:
    try:
        with whole(path) as part:
            part.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RunError(f"cannot write {path} ({reason(error)}): choose another file") from error
    return path
