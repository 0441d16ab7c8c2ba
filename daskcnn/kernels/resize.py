"""Resampling of one block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import NodeProto, helper

from daskcnn.kernels.constant import constant
from daskcnn.kernels.step import Array
from daskcnn.layers import Resize2d
from daskcnn.layers.place import Place
from daskcnn.layers.scaling import Samples, Scaling

AXES = (2, 3)


def compute(op: Resize2d, x: Array) -> Array:
    """(batch, channels, height, width) float32, resampled along height, then along width."""
    for axis, scaling, place in zip(AXES, op.scalings, op.places, strict=True):
        size = x.shape[axis]
        low, high, share = _samples(scaling, place or Place((0, scaling.output_size(size)), 0, size))
        y = x.take(low, axis=axis)
        if op.mode == "linear":
            share = share.reshape(_along(axis))
            y *= 1 - share
            y += share * x.take(high, axis=axis)
        x = y
    return x


def nodes(op: Resize2d, names: Sequence[str], output: str) -> list[NodeProto]:
    """The same as ONNX nodes: axes with a place are gathered by tables, the others resampled.

    ONNX Runtime leaves images as they are whose size a scale other than 1 does not change; a block of `local` has
    no such scale.
    """
    found: list[NodeProto] = []
    x = names[0]
    for axis, scaling, place in zip(AXES, op.scalings, op.places, strict=True):
        if place is not None:
            y = f"{output}.along{axis}"
            found += _gathered(op, axis, _samples(scaling, place), x, y)
            x = y
    alone = [i for i, place in enumerate(op.places) if place is None]
    return [*found, *(_resized(op, alone, x, output) if alone else [helper.make_node("Identity", [x], [output])])]


def _samples(scaling: Scaling, place: Place) -> Samples:
    """Which of a block's inputs each output is made of."""
    return scaling.samples(place.output, place.size).moved(-place.first)


def _along(axis: int) -> tuple[int, ...]:
    """The shape that lays a vector along an axis of images."""
    return (-1,) + (1,) * (3 - axis)


def _gathered(op: Resize2d, axis: int, samples: Samples, x: str, output: str) -> list[NodeProto]:
    """One axis by tables."""
    name = f"{output}.{{}}".format
    low = helper.make_node("Gather", [x, name("low")], [name("below") if op.mode == "linear" else output], axis=axis)
    if op.mode == "nearest":
        return [constant(name("low"), samples.low), low]
    share = samples.share.reshape(_along(axis))
    return [
        constant(name("low"), samples.low),
        constant(name("high"), samples.high),
        constant(name("rest"), 1 - share, np.float32),
        constant(name("share"), share, np.float32),
        low,
        helper.make_node("Gather", [x, name("high")], [name("above")], axis=axis),
        helper.make_node("Mul", [name("below"), name("rest")], [name("first")]),
        helper.make_node("Mul", [name("above"), name("share")], [name("second")]),
        helper.make_node("Add", [name("first"), name("second")], [output]),
    ]


def _resized(op: Resize2d, alone: Sequence[int], x: str, output: str) -> list[NodeProto]:
    """The axes that need no tables, by the operator itself."""
    to = f"{output}.to"
    if op.scales is not None:
        value, inputs = constant(to, [op.scales[i] for i in alone], np.float32), [x, "", to]
    else:
        assert op.sizes is not None
        value, inputs = constant(to, [op.sizes[i] for i in alone]), [x, "", "", to]
    words = {name: getattr(op, name) for name in ("mode", "coordinate_transformation_mode", "nearest_mode")}
    return [value, helper.make_node("Resize", inputs, [output], axes=[AXES[i] for i in alone], **words)]
