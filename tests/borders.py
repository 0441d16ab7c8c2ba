"""A Hypothesis strategy for padding."""

from __future__ import annotations

from hypothesis import strategies as st

from daskcnn.layers import Pad2d
from daskcnn.layers.pad import MODES
from daskcnn.region import Shape


@st.composite
def pads(draw: st.DrawFn, shape: Shape) -> Pad2d:
    """Any that fits images of that shape: crops and all modes."""
    mode = draw(st.sampled_from(MODES))
    (top, bottom), (left, right) = (_sides(draw, mode, size) for size in shape[2:])
    return Pad2d((top, left, bottom, right), mode, draw(st.sampled_from([0.0, 1.5])))


def _sides(draw: st.DrawFn, mode: str, size: int) -> tuple[int, int]:
    """Crops that leave something, and borders that reflect less than is left."""
    before = draw(st.integers(1 - size, 5))
    after = draw(st.integers(1 - size + max(-before, 0), 5))
    most = size - max(-before, 0) - max(-after, 0) - 1 if mode == "reflect" else 5
    return min(before, most), min(after, most)
