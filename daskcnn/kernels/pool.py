"""Pooling of one block.

A maximum or a sum over a window is one over its rows, then one over its columns: a pass for each tap along each axis
instead of one for each tap of the kernel, and no loop over windows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx import NodeProto, helper

from daskcnn.kernels.pad import padded
from daskcnn.kernels.step import Array
from daskcnn.layers import AveragePool2d, MaxPool2d
from daskcnn.layers.pool import Pool2d
from daskcnn.layers.window import Window

NOTHING = float(np.finfo(np.float32).min)
"""The largest of no elements, where the taps of a dilated kernel all miss the image."""


def compute(op: Pool2d, x: Array) -> Array:
    """(batch, channels, height, width) float32 pooled."""
    if isinstance(op, MaxPool2d):
        return _reduced(np.maximum, op, x, NOTHING)
    assert isinstance(op, AveragePool2d)
    rows, columns = (
        _counts(window, size, op.count_include_pad) for window, size in zip(op.windows, x.shape[2:], strict=True)
    )
    y = _reduced(np.add, op, x, 0)
    y /= np.maximum(rows[:, None] * columns, np.float32(1))
    return y


def nodes(op: Pool2d, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as an ONNX node."""
    attributes: dict[str, Any] = {
        "kernel_shape": op.kernel,
        "strides": op.stride,
        "dilations": op.dilation,
        "pads": op.padding,
        "ceil_mode": int(op.ceil_mode),
    }
    if isinstance(op, AveragePool2d):
        attributes["count_include_pad"] = int(op.count_include_pad)
    return [helper.make_node("MaxPool" if isinstance(op, MaxPool2d) else "AveragePool", names, [output], **attributes)]


def _reduced(ufunc: np.ufunc, op: Pool2d, x: Array, nothing: float) -> Array:
    """Fold the taps of every window by a function of two arrays; `nothing` lies around the image."""
    sizes = [window.output_size(size) for window, size in zip(op.windows, x.shape[2:], strict=True)]
    ends = [window.reach((0, size)) for window, size in zip(op.windows, sizes, strict=True)]
    (top, bottom), (left, right) = ((-first, last - n) for (first, last), n in zip(ends, x.shape[2:], strict=True))
    y = padded(x, (top, left, bottom, right), nothing)
    for axis, window, size in zip((2, 3), op.windows, sizes, strict=True):
        y = _folded(ufunc, window, y, axis, size)
    return y


def _folded(ufunc: np.ufunc, window: Window, x: Array, axis: int, size: int) -> Array:
    taps = [_tap(window, x, axis, size, number) for number in range(window.size)]
    y: Array = taps[0].copy()
    for tap in taps[1:]:
        ufunc(y, tap, out=y)
    return y


def _tap(window: Window, x: Array, axis: int, size: int, number: int) -> Array:
    """What lies under one tap of each window."""
    start = number * window.dilation
    where = slice(start, start + (size - 1) * window.stride + 1, window.stride)
    return x[(slice(None),) * axis + (where,)]


def _counts(window: Window, size: int, with_padding: bool) -> Array:
    """How many taps of each window along an axis count."""
    starts = np.arange(window.output_size(size)) * window.stride - window.before
    taps = starts[:, None] + np.arange(window.size) * window.dilation
    first, last = (-window.before, size + window.after) if with_padding else (0, size)
    counts: Array = ((taps >= first) & (taps < last)).sum(axis=1, dtype=np.float32)
    return counts
