"""Which axes of a stored array are images, channels, height and width."""

from __future__ import annotations

from collections.abc import Sequence

from daskcnn.errors import UsageError
from daskcnn.region import Shape

ImageShape = Sequence[int | None]
"""(channels, height, width) that a network takes; None where any size will do."""
Order = tuple[int | None, ...]
"""For each axis of (images, channels, height, width) the stored axis, or None where one of size 1 is added."""

CHANNELS_FIRST: Order = (0, 1, 2, 3)
CHANNELS_LAST: Order = (0, 3, 1, 2)
NO_CHANNELS: Order = (0, None, 1, 2)
COLOURS = 1, 3, 4
"""How many channels pictures have: grey, RGB, RGBA."""


def order(shape: Shape, image_shape: ImageShape | None = None) -> Order:
    """How a stored array becomes (images, channels, height, width).

    Three axes are (images, height, width), or (images, channels, length) where the network takes such. Four are
    (images, channels, height, width), unless only reading them as (images, height, width, channels) fits the network;
    where both would fit, or none is asked for, the last axis is taken for channels if it is as long as a picture's
    (1, 3 or 4) and the second is not.

    Raises
    ------
    UsageError
        No reading fits, or there is nothing along an axis.

    Examples
    --------
    >>> order((10, 28, 28))
    (0, None, 1, 2)
    >>> order((10, 32, 32, 3)), order((10, 3, 32, 32))
    ((0, 3, 1, 2), (0, 1, 2, 3))
    >>> order((10, 8, 8, 3), image_shape=(8, None, None))
    (0, 1, 2, 3)
    """
    if 0 in shape:
        raise UsageError(f"shape {shape}: there is nothing along an axis; give at least one image, none of its sides 0")
    known = _readings(shape)
    if not known and (image_shape is None or len(image_shape) + 1 != len(shape)):
        raise UsageError(
            f"shape {shape}: images have 3 or 4 axes (N, H, W), (N, C, H, W) or (N, H, W, C); give one of these"
        )
    if image_shape is None:
        return known[0]
    plain = tuple(range(len(shape)))
    if plain not in known and len(image_shape) + 1 == len(shape):
        known = [plain]
    for reading in known:
        if fits(reordered(shape, reading), image_shape):
            return reading
    raise UsageError(
        f"images of shape {' or '.join(str(reordered(shape, reading)[1:]) for reading in known)}, "
        f"but the network takes {_text(image_shape)}; give these"
    )


def reordered(shape: Shape, order: Order) -> Shape:
    """The shape of (images, channels, height, width).

    >>> reordered((10, 28, 28), NO_CHANNELS)
    (10, 1, 28, 28)
    """
    return tuple(1 if axis is None else shape[axis] for axis in order)


def fits(shape: Shape, image_shape: ImageShape) -> bool:
    """Whether a network takes images, their number first in `shape`."""
    sizes = shape[1:]
    return len(sizes) == len(image_shape) and all(
        want in (None, size) for size, want in zip(sizes, image_shape, strict=True)
    )


def _readings(shape: Shape) -> list[Order]:
    """Likeliest first."""
    if len(shape) == 3:
        return [NO_CHANNELS]
    if len(shape) != 4:
        return []
    last = shape[3] in COLOURS and shape[1] not in COLOURS
    return [CHANNELS_LAST, CHANNELS_FIRST] if last else [CHANNELS_FIRST, CHANNELS_LAST]


def _text(image_shape: ImageShape) -> str:
    return f"({', '.join('any' if size is None else str(size) for size in image_shape)})"
