"""`daskcnn report`."""

from __future__ import annotations

from pathlib import Path

import click

from daskcnn import report as reports
from daskcnn.cli import options, show
from daskcnn.cli.left_out import left_out
from daskcnn.cli.runs import conditions as where
from daskcnn.store import Store


@click.command(epilog="Example:  daskcnn report --where network=mnist --to report.html")
@where
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    required=True,
    help="report.html, which needs nothing else; report.pdf; report.md, with pictures beside it; or a folder for all.",
)
@options.store
def report(conditions: tuple[str, ...], to: Path, store: Store) -> None:
    """Write what runs show: eleven figures, tables, and findings in words that say how sure they are.

    It is about the network and the amount of work that most of the runs share; --where chooses others.
    """
    found = reports.report(store, to, conditions)
    left_out(store, found.unreadable)
    show.doubted(found.cases)
    click.echo(f"wrote {to}")
