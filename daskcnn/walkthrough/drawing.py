"""A layer's blocks, each a box in the colour of its worker, and what a worker reads for its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from xml.etree.ElementTree import Element

import numpy as np

from daskcnn.layout import Layout
from daskcnn.markup import element
from daskcnn.quantity import many
from daskcnn.region import Interval, Region
from daskcnn.stage import Stage
from daskcnn.walkthrough.shapes import PLURALS, Box, Colours, Patch, View, figure, ranges
from daskcnn.walkthrough.shares import Share

MOST = 1200
"""Boxes that are drawn of a layer."""
PICTURES = 16
"""Pictures of rows and columns that are drawn of a layer."""
Axes = tuple[str, ...]
Run = tuple[Interval, tuple[int, ...]]
"""Images, and who owns the tiles of each."""


def blocks(stage: Stage, colours: Colours) -> list[Element]:
    """Pictures of a layer's blocks: along images, along channels, and for each of these in rows and columns."""
    axes = stage.op.axes(len(stage.shape))
    sizes, runs = dict(zip(axes, stage.shape, strict=True)), image_runs(stage.layout)
    tiles: list[Box] = [dict(zip(axes[1:], tile, strict=True)) for tile in stage.layout.tiles]
    inner = view_of(axes, sizes)
    images = [({"batch": images}, owner) for images, row in runs for owner in row]
    found = _strip("batch", sizes, images, colours, least=2 if inner else 1)
    if inner is None:
        return found
    if "channel" not in inner.axes:
        found += _strip("channel", sizes, list(zip(tiles, runs[0][1], strict=True)), colours, least=2)
    pictures = list(_pictures(tiles, runs, inner))
    boxes = accumulate(len(patches) for _, patches in pictures)
    drawn = min(PICTURES, sum(number <= MOST for number in boxes))
    found += [figure(inner, patches, colours, caption) for caption, patches in pictures[:drawn]]
    left = len(pictures) - drawn
    return [*found, left_out(left, "more picture" if drawn else "picture")] if left else found


def reads(share: Share, number: int, axes: Axes, colours: Colours) -> list[Element]:
    """Pictures of what a worker reads of one of a layer's inputs: what it has itself, and hatched what it receives."""
    stage, worker = share.stage, share.worker
    sizes = dict(zip(axes, stage.inputs[number], strict=True))
    images, regions = _pieces(share, number)
    boxes = [Patch(dict(zip(axes[1:], region, strict=True)), worker, received) for region, received in regions]
    of, inner = stage.layer.inputs[number], view_of(axes, sizes)
    found = []
    if len(images) > 1 or images[0][0] != (0, sizes["batch"]):
        own = [Patch({"batch": interval}, worker, received) for interval, received in images]
        found.append(figure(View(None, "batch", sizes), own, colours, f"{of}: images"))
    if inner is None:
        return found
    if "channel" not in inner.axes and {patch.box["channel"] for patch in boxes} != {(0, sizes["channel"])}:
        found.append(figure(View(None, "channel", sizes), boxes, colours, f"{of}: channels"))
    return [*found, figure(inner, boxes, colours, f"{of}: {', '.join(PLURALS[axis] for axis in inner.axes)}")]


def left_out(number: int, noun: str) -> Element:
    """What is not drawn, counted."""
    return element("p", f"{many(number, noun)} {'are' if number > 1 else 'is'} left out.")


def view_of(axes: Axes, sizes: dict[str, int]) -> View | None:
    """Rows and columns of a tensor that has both, else those or its channels; None of one that has images alone.

    >>> [view_of(("batch", "channel", "height"), {"batch": 1, "channel": 4, "height": size}).axes for size in (1, 2)]
    [('channel',), ('height',)]
    """
    image = [axis for axis in ("height", "width") if axis in axes and sizes[axis] > 1]
    if len(image) > 1:
        return View("height", "width", sizes)
    return View(None, next(iter(image), "channel"), sizes) if "channel" in axes else None


def image_runs(layout: Layout) -> list[Run]:
    """Images one after the other whose tiles lie alike."""
    numbers, rows = layout.rows
    found = []
    for number, group in groupby(zip(numbers.tolist(), layout.batches, strict=True), key=lambda pair: pair[0]):
        own = [batch for _, batch in group]
        found.append(((own[0][0], own[-1][1]), rows[number]))
    return found


def _strip(
    axis: str, sizes: dict[str, int], owned: Sequence[tuple[Box, int]], colours: Colours, least: int
) -> list[Element]:
    """The blocks along one axis, where there are so many at least; in nobody's colour where workers share one."""
    owners: dict[Interval, set[int]] = {}
    for box, owner in owned:
        owners.setdefault(box[axis], set()).add(owner)
    if not least <= len(owners) <= MOST:
        return []
    patches = [Patch({axis: own}, min(who) if len(who) == 1 else None) for own, who in owners.items()]
    return [figure(View(None, axis, sizes), patches, colours, f"all {PLURALS[axis]}")]


def _pictures(tiles: Sequence[Box], runs: Sequence[Run], view: View) -> Iterator[tuple[str, list[Patch]]]:
    """For each run of images and each block along the axes that a view does not show, the tiles."""
    for images, owners in runs:
        found: dict[tuple[tuple[str, Interval], ...], list[Patch]] = {}
        for tile, owner in zip(tiles, owners, strict=True):
            hidden = tuple(
                (axis, interval)
                for axis, interval in tile.items()
                if axis not in view.axes and (axis == "channel" or view.sizes[axis] > 1)
            )
            found.setdefault(hidden, []).append(Patch(tile, owner))
        for hidden, patches in found.items():
            strip = f"{PLURALS[view.columns]} of " if view.rows is None else ""
            yield strip + ranges({"batch": images, **dict(hidden)}), patches


def _pieces(share: Share, number: int) -> tuple[list[tuple[Interval, bool]], list[tuple[Region, bool]]]:
    """Images, and parts of one of them, each with whether anything of it, or it, is received; what is near comes last.

    Where images differ, as in a relayout, the image is the first of which something is received.
    """
    exchange = share.stage.exchanges[number]
    if exchange is None:
        return [(share.span, False)], [(share.stage.needs[number][share.tile], False)]
    own = np.flatnonzero(np.isin(exchange.batches, share.blocks))
    reads = [pattern.reads[share.tile] for pattern in exchange.patterns]
    far = [any(read.sent for read in parts) for parts in reads]
    runs = [(int(exchange.bounds[run]), int(exchange.bounds[run + 1]), int(exchange.kinds[run])) for run in own]
    images = [
        ((alike[0][0], alike[-1][1]), received)
        for received, group in groupby(runs, key=lambda run: far[run[2]])
        for alike in [list(group)]
    ]
    kind = next((kind for _, _, kind in runs if far[kind]), runs[0][2])
    return images, sorted(((read.region, read.sent) for read in reads[kind]), key=lambda part: not part[1])
