"""Zarr arrays of either format, whole or damaged."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import zarr
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.errors import RunError, UsageError
from daskcnn.sources import open_source
from tests import sourced

IMAGES = np.random.default_rng(0).normal(size=(7, 3, 10, 8)).astype(np.float32)
KINDS: dict[str, dict[str, Any]] = {
    "even": {"chunks": (1, 3, 5, 4)},
    "uneven": {"chunks": (3, 2, 4, 8)},
    "sharded": {"chunks": (2, 1, 5, 4), "shards": (4, 3, 10, 8)},
    "plain": {"chunks": (7, 3, 10, 8), "compressors": None},
    "format 2": {"chunks": (3, 2, 4, 8), "zarr_format": 2},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An array of each kind."""
    folder = tmp_path_factory.mktemp("zarr")
    for name, options in KINDS.items():
        zarr.create_array(folder / name, data=IMAGES, **options)
    return folder


@given(data=st.data(), kind=st.sampled_from(sorted(KINDS)))
def test_regions(folder: Path, data: st.DataObject, kind: str) -> None:
    sourced.reads(sourced.elsewhere(open_source(str(folder / kind))), IMAGES, data)


@given(data=st.data())
def test_bytes_with_channels_last(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (4, 6, 5, 3), np.uint8)
    folder = tmp_path_factory.mktemp("bytes")
    zarr.create_array(folder / "a", data=pixels, chunks=(3, 4, 5, 2))
    sourced.reads(open_source(str(folder / "a")), sourced.scaled(pixels).transpose(0, 3, 1, 2), data)


@pytest.mark.parametrize("version", [2, 3])
def test_a_group_of_one_is_its_array(tmp_path: Path, version: Literal[2, 3]) -> None:
    group = zarr.create_group(tmp_path / "g", zarr_format=version)
    with pytest.raises(UsageError, match=r"g: which of its arrays\? .*\(there are none\)"):
        open_source(str(tmp_path / "g"))
    group.create_array("a", data=IMAGES)
    assert open_source(str(tmp_path / "g")) == open_source(str(tmp_path / "g" / "a"))
    group.create_array("b", data=IMAGES[:2])
    with pytest.raises(UsageError, match=r"g: which of its arrays\? give g/NAME with one of a, b$"):
        open_source(str(tmp_path / "g"))
    assert open_source(str(tmp_path / "g" / "b")).shape == (2, 3, 10, 8)


def test_only_the_chunks_of_a_region_are_read(tmp_path: Path) -> None:
    zarr.create_array(tmp_path / "a", data=IMAGES, chunks=(1, 3, 10, 8))
    (tmp_path / "a/c/3/0/0/0").write_bytes(b"no chunk")
    source = open_source(str(tmp_path / "a"))
    whole = ((0, 3), (0, 10), (0, 8))
    np.testing.assert_array_equal(source.read(((0, 3), *whole)), IMAGES[:3])
    with pytest.raises(RunError, match=r"a: a worker cannot read it"):
        source.read(((3, 4), *whole))


@given(length=st.integers(0, 300), noise=st.binary(max_size=10))
def test_damaged_metadata_is_read_or_refused_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, length: int, noise: bytes
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "a"
    zarr.create_array(path, data=IMAGES[:1, :, :2, :2])
    content = (path / "zarr.json").read_bytes()
    (path / "zarr.json").write_bytes(content[:length] + noise + content[length + len(noise) :])
    sourced.read_or_refused(path)
    (path / "zarr.json").write_bytes(content[:length])
    assert length >= len(content) or sourced.read_or_refused(path) is None


def test_text_is_refused(tmp_path: Path) -> None:
    zarr.create_array(tmp_path / "a", data=np.array([[["a"]]]), zarr_format=2)
    with pytest.raises(UsageError, match=r"a: dtype .U1: images are uint8, .* or floats, .*; convert it"):
        open_source(str(tmp_path / "a"))
