"""Names from files as labels on a figure."""

from bokeh.models import PlainText

LONGEST = 28


def short(name: str) -> str:
    """The name, cut where it would crowd out what it names.

    Examples
    --------
    >>> short("spatial=2x2 " * 9)
    'spatial=2x2 spatial=2x2 spa…'
    """
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def plain(name: str) -> PlainText:
    """The short name as a label that is never read as TeX, which would fetch a library."""
    return PlainText(short(name))
