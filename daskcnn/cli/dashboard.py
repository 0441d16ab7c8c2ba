"""`daskcnn dashboard`."""

from __future__ import annotations

from pathlib import Path

import click

from daskcnn import dashboard as pages
from daskcnn.cli import options, said
from daskcnn.store import Store


@click.command(epilog="Example:  daskcnn dashboard --export runs.html")
@click.option("--port", type=click.IntRange(0, 65535), default=5007, show_default=True, help="0 for any free one.")
@click.option(
    "--export",
    "target",
    type=click.Path(path_type=Path),
    help="Write the pages instead of serving them: to one file, NAME.html, or to a folder, a file a page.",
)
@options.store
def dashboard(port: int, target: Path | None, store: Store) -> None:
    """Compare the runs in a browser, on this machine only, until Ctrl-C."""
    if target is not None:
        for file in pages.export(store, target):
            click.echo(f"wrote {file}")
    else:
        pages.serve(store, port, lambda address: said.note(f"daskcnn dashboard: {address}  (Ctrl-C ends it)"))
