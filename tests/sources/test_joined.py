"""Arrays one after the other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.sources.joined import Joined
from daskcnn.sources.npy import Npy
from tests import strategies


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of 0 to 4 images, each of which has its own number."""
    folder = tmp_path_factory.mktemp("joined")
    for size in range(1, 5):
        np.save(folder / f"{size}.npy", size * 100.0 + np.arange(size * 4).reshape(size, 2, 2))
    return folder


@given(data=st.data(), sizes=st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_a_region_of_the_joined_is_that_of_the_whole(folder: Path, data: st.DataObject, sizes: list[int]) -> None:
    files = [folder / f"{size}.npy" for size in sizes]
    whole = np.concatenate([np.load(file) for file in files])
    joined = Joined.of(folder, [Npy.open(file) for file in files])
    assert (joined.shape, joined.dtype, joined.labels()) == (whole.shape, whole.dtype, None)
    region = data.draw(strategies.regions(whole.shape))
    np.testing.assert_array_equal(joined.read(region), whole[tuple(slice(*side) for side in region)], strict=True)


@pytest.mark.parametrize("other", [np.zeros((1, 2, 3)), np.zeros((1, 2, 2), np.float32)])
def test_what_is_not_alike_is_refused(folder: Path, tmp_path: Path, other: np.ndarray) -> None:
    np.save(tmp_path / "other.npy", other)
    with pytest.raises(UsageError, match=r"other.npy: images \(2, .\) of float.., but 1.npy has \(2, 2\) of float64"):
        Joined.of(folder, [Npy.open(folder / "1.npy"), Npy.open(tmp_path / "other.npy")])
