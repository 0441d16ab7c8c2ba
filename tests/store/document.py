"""The tables of docs/store.md, made of what a run has: `python -m tests.store.document` writes them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import xarray as xr

import daskcnn
from daskcnn.store.history import HISTORY

PATH = Path(__file__).parents[2] / "docs" / "store.md"
END = "<!-- end -->"
KINDS = {"U": "text", "i": "whole number", "f": "number", "b": "yes or no"}


def run() -> xr.DataTree:
    """A small run, as it is written today."""
    with TemporaryDirectory() as folder:
        done = daskcnn.run(chunks="channel=2", workers=2, cluster="threads", images=2, repeat=1, store=folder)
    return done.tree


def nodes(tree: xr.DataTree) -> str:
    """Every variable of every node that has any."""
    return "\n".join(_node(node) for node in tree.subtree if node.dataset.variables)


def history() -> str:
    """What changed with each version of the schema."""
    return _table(("Schema", "Change"), [(str(version), told) for version, told in HISTORY.items()])


def written(text: str) -> str:
    """The document with its tables as they should be."""
    return _filled(_filled(text, "nodes", nodes(run())), "history", history())


def _node(node: xr.DataTree) -> str:
    attrs = f"Attributes: {', '.join(f'`{name}`' for name in node.attrs)}.\n\n" if node.attrs else ""
    rows = [_row(name, values) for name, values in node.dataset.variables.items()]
    along = f" (along {', '.join(f'`{dim}`' for dim in node.dims)})" if node.dims else ""
    title = f"`{node.path.strip('/')}`{along}" if node.path != "/" else "The root"
    return f"### {title}\n\n{attrs}{_table(('Variable', 'Type', 'Unit', 'What'), rows)}"


def _row(name: Hashable, values: xr.Variable) -> tuple[str, ...]:
    return f"`{name}`", KINDS[values.dtype.kind], values.attrs.get("units", ""), values.attrs.get("long_name", "")


def _filled(text: str, mark: str, content: str) -> str:
    before, start, rest = text.partition(f"<!-- {mark} -->\n")
    return before + start + content + rest[rest.index(END) :]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in [head, ("---",) * len(head), *rows])


if __name__ == "__main__":
    PATH.write_text(written(PATH.read_text()))
