"""IDX files, packed and plain, with labels beside them, against bytes written by struct."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.errors import RunError, UsageError
from daskcnn.sources import open_source, read_all
from tests import sourced

IMAGES = np.random.default_rng(0).integers(0, 256, (6, 5, 4), np.uint8)
CONTENT = struct.pack(">HBBIII", 0, 0x08, 3, *IMAGES.shape) + IMAGES.tobytes()
LABELS = struct.pack(">HBBI6B", 0, 0x08, 1, 6, 3, 1, 4, 1, 5, 9)
FLOATS = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype(np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose files each example overwrites."""
    return tmp_path_factory.mktemp("idx")


@given(data=st.data(), packed=st.booleans())
def test_bytes(folder: Path, data: st.DataObject, packed: bool) -> None:
    path = folder / "images"
    path.write_bytes(gzip.compress(CONTENT) if packed else CONTENT)
    sourced.reads(sourced.elsewhere(open_source(str(path))), sourced.scaled(IMAGES)[:, None], data)


@given(data=st.data(), packed=st.booleans())
def test_floats_with_channels(folder: Path, data: st.DataObject, packed: bool) -> None:
    content = struct.pack(">HBB4I120f", 0, 0x0D, 4, *FLOATS.shape, *FLOATS.ravel().tolist())
    path = folder / "floats"
    path.write_bytes(gzip.compress(content) if packed else content)
    sourced.reads(open_source(str(path)), FLOATS, data)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize(
    ("images", "labels"),
    [("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"), ("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte")],
)
def test_labels_lie_beside(tmp_path: Path, images: str, labels: str, packed: bool, beside: bool) -> None:
    path = tmp_path / (images + ".gz" * packed)
    path.write_bytes(gzip.compress(CONTENT) if packed else CONTENT)
    assert open_source(str(path)).labels() is None
    (tmp_path / (labels + ".gz" * beside)).write_bytes(gzip.compress(LABELS) if beside else LABELS)
    np.testing.assert_array_equal(open_source(str(path)).labels(), np.array([3, 1, 4, 1, 5, 9]), strict=True)


def test_labels_of_another_number_are_refused(tmp_path: Path) -> None:
    (tmp_path / "images").write_bytes(CONTENT)
    (tmp_path / "labels").write_bytes(LABELS[:7] + b"\5" + LABELS[8:-1])
    with pytest.raises(UsageError, match=r"labels: labels of shape \(5,\) beside 6 images"):
        open_source(str(tmp_path / "images")).labels()


def test_a_file_of_any_other_name_has_no_labels(tmp_path: Path) -> None:
    (tmp_path / "letters").write_bytes(CONTENT)
    assert open_source(str(tmp_path / "letters")).labels() is None


@given(length=st.integers(2, len(CONTENT) - 1), packed=st.booleans())
def test_every_truncation_is_refused(folder: Path, length: int, packed: bool) -> None:
    path = folder / "short"
    path.write_bytes(gzip.compress(CONTENT[:length]) if packed else CONTENT[:length])
    with pytest.raises(UsageError, match=r"short: "):
        open_source(str(path))


@given(data=st.data())
def test_every_truncation_of_packed_bytes_is_refused(folder: Path, data: st.DataObject) -> None:
    content = gzip.compress(CONTENT)
    path = folder / "cut"
    path.write_bytes(content[: data.draw(st.integers(2, len(content) - 1))])
    with pytest.raises(UsageError, match=r"cut: "):
        open_source(str(path))


def test_packed_bytes_that_are_damaged_fail_on_the_worker(tmp_path: Path) -> None:
    content = bytearray(gzip.compress(CONTENT))
    content[60] ^= 0xFF
    (tmp_path / "bad.gz").write_bytes(content)
    with pytest.raises((UsageError, RunError), match=r"bad.gz: cannot be read"):
        read_all(open_source(str(tmp_path / "bad.gz")))


@given(noise=st.binary(max_size=40))
def test_noise_is_read_or_refused_in_one_line(folder: Path, noise: bytes) -> None:
    path = folder / "noise"
    path.write_bytes(b"\0\0" + noise)
    sourced.read_or_refused(path)
