"""The images that the package brings along."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daskcnn import data as package
from daskcnn.errors import UsageError
from daskcnn.sources import MnistTest
from tests import sourced


@given(data=st.data(), images=st.integers(1, 9), scaled=st.booleans())
def test_regions(data: st.DataObject, images: int, scaled: bool) -> None:
    pixels = package.mnist_images()[:images, None]
    expected = sourced.scaled(pixels) if scaled else pixels.astype(np.float32)
    sourced.reads(sourced.elsewhere(MnistTest(images, scaled)), expected, data)


def test_labels() -> None:
    assert MnistTest(5).labels().tolist() == [7, 2, 1, 0, 4]


@pytest.mark.parametrize("images", [0, 10_001])
def test_more_than_there_are_is_refused(images: int) -> None:
    with pytest.raises(UsageError, match=rf"images={images}: the MNIST test set has 10000"):
        MnistTest(images)
