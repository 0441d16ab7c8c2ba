"""Options that several commands take, said once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from daskcnn.store import Store, default_path

network = click.argument("network", default="mnist")
chunks = click.option(
    "--chunks",
    default="batch",
    show_default=True,
    help="How to cut: serial, batch, channel, filter, height, width, spatial or pipeline, with a degree, as in "
    "channel=3 or spatial=2x2, or as many blocks as workers; several with commas between; or a plan file, NAME.toml.",
)
workers = click.option("--workers", type=click.IntRange(min=1), help="One thread each.  [default: the machine's cores]")
inputs = click.option(
    "--input",
    "inputs",
    multiple=True,
    callback=lambda ctx, option, value: _inputs(value),
    help="Images: .npy, .npz, IDX, CIFAR-10, PNG or JPEG files or folders of them, Zarr, or random:NxCxHxW[:SEED]; as "
    "NAME=DATA where the network has several inputs.  [default: the network's own]",
)
raw = click.option("--raw", is_flag=True, help="Leave bytes of images 0 to 255; by default they are scaled to [0, 1].")
images = click.option("--images", type=click.IntRange(min=1), help="How many of the images.  [default: all]")
batch = click.option(
    "--batch", type=click.IntRange(min=1), help="Images in a block at most.  [default: all that a worker has]"
)
fan_in = click.option(
    "--fan-in", type=click.IntRange(min=2), help="Partial sums that are added at a time.  [default: all]"
)
as_json = click.option(
    "--json",
    "as_json",
    is_flag=True,
    callback=lambda ctx, option, value: value or _above(ctx, "as_json"),
    help="Print one JSON document and nothing else.",
)
store = click.option(
    "--store",
    type=click.Path(path_type=Path),
    callback=lambda ctx, option, value: Store(value) if value else _above(ctx, "store") or Store(default_path()),
    help="Folder of runs.  [default: $DASKCNN_STORE or daskcnn-runs]",
)


def _inputs(values: tuple[str, ...]) -> str | dict[str, str] | None:
    if len(values) == 1 and "=" not in values[0]:
        return values[0]
    named = (value.partition("=")[::2] if "=" in value else ("", value) for value in values)
    return dict(named) or None


def _above(ctx: click.Context, name: str) -> Any:
    """What was given to the command that this one is part of: `runs --store DIR show ID`."""
    return ctx.parent.params.get(name) if ctx.parent else None
