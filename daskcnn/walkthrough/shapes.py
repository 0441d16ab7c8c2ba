"""Boxes drawn to scale as small SVG pictures: rows and columns, or a strip along one axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from daskcnn.markup import element
from daskcnn.region import Interval
from daskcnn.walkthrough.rows import extent

LENGTH = 176
"""Pixels of the longest side."""
LEAST = 20
"""Pixels of a strip's height and of the shortest side, and the most of an element."""
ROOM = 14
"""Pixels that a worker's number takes."""
SHARED = "#c9ccd1"
"""Colour of what several workers share."""
NOUNS = {"batch": "image", "channel": "channel", "height": "row", "width": "column", "filter": "part"}
"""What lies one after the other along an axis."""
PLURALS = {axis: f"{noun}s" for axis, noun in NOUNS.items()}
Box = Mapping[str, Interval]
"""An interval for each axis."""
Colours = Mapping[int, str]


@dataclass(frozen=True)
class View:
    """What a picture shows: columns to the right, and rows downwards if it is no strip."""

    rows: str | None
    columns: str
    sizes: Mapping[str, int]

    @property
    def axes(self) -> tuple[str, ...]:
        """The axes that it shows."""
        return (self.columns,) if self.rows is None else (self.rows, self.columns)

    @property
    def scales(self) -> tuple[float, float]:
        """Pixels of an element downwards and to the right: as many both ways, unless that were too thin to see."""
        if self.rows is None:
            return LEAST, LENGTH / self.sizes[self.columns]
        sides = self.sizes[self.rows], self.sizes[self.columns]
        each = min(LENGTH / max(sides), LEAST)
        rows, columns = (max(each, LEAST / side) for side in sides)
        return rows, columns

    def pixels(self, box: Box) -> tuple[float, float, float, float]:
        """Top, left, height and width of a box."""
        ends = ((0, 1) if self.rows is None else box[self.rows], box[self.columns])
        (top, bottom), (left, right) = (
            (round(start * scale, 2), round(stop * scale, 2))
            for (start, stop), scale in zip(ends, self.scales, strict=True)
        )
        return top, left, round(bottom - top, 2), round(right - left, 2)


@dataclass(frozen=True)
class Patch:
    """A box of a picture."""

    box: Box
    worker: int | None
    """Whose it is; None where several share it."""
    received: bool = False
    """Whether it comes from other workers."""


def figure(view: View, patches: Sequence[Patch], colours: Colours, caption: str) -> Element:
    """A picture with its caption."""
    _, _, height, width = view.pixels({axis: (0, size) for axis, size in view.sizes.items()})
    picture = element(
        "svg",
        element("rect", width=width, height=height, class_="outline"),
        *(child for patch in patches for child in _drawn(view, patch, colours)),
        role="img",
        aria_label=caption,
        width=width + 2,
        height=height + 2,
        viewBox=f"-1 -1 {width + 2} {height + 2}",
    )
    return element("figure", picture, element("figcaption", caption))


def hatches(colours: Colours) -> Element:
    """What boxes that are received are filled with, once for all pictures of a page."""
    patterns = [
        element(
            "pattern",
            element("rect", width=6, height=6, fill="#fff"),
            element("rect", width=3, height=6, fill=colour),
            id=_hatch(colour),
            patternUnits="userSpaceOnUse",
            patternTransform="rotate(45)",
            width=6,
            height=6,
        )
        for colour in dict.fromkeys(colours.values())
    ]
    return element("svg", element("defs", *patterns), width=0, height=0, aria_hidden="true", class_="hatches")


def ranges(box: Box) -> str:
    """Where a box lies, in words.

    >>> ranges({"batch": (0, 16), "height": (3, 4)})
    'images 0–15, row 3'
    """
    nouns = {axis: (NOUNS if stop - start == 1 else PLURALS).get(axis, axis) for axis, (start, stop) in box.items()}
    return ", ".join(f"{nouns[axis]} {extent([interval])}" for axis, interval in box.items())


def _hatch(colour: str) -> str:
    """Name of what received boxes of a colour are filled with."""
    return f"received-{colour.removeprefix('#')}"


def _drawn(view: View, patch: Patch, colours: Colours) -> list[Element]:
    """The box, and its worker's number where it has room."""
    top, left, height, width = view.pixels(patch.box)
    who = "several workers" if patch.worker is None else f"worker {patch.worker}"
    colour = SHARED if patch.worker is None else colours[patch.worker]
    box = element(
        "rect",
        element("title", f"{who}{', received' * patch.received}: {ranges(patch.box)}"),
        x=left,
        y=top,
        width=width,
        height=height,
        fill=f"url(#{_hatch(colour)})" if patch.received else colour,
        class_="box",
    )
    if patch.worker is None or patch.received or min(height, width) < ROOM:
        return [box]
    return [box, element("text", str(patch.worker), x=round(left + width / 2, 2), y=round(top + height / 2, 2))]
