"""Hypothesis strategies for the attributes of ops that move a kernel over images."""

from __future__ import annotations

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.layers import AveragePool2d, ConvTranspose2d, MaxPool2d, Op
from daskcnn.layers.pool import Pool2d
from daskcnn.region import Shape


@st.composite
def pools(draw: st.DrawFn, shape: Shape) -> Pool2d:
    """Either kind of pooling that fits images of that shape."""
    kernel = draw(pairs(1, 4))
    attributes: dict[str, Any] = {
        "stride": draw(pairs(1, 5)),
        "padding": tuple(draw(st.integers(0, taps - 1)) for taps in kernel * 2),
        "dilation": draw(st.one_of(st.just((1, 1)), pairs(1, 3))),
        "ceil_mode": draw(st.booleans()),
    }
    op: Pool2d = MaxPool2d(kernel, **attributes)
    if draw(st.booleans()):
        op = AveragePool2d(kernel, **attributes, count_include_pad=draw(st.booleans()))
    assume(fits(op, shape))
    return op


@st.composite
def transposed_convs(draw: st.DrawFn, shape: Shape) -> ConvTranspose2d:
    """Any that fits images of that shape: with gaps, with crops, in groups."""
    groups = draw(st.sampled_from([count for count in range(1, shape[1] + 1) if shape[1] % count == 0]))
    stride, dilation = draw(pairs(1, 5)), draw(pairs(1, 3))
    more = [draw(st.integers(0, max(limits) - 1)) for limits in zip(stride, dilation, strict=True)]
    op = ConvTranspose2d(
        groups * draw(st.integers(1, 3)),
        draw(pairs(1, 4)),
        stride,
        (*draw(pairs(0, 4)), *draw(pairs(0, 4))),
        (more[0], more[1]),
        dilation,
        groups,
        bias=draw(st.booleans()),
    )
    assume(fits(op, shape))
    return op


def pairs(least: int, most: int) -> st.SearchStrategy[tuple[int, int]]:
    """One number along height and one along width."""
    return st.tuples(st.integers(least, most), st.integers(least, most))


def fits(op: Op, shape: Shape) -> bool:
    """Whether the op takes images of that shape."""
    try:
        op.output_shape(shape)
    except UsageError:
        return False
    return True
