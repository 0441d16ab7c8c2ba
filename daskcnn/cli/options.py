"""Options that many commands take, said once."""

from __future__ import annotations

from typing import Any

import click

from daskcnn.store import Store, default_path

workers = click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="One thread each.  [default: the machine's cores, or all that an MPI job or a scheduler file's cluster has]",
)
as_json = click.option(
    "--json",
    "as_json",
    is_flag=True,
    callback=lambda ctx, option, value: value or above(ctx, "as_json"),
    help="Print one JSON document and nothing else.",
)
store = click.option(
    "--store",
    type=click.Path(),
    callback=lambda ctx, option, value: (
        Store(value) if value is not None else above(ctx, "store") or Store(default_path())
    ),
    help="Folder of runs.  [default: $DASKCNN_STORE or daskcnn-runs]",
)


def above(ctx: click.Context, name: str) -> Any:
    """What was given to the command that this one is part of: `runs --store DIR show ID`."""
    return ctx.parent.params.get(name) if ctx.parent else None
