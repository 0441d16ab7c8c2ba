"""`daskcnn plan`."""

from __future__ import annotations

from typing import Any

import click
import xarray as xr
from dask.utils import format_bytes

from daskcnn import networks, plan_tables
from daskcnn.cli import options, show
from daskcnn.plan import Plan
from daskcnn.provenance import cores

FEW = 8
"""Blocks of a layer that are listed one by one."""


@click.command(epilog="Example:  daskcnn plan --chunks spatial=2 --workers 2")
@options.network
@options.chunks
@options.workers
@options.images
@options.batch
@options.as_json
def plan(network: str, chunks: str, workers: int | None, images: int, batch: int | None, as_json: bool) -> None:
    """Show how a network would be cut, without running it."""
    net = networks.network(network).classifier()
    found = Plan.of(net, chunks, images=images, workers=workers or cores(), batch=batch)
    layers, blocks = plan_tables.layers(found), plan_tables.blocks(found)
    if as_json:
        show.document(_document(found, layers, blocks))
        return
    title = f"{network}, {found.chunks} on {found.workers} workers, {images:,} images"
    columns = ("layer", "cut", "exchange", "bytes moved", "blocks", "FLOP a block", "owner")
    show.table(columns, _rows(layers, blocks), title)
    click.echo(f"{found.bytes_moved:,} B move from worker to worker ({format_bytes(found.bytes_moved)}).")


def _rows(layers: xr.Dataset, blocks: xr.Dataset) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name in layers["layer"].values.tolist():
        row, own = layers.sel(layer=name), blocks.isel(block=blocks["layer"].values == name)
        shown = own.isel(block=slice(FEW))
        more = [f"… {own.sizes['block'] - FEW} more"] if own.sizes["block"] > FEW else []
        rows.append(
            (
                name,
                row["partition"].item(),
                row["exchange"].item(),
                f"{row['bytes_moved'].item():,} B",
                "\n".join([*shown["shape"].values, *more]),
                "\n".join(f"{flop:,}" for flop in shown["operations"].values),
                "\n".join(str(owner) for owner in shown["owner"].values),
            )
        )
    return rows


def _document(found: Plan, layers: xr.Dataset, blocks: xr.Dataset) -> dict[str, Any]:
    return {
        "network": found.network.name,
        "chunks": str(found.chunks),
        "images": found.images,
        "workers": found.workers,
        "bytes_moved": found.bytes_moved,
        "layers": layers.reset_coords().to_dataframe().reset_index().to_dict("records"),
        "blocks": blocks.to_dataframe().reset_index(drop=True).to_dict("records"),
    }
