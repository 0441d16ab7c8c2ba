"""Seeded random images, made where they are needed."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.random import Philox
from numpy.typing import NDArray

from daskcnn.errors import UsageError
from daskcnn.region import Region, Shape, shape_of
from daskcnn.sources.base import Images

PREFIX = "random:"
FORM = re.compile(r"random:(\d+)x(\d+)x(\d+)x(\d+)(?::(\d+))?", re.ASCII)
PER_STEP = 8
"""Values that a step of the counter makes: 256 bits, 32 for each."""
LIMIT = 2**63 - 1


@dataclass(frozen=True)
class RandomImages:
    """Values uniform in [0, 1), in steps of 2⁻²⁴.

    Each is a function of seed, image, channel, row and column alone, so any region is the same however the images are
    cut, on any machine: the generator counts rather than iterates. Philox 4×64 (Salmon et al., "Parallel random
    numbers: as easy as 1, 2, 3", SC'11) is keyed with (seed, image); a row begins at the step
    (channel × height + row) × ⌈width / 8⌉, and value i of it is the upper 24 bits of 32-bit word i.

    Examples
    --------
    >>> images = RandomImages((80, 3, 1024, 1024), seed=1)
    >>> images.read(((79, 80), (2, 3), (1000, 1001), (0, 3)))
    array([[[[0.842221  , 0.8812162 , 0.88155866]]]], dtype=float32)
    """

    shape: Shape
    """(images, channels, height, width)."""
    seed: int = 0

    @classmethod
    def parse(cls, text: str) -> RandomImages:
        """What `random:80x3x1024x1024`, or with a seed `…:7`, says; UsageError where a text is not that."""
        found = FORM.fullmatch(text)
        if not found:
            raise UsageError(
                f"{text!r}: is not random:IMAGESxCHANNELSxHEIGHTxWIDTH[:SEED], as random:80x3x1024x1024:7 is"
            )
        *shape, seed = (int(number or 0) for number in found.groups())
        if min(shape) < 1 or max(*shape, seed) > LIMIT:
            raise UsageError(f"{text!r}: sizes are 1 or more, and no number above 2^63 - 1; give such")
        return cls(tuple(shape), seed)

    def read(self, region: Region) -> Images:
        """A region, from the rows that it touches."""
        images, channels, rows, columns = region
        values = np.empty(shape_of(region), np.float32)
        for own, image in zip(values, range(*images), strict=True):
            for block, channel in zip(own, range(*channels), strict=True):
                bits = self._bits(image, channel, *rows)[:, slice(*columns)]
                np.multiply(bits, np.float32(2**-24), out=block, dtype=np.float32)
        return values

    def labels(self) -> None:
        """There are none."""

    def _bits(self, image: int, channel: int, start: int, stop: int) -> NDArray[np.uint32]:
        """24 bits for each value of some rows of a channel, and of the columns that fill the last step."""
        _, _, height, width = self.shape
        steps = -(-width // PER_STEP)
        generator = Philox(key=np.array([self.seed, image], np.uint64))
        generator.advance((channel * height + start) * steps)
        words = generator.random_raw((stop - start) * steps * PER_STEP // 2)
        bits: NDArray[np.uint32] = words.astype("<u8", copy=False).view("<u4").reshape(stop - start, -1)
        bits >>= 8
        return bits
