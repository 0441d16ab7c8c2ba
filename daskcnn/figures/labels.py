"""Names from files as labels on a figure."""

import xarray as xr
from bokeh.models import PlainText

LONGEST = 28
STEPS = [step * 10.0**power for power in range(-6, 15) for step in (1, 2, 5)]
"""Where a logarithmic axis has ticks."""


def short(name: str, longest: int = LONGEST) -> str:
    """The name, cut where it would crowd out what it names.

    Examples
    --------
    >>> short("spatial=2x2 " * 9)
    'spatial=2x2 spatial=2x2 spa…'
    """
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def plain(name: str) -> PlainText:
    """The short name as a label that is never read as TeX, which would fetch a library."""
    return PlainText(short(name))


def workers_of(tree: xr.DataTree) -> list[str]:
    """What a run's workers are called on a figure: `worker 0` where their name is a number."""
    names = tree["trace/workers"].dataset["name"].values.tolist()
    return [f"worker {name}" if name.isdecimal() else name for name in names]
