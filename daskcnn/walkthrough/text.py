"""The walk as people read it: for each layer what is true of it as a whole, and tables of its workers and cuts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import xarray as xr
from dask.utils import format_time

from daskcnn.walkthrough import sentences
from daskcnn.walkthrough.rows import Row, by_layer, extent, groups, number, rows, short, who
from daskcnn.walkthrough.shapes import ranges

TITLES = {"batch": "Images", "channel": "Channels", "height": "Rows", "width": "Columns", "filter": "Parts"}
WORDS = ("Worker", "Of", "Elements", "Parameters", "Kind", "Layer", "Cut", "Exchange", "Favours")
LEFT = frozenset({*WORDS, *TITLES.values()})
"""Titles of columns that stand to the left."""
Cell = Callable[[Sequence[Row]], str]
"""What rows alike come to in one column."""


@dataclass(frozen=True)
class Table:
    """Cells with their titles."""

    title: str
    titles: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """What there is to say of one layer."""

    layer: str
    title: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]


def plan_of(tree: xr.DataTree) -> Row:
    """The plan's own facts."""
    return {str(name): value.item() for name, value in tree["plan"].data_vars.items()}


def heading(plan: Row) -> str:
    """What is explained.

    >>> heading({"network": "mnist", "chunks": "batch=2", "workers": 2, "images": 10_000})
    'mnist, batch=2: workers 0, 1, images 0–9,999'
    """
    workers = f"worker{'s' * (plan['workers'] != 1)} {who(range(plan['workers']))}"
    return f"{plan['network']}, {plan['chunks']}: {workers}, {ranges({'batch': (0, plan['images'])})}"


def overview(tree: xr.DataTree) -> Table:
    """All layers, a line each."""
    cuts = by_layer(rows(tree["cuts"].to_dataset()))
    titles = ("Layer", "Cut", "Exchange", "Bytes moved", "FLOP", "Favours")
    cells = [
        (
            row["layer"],
            row["partition"],
            row["exchange"],
            f"{row['bytes_moved']:,}",
            f"{row['operations']:,}",
            sentences.favoured(cuts.get(row["layer"], [])),
        )
        for row in rows(tree["layers"].to_dataset())
    ]
    return Table("Layers", titles, tuple(cells))


def sections(tree: xr.DataTree) -> Iterator[Section]:
    """A section a layer, in order."""
    nodes = ("made", "read", "exchanged", "cuts")
    own, plan = {node: by_layer(rows(tree[node].to_dataset())) for node in nodes}, plan_of(tree)
    for layer in rows(tree["layers"].to_dataset()):
        made, read, sent, cuts = (own[node].get(layer["layer"], []) for node in nodes)
        facts = {
            "Reads": f"{layer['inputs']}: {layer['input_shapes']}",
            "Gives": f"{layer['shape']} {layer['dtype']}, axes {layer['axes']}",
            "Parameters": sentences.parameters(layer),
            "Computes": sentences.computed(layer, made),
            "Divides": sentences.divided(layer),
            "Exchange": sentences.exchanged(layer, sent),
            "Results": layer["together"],
            "Memory": sentences.memory(layer, made),
            "Favours": sentences.favours(cuts, plan) if cuts else "",
            "The report": layer["remark"],
        }
        tables = _made(made), _read(read), _sent(sent), _cuts(cuts)
        yield Section(
            layer["layer"],
            f"{layer['layer']}: {layer['op']}, {layer['partition']}",
            tuple((name, fact) for name, fact in facts.items() if fact),
            tuple(table for table in tables if table.cells),
        )


def _made(found: Sequence[Row]) -> Table:
    columns = {"Worker": _who, **_blocks(found), **_axes(found), **_elements(found)}
    if any(row["multiply_adds"] for row in found):
        columns["Multiply-adds"] = _number("multiply_adds")
    columns |= {"FLOP": _number("operations"), "Bytes": _number("bytes_written"), **_lines("written")}
    if any(row["parameters"] for row in found):
        columns["Parameters"] = _words("parameters")
    return _table("What each worker makes", columns, groups(found, lambda row: (*_sizes(row), row["parameters"])))


def _read(found: Sequence[Row]) -> Table:
    columns = {"Worker": _who, "Of": _words("input"), **_axes(found), "Bytes": _number("bytes_read"), **_lines("read")}
    return _table("What it reads for that", columns, groups(found, lambda row: (row["input"], *_sizes(row))))


def _sent(found: Sequence[Row]) -> Table:
    columns = {"Worker": _who, "Kind": _words("kind")}
    for what in ("bytes", "messages"):
        columns |= {f"{what.capitalize()} {way}": _number(f"{what}_{way}") for way in ("sent", "received")}
    return _table("What it exchanges", columns, groups(found, lambda row: row["kind"]))


def _cuts(found: Sequence[Row]) -> Table:
    columns: dict[str, Cell] = {
        "Cut": lambda own: own[0]["partition"] + " *" * own[0]["planned"],
        "Time": lambda own: format_time(own[0]["seconds"]),
        "FLOP of busiest": _number("operations"),
        "Bytes touched": _number("bytes_touched"),
        "Imbalance": lambda own: f"{100 * own[0]['imbalance']:.1f} %",
        "Bytes moved": _number("bytes_moved"),
        "Bytes of one": _number("bytes_worker"),
        "Messages of one": _number("messages"),
        "Parameter bytes": _number("parameter_bytes"),
    }
    return _table("What each cut would cost; * as planned", columns, [[row] for row in found])


def _table(title: str, columns: dict[str, Cell], found: Iterable[Sequence[Row]]) -> Table:
    return Table(title, tuple(columns), tuple(tuple(cell(own) for cell in columns.values()) for own in found))


def _who(own: Sequence[Row]) -> str:
    return who(row["worker"] for row in own)


def _words(name: str) -> Cell:
    return lambda own: ", ".join(short(dict.fromkeys(row[name] for row in own)))


def _number(name: str) -> Cell:
    return lambda own: number(row[name] for row in own)


def _lines(what: str) -> dict[str, Cell]:
    return {"Cache lines": _number(f"lines_{what}"), "Fewest": _number(f"lines_{what}_fewest")}


def _blocks(found: Sequence[Row]) -> dict[str, Cell]:
    """How many blocks of images, where there is more than one."""
    return {"Blocks": _number("blocks")} if any(row["blocks"] > 1 for row in found) else {}


def _axes(found: Sequence[Row]) -> dict[str, Cell]:
    """The ranges along each axis that the rows have."""
    axes = dict.fromkeys(axis for row in found for axis in row["box"])
    return {TITLES.get(axis, axis.capitalize()): _extent(axis) for axis in axes}


def _elements(found: Sequence[Row]) -> dict[str, Cell]:
    """Which elements of each image, where rows have different ones and each row's are contiguous."""
    if len({row["first"] for row in found}) == 1 or any(row["runs"] > 1 for row in found):
        return {}
    return {"Elements": lambda own: extent((row["first"], row["first"] + row["elements"]) for row in own)}


def _extent(axis: str) -> Cell:
    return lambda own: extent([row["box"][axis] for row in own if axis in row["box"]] or [(0, 0)])


def _sizes(row: Row) -> tuple[int, ...]:
    return tuple(stop - start for start, stop in row["box"].values())
