"""Files that NumPy writes, read region by region."""

from __future__ import annotations

import io
import os
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from daskcnn.errors import RunError, UsageError
from daskcnn.sources import open_source, read_all
from tests import sourced

DTYPES = [np.dtype(name) for name in ("<f4", ">f4", "<f8", "<f2")]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A path that each example overwrites."""
    return tmp_path_factory.mktemp("npy") / "images.npy"


@given(data=st.data(), dtype=st.sampled_from(DTYPES), fortran=st.booleans())
def test_floats_are_taken_as_they_are(
    file: Path, data: st.DataObject, dtype: np.dtype[np.float64], fortran: bool
) -> None:
    shape = data.draw(hnp.array_shapes(min_dims=4, max_dims=4, max_side=5).filter(lambda s: s[1] in (1, 3, 4)))
    values = data.draw(hnp.arrays(dtype, shape, elements=st.floats(width=16, allow_nan=False)))
    np.save(file, np.asfortranarray(values) if fortran else values)
    sourced.reads(sourced.elsewhere(open_source(str(file))), values.astype(np.float32), data)


@given(data=st.data())
def test_bytes_are_divided_by_255(file: Path, data: st.DataObject) -> None:
    values = data.draw(hnp.arrays(np.uint8, (3, 1, 5, 4)))
    np.save(file, values)
    sourced.reads(open_source(str(file)), sourced.scaled(values), data)


@given(data=st.data(), last=st.booleans())
def test_channels_are_added_or_brought_forward(file: Path, data: st.DataObject, last: bool) -> None:
    values = np.random.default_rng(0).normal(size=(4, 6, 5, 3) if last else (4, 6, 5)).astype(np.float32)
    np.save(file, values)
    sourced.reads(open_source(str(file)), np.moveaxis(values, -1, 1) if last else values[:, None], data)


def test_a_region_of_a_large_file_takes_little_memory(tmp_path: Path) -> None:
    np.lib.format.open_memmap(tmp_path / "large.npy", "w+", np.float32, (80, 3, 1024, 1024))
    tracemalloc.start()
    source = open_source(str(tmp_path / "large.npy"))
    found = source.read(((70, 72), (1, 2), (1000, 1020), (0, 100)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.nbytes == 16_000
    assert peak < 1_000_000


def test_what_is_read_is_no_longer_tied_to_the_file(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.ones((1, 1, 2, 2), np.float32))
    found = read_all(open_source(str(tmp_path / "a.npy")))
    np.lib.format.open_memmap(tmp_path / "a.npy", "r+")[:] = 7
    assert found.sum() == 4


@given(length=st.integers(6, 199))
def test_every_truncation_is_refused(file: Path, length: int) -> None:
    np.save(file, np.zeros((2, 1, 3, 3), np.float32))
    os.truncate(file, length)
    with pytest.raises(UsageError, match=r"^/.*images\.npy: "):
        open_source(str(file))


@given(noise=st.binary(max_size=80), place=st.integers(6, 130))
def test_a_damaged_header_is_read_or_refused_in_one_line(file: Path, noise: bytes, place: int) -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.zeros((2, 1, 3, 3), np.float32))
    content = bytearray(buffer.getvalue())
    content[place : place + len(noise)] = noise
    file.write_bytes(content)
    sourced.read_or_refused(file)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (np.zeros((2, 2), np.float32), r"shape \(2, 2\): images have 3 or 4 axes"),
        (np.zeros((2, 0, 2), np.float32), r"shape \(2, 0, 2\): there is nothing along an axis"),
        (np.zeros((2, 2, 2), np.complex64), "dtype complex64: images are uint8, .* or floats"),
        (np.zeros((2, 2, 2), np.int64), "dtype int64: .*ask for raw values"),
        (np.array([[[None]]]), "cannot be read as .npy .*Python objects"),
    ],
    ids=["axes", "empty", "complex", "integers", "objects"],
)
def test_what_is_no_images_is_refused(tmp_path: Path, values: np.ndarray, told: str) -> None:
    np.save(tmp_path / "a.npy", values)
    with pytest.raises(UsageError, match=rf"a.npy: {told}"):
        open_source(str(tmp_path / "a.npy"))


def test_raw_integers_are_taken_as_they_are(tmp_path: Path) -> None:
    for dtype in (np.uint8, np.int16, np.bool_):
        values = np.array([[[0, 1], [1, 0]]], dtype)
        np.save(tmp_path / "a.npy", values)
        found = read_all(open_source(str(tmp_path / "a.npy"), scaled=False))
        np.testing.assert_array_equal(found, values[:, None].astype(np.float32), strict=True)


def test_a_file_that_changes_or_goes_is_a_failed_run(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.zeros((4, 3, 3), np.float32))
    source = open_source(str(path))
    np.save(path, np.zeros((2, 3, 3), np.float32))
    with pytest.raises(RunError, match=r"a.npy: its shape is no longer \(4, 3, 3\)"):
        read_all(source)
    path.unlink()
    with pytest.raises(RunError, match=r"a.npy: a worker cannot read it .*No such file"):
        read_all(source)
