"""From images to feature vectors."""

from __future__ import annotations

from dataclasses import dataclass

from daskcnn.layers.reshape import Reshape


@dataclass(frozen=True)
class Flatten(Reshape):
    """(batch, channel, height, width) as (batch, channel·height·width).

    Examples
    --------
    >>> Flatten().output_shape((10, 64, 7, 7))
    (10, 3136)
    """
