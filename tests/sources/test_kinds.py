"""What a text names."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
import zarr
from PIL import Image

from daskcnn.errors import UsageError
from daskcnn.sources import MnistTest, open_source, read_all
from daskcnn.sources.cifar import CifarBinary, CifarRows
from daskcnn.sources.idx import Idx
from daskcnn.sources.joined import Joined
from daskcnn.sources.npy import Npy
from daskcnn.sources.npz import Npz
from daskcnn.sources.pictures import Pictures
from daskcnn.sources.stored import StoredImages
from daskcnn.sources.zarr_array import ZarrArray

PIXELS = np.zeros((2, 3, 4), np.uint8)
IDX = bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, *bytes(24)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of each kind, most of them under names that tell nothing."""
    folder = tmp_path_factory.mktemp("kinds")
    with (folder / "npy").open("wb") as file:
        np.save(file, PIXELS)
    with (folder / "npz").open("wb") as file:
        np.savez(file, a=PIXELS)
    (folder / "idx").write_bytes(IDX)
    (folder / "gz").write_bytes(gzip.compress(IDX))
    Image.new("RGB", (4, 3)).save(folder / "png", "PNG")
    Image.new("RGB", (4, 3)).save(folder / "jpeg", "JPEG")
    zarr.create_array(folder / "zarr", data=PIXELS)
    for name in ("cifar", "rows", "pictures"):
        (folder / name).mkdir()
    (folder / "cifar/data_batch_1.bin").write_bytes(bytes(3073))
    Image.new("RGB", (1024, 2)).save(folder / "rows/test_batch.png")
    Image.new("L", (4, 3)).save(folder / "pictures/a.png")
    return folder


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("npy", Npy),
        ("npz", Npz),
        ("npz:a", Npz),
        ("idx", Idx),
        ("gz", Idx),
        ("png", Pictures),
        ("jpeg", Pictures),
        ("pictures", Pictures),
        ("pictures/a.png", Pictures),
        ("zarr", ZarrArray),
        ("cifar", Joined),
        ("cifar/data_batch_1.bin", CifarBinary),
        ("rows", Joined),
        ("rows/test_batch.png", CifarRows),
    ],
)
def test_kinds(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: type) -> None:
    found = open_source(str(folder / name))
    assert isinstance(found, StoredImages)
    assert type(found.stored) is kind
    monkeypatch.chdir(folder)
    assert open_source(name) == found
    monkeypatch.chdir("/")
    assert read_all(found).shape == found.shape


def test_mnist() -> None:
    assert open_source("mnist") == MnistTest()
    np.testing.assert_allclose(read_all(open_source("mnist", scaled=False)), 255 * read_all(MnistTest()), rtol=1e-6)


@pytest.mark.parametrize("text", ["mnist", "random:2x1x28x28"])
def test_what_no_file_holds_fits_or_is_refused(text: str) -> None:
    assert open_source(text, (1, None, 28)).shape[1:] == (1, 28, 28)
    with pytest.raises(UsageError, match=rf"{text}: images of shape \(1, 28, 28\), but the network takes \(3, 32"):
        open_source(text, (3, 32, 32))


def test_a_file_that_does_not_fit_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"png: images of shape \(3, 3, 4\).* but the network takes \(1, 28, 28\)"):
        open_source(str(folder / "png"), (1, 28, 28))


@pytest.mark.parametrize("text", ["minst", "", "no/file.npy", "no.npz:a", "random", "http://example.org/a.npy"])
def test_a_missing_file_is_refused_with_what_is_known(text: str) -> None:
    with pytest.raises(UsageError, match=rf"^'{text}': no such file, and no other input; known are mnist, "):
        open_source(text)


def test_a_name_that_no_file_can_have_is_refused_in_one_line() -> None:
    for text in ("a" * 300, "a\0b", "a\nb"):
        with pytest.raises(UsageError) as error:
            open_source(text)
        assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", [b"", b"\0", b"PK", b"%PDF-1.7", b"<html>"])
def test_an_unknown_file_is_refused_with_what_is_known(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(UsageError, match=rf"a: begins with 0x{content[:8].hex()}, .* known are mnist, "):
        open_source(str(tmp_path / "a"))
