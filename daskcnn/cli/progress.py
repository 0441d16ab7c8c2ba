"""Progress on standard error."""

import sys
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from daskcnn.cli import said
from daskcnn.experiment import Watch


def progress() -> Progress:
    """A bar that vanishes when it is done, where standard error is a terminal; add a task to it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())


def watched(**told: Any) -> Watch:
    """A watch that says a line for each thing that its user must know."""
    return Watch(dashboard=said.dashboard, note=said.note, warning=said.warning, **told)
