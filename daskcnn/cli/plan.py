"""`daskcnn plan`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
import xarray as xr
from dask.utils import format_bytes

from daskcnn import plan_tables
from daskcnn.answer import asked, reduced
from daskcnn.cli import options, show, work_options
from daskcnn.cli.cells import many
from daskcnn.forward import forward
from daskcnn.memory import PROCESS, planned_memory
from daskcnn.opening import opened
from daskcnn.plan import Plan
from daskcnn.plan_tables import numbers
from daskcnn.provenance import cores
from daskcnn.taskgraph import TaskGraph

TITLES = ("Layer", "Cut", "Exchange", "Bytes moved", "Blocks", "FLOP each", "Owner")


@click.command(epilog="Example:  daskcnn plan --chunks spatial=2 --workers 2")
@work_options.network
@work_options.chunks
@options.workers
@work_options.inputs
@work_options.images
@work_options.batch
@work_options.fan_in
@options.as_json
def plan(
    network: str,
    chunks: str,
    workers: int | None,
    inputs: str | dict[str, str] | None,
    images: int | None,
    batch: int | None,
    fan_in: int | None,
    as_json: bool,
) -> None:
    """Show how a network would be cut, without running it.

    NETWORK is a name (mnist, cifar, letters, conv1024, vgg16, resnet18, resnet50; mnist by default) or an ONNX file.
    """
    net, sources = opened(network, inputs, images)
    count = next(iter(sources.values())).shape[0]
    found = Plan.of(asked(net), chunks, images=count, workers=workers or cores(), batch=batch, fan_in=fan_in)
    memory = planned_memory(TaskGraph.of(reduced(forward(found, sources), net).work))
    layers, blocks = plan_tables.layers(found), plan_tables.blocks(found)
    if as_json:
        show.document(_document(found, layers, blocks) | {"memory_bytes": memory})
        return
    show.title(f"{net.name}, {found.chunks} on {many(found.workers, 'worker')}, {many(found.images, 'image')}")
    show.table(TITLES, _rows(layers, blocks), texts=("Layer", "Cut", "Exchange", "Blocks", "Owner"))
    if found.pipeline > 1:
        click.echo(f"\nThe pipeline idles {100 * found.bubble:.1f} % of its workers' time while it fills and drains.")
    click.echo(f"\n{found.bytes_moved:,} B move from worker to worker ({format_bytes(found.bytes_moved)}).")
    click.echo(
        f"A worker's images, parameters and blocks take {format_bytes(memory.max())} at most, "
        f"its process about {format_bytes(PROCESS)} more."
    )


def _rows(layers: xr.Dataset, blocks: xr.Dataset) -> Iterator[tuple[str, ...]]:
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
        "bytes_moved": found.bytes_moved,
        "pipeline": found.pipeline,
        "bubble": found.bubble,
        "layers": layers.reset_coords().to_dataframe().reset_index().to_dict("records"),
        "blocks": blocks.to_dataframe().reset_index(drop=True).to_dict("records"),
    }
