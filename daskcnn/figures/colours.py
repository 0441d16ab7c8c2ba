"""One colour a name, told apart by colour-blind eyes too."""

from collections.abc import Iterable
from itertools import cycle

from bokeh.palettes import Bright7, Muted9, TolRainbow

QUIET = "#8a8f98"
DIFFERENT = 23
"""Names up to which each has a colour of its own."""
CAUSES = {
    "compute": "#4477aa",
    "deserialize": "#99ddff",
    "transfer wait": "#ee8866",
    "dependency wait": "#eedd88",
    "scheduler wait": "#ffaabb",
    "no work": "#bbbbbb",
    "spill": "#aaaa00",
    "paused": "#44bb99",
    "other": "#bbcc33",
}
"""What threads spend their time on, as `daskcnn.blame` has it, in the light colours of Paul Tol."""


def colours(names: Iterable[str]) -> dict[str, str]:
    """A colour for each name, in their order; beyond 23 names they repeat.

    Examples
    --------
    >>> colours(["conv1", "conv2", "conv1"])
    {'conv1': '#4477AA', 'conv2': '#EE6677'}
    """
    once = list(dict.fromkeys(names))
    palettes: tuple[tuple[str, ...], ...] = (
        Bright7[:6],
        Muted9,
        *(TolRainbow[count] for count in range(10, DIFFERENT + 1)),
    )
    palette = next((palette for palette in palettes if len(palette) >= len(once)), palettes[-1])
    return dict(zip(once, cycle(palette), strict=False))
