"""Random images: any region is the same however the whole is cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from daskcnn.errors import UsageError
from daskcnn.region import Region, Shape, blocks_of
from daskcnn.sources import RandomImages, open_source, read_all
from tests import sourced, strategies

SHAPES = st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 6), st.integers(1, 20))


def drawn(shape: Shape, seed: int) -> NDArray[np.float32]:
    """One image after the other, as NumPy's own generator draws float32; each row is filled up to eights."""
    images, channels, height, width = shape
    filled = (channels, height, -(-width // 8) * 8)
    bits = [Philox(key=np.array([seed, image], np.uint64)) for image in range(images)]
    return np.stack([Generator(own).random(filled, np.float32) for own in bits])[..., :width]


@given(data=st.data(), shape=SHAPES, seed=st.integers(0, 2**63 - 1))
def test_regions(data: st.DataObject, shape: Shape, seed: int) -> None:
    source = open_source(f"random:{'x'.join(map(str, shape))}:{seed}")
    sourced.reads(sourced.elsewhere(source), drawn(shape, seed), data)


@given(data=st.data(), shape=SHAPES)
def test_blocks_make_the_whole(data: st.DataObject, shape: Shape) -> None:
    source, joined = RandomImages(shape, 3), np.full(shape, np.nan, np.float32)
    for region in blocks_of(data.draw(strategies.grids(shape))):
        joined[tuple(slice(*side) for side in region)] = source.read(region)
    np.testing.assert_array_equal(joined, read_all(source))


def test_far_into_a_large_image() -> None:
    source = RandomImages((2**40, 3, 2**20, 2**20))
    region: Region = ((2**39, 2**39 + 1), (2, 3), (2**20 - 2, 2**20), (0, 2**20))
    found = source.read(region)
    assert found.shape == (1, 1, 2, 2**20)
    np.testing.assert_array_equal(source.read((*region[:2], (2**20 - 1, 2**20), region[3])), found[:, :, 1:])


def test_values_are_uniform_and_no_image_channel_row_or_seed_is_like_another() -> None:
    values = read_all(RandomImages((2, 2, 64, 512), 1))
    assert 0 <= values.min() < 1e-3
    assert 1 - 1e-3 < values.max() < 1
    assert abs(values.mean() - 0.5) < 3e-3
    assert abs(values.var() - 1 / 12) < 1e-3
    rows = np.concatenate([values, read_all(RandomImages((2, 2, 64, 512), 2))]).reshape(-1, 512)
    likeness = np.corrcoef(rows) - np.eye(len(rows))
    assert np.abs(likeness).max() < 0.3


def test_the_seed_is_0_unless_given() -> None:
    assert open_source("random:1x2x3x4") == RandomImages((1, 2, 3, 4), 0) == open_source("random:1x2x3x4:0")
    assert open_source("random:1x2x3x4:7").labels() is None


@pytest.mark.parametrize(
    "text", ["random:", "random:3x4", "random:1x1x1x1x1", "random:1x1x1x1:", "random:1x1x1x1:-1", "random:1x1x1xa"]
)
def test_what_is_not_of_the_form_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=rf"^'{text}': is not random:IMAGESxCHANNELSxHEIGHTxWIDTH\[:SEED\]"):
        open_source(text)


@pytest.mark.parametrize("text", ["random:0x1x1x1", f"random:1x1x1x{2**63}", f"random:1x1x1x1:{2**63}"])
def test_sizes_have_limits(text: str) -> None:
    with pytest.raises(UsageError, match=r"sizes are 1 or more, and no number above"):
        open_source(text)
