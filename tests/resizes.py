"""A Hypothesis strategy for resampling."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from daskcnn.layers import Resize2d
from daskcnn.layers.resize import WORDS
from daskcnn.region import Shape

SCALES = (0.5, 0.6, 1 / 3, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0)


@st.composite
def resizes(draw: st.DrawFn, shape: Shape) -> Resize2d:
    """Any that fits images of that shape."""
    words: dict[str, Any] = {name: draw(st.sampled_from(known)) for name, known in WORDS.items()}
    if words["coordinate_transformation_mode"] == "half_pixel_symmetric":
        words["mode"] = "linear"  # which of two equally near elements is taken here differs with the last bit
    if draw(st.booleans()):
        return Resize2d(sizes=draw(st.tuples(st.integers(1, 12), st.integers(1, 12))), **words)
    scales = draw(st.tuples(st.sampled_from(SCALES), st.sampled_from(SCALES)))
    for scale, size in zip(scales, shape[2:], strict=True):
        assume(scale * size >= 1 and (scale == 1 or math.floor(scale * size) != size))
    return Resize2d(scales, **words)
