"""What flows between the nodes of an ONNX graph."""

from __future__ import annotations

import re
from dataclasses import dataclass

from daskcnn.onnx.external import Array
from daskcnn.region import Shape

LONGEST = 100
"""Characters of a name at most."""


@dataclass(frozen=True)
class Tensor:
    """What is computed from images, of a shape that counts them along its first axis."""

    layer: str
    """The layer, or the input of the network, that makes it."""
    shape: Shape
    dtype: str = "float32"


Value = Tensor | Array
"""A tensor, or an array that is known before any image is."""


def layer_name(name: str) -> str:
    """A tensor's name as that of a layer: letters, digits, `_`, `/` and `:`.

    Other characters part the words of the names of tasks, or cannot be printed.

    >>> layer_name("block-1/relu.out")
    'block_1/relu_out'
    """
    return re.sub(r"[^\w/:]+", "_", name).strip("_")[:LONGEST] or "tensor"


class Names:
    """Names that are given once."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def own(self, name: str) -> str:
        """The name, with a number behind it where it is taken.

        >>> names = Names()
        >>> names.own("relu"), names.own("relu")
        ('relu', 'relu_2')
        """
        while name in self._given:
            self._given[name] += 1
            name = f"{name}_{self._given[name]}"
        self._given[name] = 1
        return name
