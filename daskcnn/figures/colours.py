"""One colour a name, told apart by colour-blind eyes too."""

from collections.abc import Iterable
from itertools import cycle

from bokeh.palettes import Bright7, Muted9, TolRainbow23

QUIET = "#8a8f98"


def colours(names: Iterable[str]) -> dict[str, str]:
    """A colour for each name, in their order; beyond 23 names they repeat.

    Examples
    --------
    >>> colours(["conv1", "conv2", "conv1"])
    {'conv1': '#4477AA', 'conv2': '#EE6677'}
    """
    once = list(dict.fromkeys(names))
    palettes: tuple[tuple[str, ...], ...] = (Bright7[:6], Muted9, TolRainbow23)
    palette = next((palette for palette in palettes if len(palette) >= len(once)), TolRainbow23)
    return dict(zip(once, cycle(palette), strict=False))
