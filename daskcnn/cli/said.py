"""What is said on standard error, beside the answer on standard output."""

from __future__ import annotations

import click


def note(text: str) -> None:
    """A line as it is."""
    click.echo(text, err=True)


def warning(text: str) -> None:
    """A line that says who warns."""
    note(f"daskcnn: {text}")


def dashboard(address: str) -> None:
    """Where the Dask dashboard is."""
    note(f"Dask dashboard: {address}")
