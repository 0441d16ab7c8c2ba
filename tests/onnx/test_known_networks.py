"""Networks that everybody knows, as the onnx package has them, with random weights in the place of constant ones."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import ModelProto, numpy_helper

from daskcnn.region import Shape
from tests.onnx.models import images, load, same

FOLDER = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"


def known(name: str) -> ModelProto:
    """One of them: weights are made from their shapes by a node each, which random numbers replace."""
    model = onnx.load_model(FOLDER / f"light_{name}.onnx")
    shapes = {tensor.name: tuple(numpy_helper.to_array(tensor).tolist()) for tensor in model.graph.initializer}
    made = [node for node in model.graph.node if node.op_type == "ConstantOfShape"]
    random = np.random.default_rng(0)
    for node in made:
        weight = numpy_helper.from_array(_drawn(random, shapes[node.input[0]]), node.output[0])
        model.graph.initializer.append(weight)
        model.graph.node.remove(node)
    return model


def _drawn(random: np.random.Generator, shape: Shape) -> NDArray[np.float32]:
    """Weights with a spread that keeps signals alike, scales and variances that are none too small."""
    values: NDArray[Any] = random.uniform(0.5, 1.5, shape)
    if len(shape) > 1:
        values = random.normal(0, math.sqrt(2 / math.prod(shape[1:])), shape)
    return values.astype(np.float32)


@pytest.mark.parametrize("name", ["squeezenet", "shufflenet", "inception_v1", "resnet50"])
def test_cut_they_give_what_they_give_whole(name: str) -> None:
    model = known(name)
    feeds = {name: images(1, 3, 224, 224) for name in load(model).inputs}
    for chunks in ("spatial=2x2", "channel=2"):
        same(model, feeds, chunks)
