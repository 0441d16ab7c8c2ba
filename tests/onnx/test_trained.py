"""A trained network from elsewhere is as accurate as published, cut in every way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from daskcnn.data import mnist_images, mnist_labels
from daskcnn.onnx import load_onnx

MODEL = Path(__file__).parents[1] / "data" / "mnist-conv" / "model.onnx"
PUBLISHED = 0.9891
CUTS = ("serial", "batch=3", "channel=2", "filter=2", "filter=2x2", "height=3", "width=2", "spatial=2x2")
HYBRIDS = ("batch=2,channel=2", "spatial=2,channel=2", "pipeline=2")


def named(chunks: str, engine: str, count: int) -> NDArray[np.int64]:
    """The digit that the network names for each of the first test images."""
    images = mnist_images()[:count, None].astype(np.float32)
    scores = load_onnx(MODEL)(images, chunks, workers=4, engine=engine)
    assert not isinstance(scores, tuple)
    digits: NDArray[np.int64] = scores.argmax(axis=1).compute(scheduler="sync")
    return digits


@pytest.mark.parametrize("chunks", [*CUTS, *HYBRIDS])
def test_each_cut_is_as_accurate_as_published(chunks: str) -> None:
    assert (named(chunks, "onnxruntime", 10_000) == mnist_labels()).mean() == PUBLISHED


def test_the_other_engine_names_the_same() -> None:
    np.testing.assert_array_equal(named("spatial=2x2", "numpy", 1000), named("serial", "onnxruntime", 1000))
