"""Resampling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from daskcnn.errors import UsageError
from daskcnn.layers import Resize2d
from daskcnn.layers.resize import WORDS
from daskcnn.onnx.node import Node
from daskcnn.onnx.tensor import Tensor

T = TypeVar("T")

OLD = 11
"""The version from which on Resize says how coordinates are made; before, as Upsample does it."""


def resize(node: Node) -> Tensor:
    """Height and width, `nearest` or `linear`, by constant scales or sizes.

    Not `tf_crop_and_resize`, `antialias`, a `keep_aspect_ratio_policy` but `stretch`, nor `align_corners` with scales
    to no whole size.
    """
    if node.opset < OLD:
        return upsample(node)
    node.only("mode", *WORDS["mode"])
    node.only("coordinate_transformation_mode", *WORDS["coordinate_transformation_mode"])
    node.only("antialias", 0)
    node.only("keep_aspect_ratio_policy", "stretch")
    node.only("nearest_mode", *WORDS["nearest_mode"])
    words = {name: node[name] for name in WORDS}
    scales, sizes = (tuple(node.array(number).ravel().tolist()) if node.has(number) else () for number in (2, 3))
    if not sizes:
        return _scaled(node, scales, words)
    return node.layer(Resize2d(sizes=_image(node, sizes, node.images().shape), **words), node.images())


def upsample(node: Node) -> Tensor:
    """Height and width, `nearest` or `linear`, by constant scales.

    Not `nearest` that shrinks one of them and enlarges the other.
    """
    node.only("mode", *WORDS["mode"])
    scales = node.numbers(1, "scales") or ()
    shrunk = {scale < 1 for scale in _image(node, scales, (1.0, 1.0, 1.0, 1.0)) if scale != 1}
    if node["mode"] == "nearest" and len(shrunk) > 1:
        raise UsageError(f"scales {scales} shrink and enlarge, which `nearest` rounds two ways; use two nodes")
    # As ONNX Runtime has it: what is shrunk takes the next element, what is enlarged the one before.
    words = {"mode": node["mode"], "coordinate_transformation_mode": "asymmetric"}
    return _scaled(node, scales, words | {"nearest_mode": "ceil" if True in shrunk else "floor"})


def _scaled(node: Node, scales: tuple[float, ...], words: dict[str, Any]) -> Tensor:
    images, image = node.images(), _image(node, scales, (1.0, 1.0, 1.0, 1.0))
    whole = all((size * scale).is_integer() for size, scale in zip(images.shape[2:], image, strict=True))
    if words["coordinate_transformation_mode"] == "align_corners" and not whole:
        raise UsageError(
            f"scales {image} of {images.shape} to no whole size with align_corners mean two things; use sizes"
        )
    return node.layer(Resize2d(scales=image, **words), images)


def _image(node: Node, values: tuple[T, ...], same: tuple[T, ...]) -> tuple[T, T]:
    """What is said of height and of width; UsageError where the images' number or channels are to change."""
    axes = node.attributes.get("axes", range(4))
    found = dict(enumerate(same)) | {axis % 4: value for axis, value in zip(axes, values, strict=True)}
    if (found[0], found[1]) != same[:2]:
        raise UsageError(f"{values} changes the images' number or channels; change height and width alone")
    return found[2], found[3]


OPERATORS: dict[str, Callable[[Node], Tensor]] = {"Resize": resize, "Upsample": upsample}
