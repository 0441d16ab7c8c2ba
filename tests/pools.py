"""Hypothesis strategies for pooling, and what pooling means, window by window."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from numpy.typing import NDArray

from daskcnn.errors import UsageError
from daskcnn.layers import AveragePool2d, MaxPool2d
from daskcnn.layers.pool import Pool2d
from daskcnn.region import Shape

Array = NDArray[Any]


@st.composite
def pools(draw: st.DrawFn, shape: Shape) -> Pool2d:
    """Either kind of pooling that fits images of that shape."""
    kernel = draw(_pairs(1, 4))
    attributes: dict[str, Any] = {
        "stride": draw(_pairs(1, 5)),
        "padding": tuple(draw(st.integers(0, taps - 1)) for taps in kernel * 2),
        "dilation": draw(st.one_of(st.just((1, 1)), _pairs(1, 3))),
        "ceil_mode": draw(st.booleans()),
    }
    op: Pool2d = MaxPool2d(kernel, **attributes)
    if draw(st.booleans()):
        op = AveragePool2d(kernel, **attributes, count_include_pad=draw(st.booleans()))
    assume(_fits(op, shape))
    return op


def pooled(op: Pool2d, x: Array) -> Array:
    """The definition: every window gathers the elements that are there, and the zeros that count."""
    (sy, sx), (dy, dx), (top, left, bottom, right) = op.stride, op.dilation, op.padding
    batch, channels, height, width = x.shape
    rows = _size(height + top + bottom, height + top, (op.kernel[0] - 1) * dy + 1, sy, op.ceil_mode)
    columns = _size(width + left + right, width + left, (op.kernel[1] - 1) * dx + 1, sx, op.ceil_mode)
    y = np.empty((batch, channels, rows, columns), x.dtype)
    for i, j in np.ndindex(rows, columns):
        found = []
        for u, v in np.ndindex(op.kernel):
            row, column = i * sy + u * dy - top, j * sx + v * dx - left
            if 0 <= row < height and 0 <= column < width:
                found.append(x[:, :, row, column])
            elif isinstance(op, AveragePool2d) and op.count_include_pad and row < height + bottom:
                found += [np.zeros((batch, channels), x.dtype)] * (column < width + right)
        if isinstance(op, MaxPool2d):
            y[:, :, i, j] = np.max(found, axis=0) if found else np.finfo(x.dtype).min
        else:
            y[:, :, i, j] = np.mean(found, axis=0) if found else 0
    return y


def _size(padded: int, begins: int, extent: int, stride: int, ceil: bool) -> int:
    """How many windows fit, or begin before `begins`, counted one by one."""
    starts = range(0, padded + stride, stride)
    if ceil:
        return sum(1 for start in starts if start < begins and start - stride + extent < padded or start == 0)
    return sum(1 for start in starts if start + extent <= padded)


def _pairs(least: int, most: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(least, most), st.integers(least, most))


def _fits(op: Pool2d, shape: Shape) -> bool:
    try:
        op.output_shape(shape)
    except UsageError:
        return False
    return True
