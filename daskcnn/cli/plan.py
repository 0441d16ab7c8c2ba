"""`daskcnn plan`."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Any

import click
import xarray as xr
from dask.utils import format_bytes

from daskcnn import plan_tables
from daskcnn.answer import asked, reduced
from daskcnn.cli import options, show, work_options
from daskcnn.errors import UsageError
from daskcnn.forward import forward
from daskcnn.memory import PROCESS, planned_memory
from daskcnn.opening import opened
from daskcnn.plan import Plan
from daskcnn.plan_tables import numbers
from daskcnn.provenance import cores
from daskcnn.quantity import many
from daskcnn.taskgraph import TaskGraph

BETWEEN = "Between nodes"
TITLES = ("Layer", "Cut", "Exchange", "Bytes moved", BETWEEN, "Blocks", "FLOP each", "Owner")


@click.command(epilog="Example:  daskcnn plan --chunks spatial=2 --workers 2")
@work_options.network
@work_options.chunks
@options.workers
@click.option(
    "--nodes",
    callback=lambda ctx, option, value: _nodes(value),
    help="Nodes that the workers are spread over evenly, as in 2, or that have so many each at most, as in 2x4: says "
    "which bytes pass between them.  [default: 1]",
)
@work_options.work
@options.as_json
def plan(
    network: str,
    chunks: str,
    workers: int | None,
    nodes: tuple[int, int],
    inputs: str | dict[str, str] | None,
    images: int | None,
    batch: int | None,
    fan_in: int | None,
    as_json: bool,
) -> None:
    """Show how a network would be cut, without running it.

    NETWORK is {network}.
    """
    count, each = nodes
    workers = workers or count * each or cores()
    room = [each] * count if each else count
    net, sources = opened(network, inputs, images)
    images = next(iter(sources.values())).shape[0]
    cut = asked(net)
    found = Plan.of(cut, chunks, images=images, workers=workers, batch=batch, fan_in=fan_in, nodes=room)
    memory = planned_memory(TaskGraph.of(reduced(forward(found, sources), net).work))
    layers, blocks = plan_tables.layers(found), plan_tables.blocks(found)
    if as_json:
        show.document(_document(found, layers, blocks) | {"memory_bytes": memory})
        return
    show.title(f"{net.name}, {found.chunks} on {many(found.workers, 'worker')}, {many(found.images, 'image')}")
    kept = [title for title in TITLES if title != BETWEEN or len(found.sizes) > 1]
    show.table(kept, _rows(layers, blocks, kept), texts=("Layer", "Cut", "Exchange", "Blocks", "Owner"))
    if found.pipeline > 1:
        click.echo(f"\nThe pipeline idles {100 * found.bubble:.1f} % of its workers' time while it fills and drains.")
    click.echo(f"\n{found.bytes_moved:,} B move from worker to worker ({format_bytes(found.bytes_moved)}).")
    if len(found.sizes) > 1:
        click.echo(_nodes_told(found))
    click.echo(
        f"A worker's images, parameters and blocks take {format_bytes(memory.max())} at most, "
        f"its process about {format_bytes(PROCESS)} more."
    )


def _nodes(value: str | None) -> tuple[int, int]:
    """How many nodes, and how many workers each takes, 0 where that is not said.

    >>> _nodes("2"), _nodes("2x4")
    ((2, 0), (2, 4))
    """
    found = re.fullmatch(r"([1-9]\d*)(?:x([1-9]\d*))?", value or "1")
    if not found:
        raise UsageError(f"--nodes {value!r}: give how many, as in 2, or with the workers of each, as in 2x4")
    return int(found[1]), int(found[2] or 0)


def _nodes_told(found: Plan) -> str:
    """Who is where, and what passes between."""
    away = found.bytes_between_nodes
    where = "; ".join(
        f"node {node}: workers {numbers(worker for worker, own in enumerate(found.nodes) if own == node)}"
        for node in found.sizes
    )
    return f"Of these {away:,} B move between nodes and {found.bytes_moved - away:,} B inside ({where})."


def _rows(layers: xr.Dataset, blocks: xr.Dataset, titles: Container[str]) -> Iterator[tuple[str, ...]]:
    """A layer's line, and beneath it one for each further kind of block: those alike in shape and work."""
    for name in layers["layer"].values.tolist():
        row, own = layers.sel(layer=name), blocks.isel(block=blocks["layer"].values == name)
        kinds: dict[tuple[str, int], list[int]] = {}
        columns = (own[column].values.tolist() for column in ("shape", "operations", "owner"))
        for shape, operations, owner in zip(*columns, strict=True):
            kinds.setdefault((shape, operations), []).append(owner)
        yield (
            name,
            row["partition"].item().replace(",", "\n"),
            row["exchange"].item(),
            f"{row['bytes_moved'].item():,}",
            *([f"{row['bytes_between_nodes'].item():,}"] if BETWEEN in titles else []),
            "\n".join(f"{len(owners):,} of {shape}" for (shape, _), owners in kinds.items()),
            "\n".join(flop(operations) for _, operations in kinds),
            "\n".join(map(numbers, kinds.values())),
        )


def flop(operations: int) -> str:
    """Floating-point operations to three figures or more.

    >>> flop(999), flop(211_680_000)
    ('999', '211.68 M')
    """
    for unit, letter in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if operations >= unit:
            return f"{operations / unit:,.2f} {letter}"
    return str(operations)


def _document(found: Plan, layers: xr.Dataset, blocks: xr.Dataset) -> dict[str, Any]:
    return {
        "network": found.network.name,
        "chunks": found.chunks,
        "images": found.images,
        "workers": found.workers,
        "batch": found.batch,
        "nodes": found.nodes,
        "bytes_moved": found.bytes_moved,
        "bytes_inside_nodes": found.bytes_moved - found.bytes_between_nodes,
        "bytes_between_nodes": found.bytes_between_nodes,
        "pipeline": found.pipeline,
        "bubble": found.bubble,
        "layers": layers.reset_coords().to_dataframe().reset_index().to_dict("records"),
        "blocks": blocks.to_dataframe().reset_index(drop=True).to_dict("records"),
    }
