"""Archives that NumPy writes, read region by region."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.errors import UsageError
from daskcnn.sources import open_source, read_all
from tests import sourced

IMAGES = np.random.default_rng(0).integers(0, 256, (5, 3, 4, 6), np.uint8)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A path that each example overwrites."""
    return tmp_path_factory.mktemp("npz") / "images.npz"


@given(data=st.data(), packed=st.booleans())
def test_the_only_array_needs_no_name(file: Path, data: st.DataObject, packed: bool) -> None:
    (np.savez_compressed if packed else np.savez)(file, x=IMAGES)
    sourced.reads(sourced.elsewhere(open_source(str(file))), sourced.scaled(IMAGES), data)


@given(data=st.data())
def test_one_of_several_is_named(file: Path, data: st.DataObject) -> None:
    np.savez(file, x_train=np.zeros((1, 2, 2)), x_test=IMAGES, y_test=np.arange(5))
    sourced.reads(sourced.elsewhere(open_source(f"{file}:x_test")), sourced.scaled(IMAGES), data)


def test_another_archive_of_the_same_name_is_read_anew(file: Path) -> None:
    for value in (0.0, 1.0):
        np.savez(file, x=np.full((2, 3, 4), value, np.float32))
        assert read_all(open_source(str(file))).mean() == value
    shared = open_source(str(file)).read(((0, 2), (0, 1), (0, 3), (0, 4)))
    assert shared.mean() == 1


@pytest.mark.parametrize(
    ("arrays", "name", "told"),
    [
        ({"a": IMAGES, "b": IMAGES}, "", "which of its arrays.* give images.npz:NAME with one of a, b$"),
        ({"a": IMAGES, "b": IMAGES}, ":c", "no array 'c' in it; .* one of a, b$"),
        ({}, "", r"which of its arrays.* one of \(there are none\)$"),
        ({"a": np.zeros((2, 2))}, "", r"shape \(2, 2\)"),
        ({"a": np.array([[[None]]])}, "", "object|bytes"),
    ],
    ids=["several", "unknown", "none", "axes", "objects"],
)
def test_what_cannot_be_chosen_is_refused(file: Path, arrays: dict[str, np.ndarray], name: str, told: str) -> None:
    with ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "no array")
        for member, values in arrays.items():
            with archive.open(f"{member}.npy", "w") as entry:
                np.save(entry, values)
    with pytest.raises(UsageError, match=rf"images.npz: .*{told}"):
        open_source(f"{file}{name}")


def test_an_array_shorter_than_it_says_is_refused(file: Path) -> None:
    buffer = io.BytesIO()
    np.save(buffer, IMAGES)
    with ZipFile(file, "w") as archive:
        archive.writestr("x.npy", buffer.getvalue()[:-1])
    with pytest.raises(UsageError, match=r"images.npz: 359 bytes of x, but shape \(5, 3, 4, 6\) of uint8 needs 360"):
        open_source(str(file))


@given(data=st.data())
def test_a_damaged_archive_is_read_or_refused_in_one_line(file: Path, data: st.DataObject) -> None:
    np.savez_compressed(file, x=IMAGES)
    content = bytearray(file.read_bytes())
    place = data.draw(st.integers(4, len(content) - 1))
    noise = data.draw(st.none() | st.binary(min_size=1, max_size=20))
    content[place:] = b"" if noise is None else noise + content[place + len(noise) :]
    file.write_bytes(content)
    found = sourced.read_or_refused(file)
    assert noise is not None or found is None
