"""Options that several commands take, said once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from daskcnn.networks import NETWORKS
from daskcnn.store import Store, default_path

chunks = click.option(
    "--chunks",
    default="batch",
    show_default=True,
    help="How to cut: serial, batch, channel or spatial; with a degree, as in channel=3 or spatial=2x2, "
    "or as many blocks as workers.",
)
workers = click.option("--workers", type=click.IntRange(min=1), help="One thread each.  [default: the machine's cores]")
images = click.option(
    "--images", type=click.IntRange(min=1), default=10_000, show_default=True, help="How many of the test images."
)
batch = click.option(
    "--batch", type=click.IntRange(min=1), help="Images in a block at most.  [default: all that a worker has]"
)
network = click.option("--network", default="mnist", show_default=True, help=f"One of: {', '.join(sorted(NETWORKS))}.")
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


def _above(ctx: click.Context, name: str) -> Any:
    """What was given to the command that this one is part of: `runs --store DIR show ID`."""
    return ctx.parent.params.get(name) if ctx.parent else None
