"""CIFAR-10 batches, made as their makers describe them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from daskcnn.errors import UsageError
from daskcnn.sources import open_source
from tests import sourced

PIXELS = np.random.default_rng(0).integers(0, 256, (6, 3, 32, 32), np.uint8)
CLASSES = [3, 0, 9, 1, 1, 8]


def write_binary(path: Path, pixels: np.ndarray, classes: list[int]) -> None:
    path.write_bytes(b"".join(bytes([own]) + image.tobytes() for own, image in zip(classes, pixels, strict=True)))


def write_rows(path: Path, pixels: np.ndarray) -> None:
    image = Image.new("RGB", (1024, len(pixels)))
    image.putdata([tuple(colour) for own in pixels for colour in own.reshape(3, -1).T.tolist()])
    image.save(path)


@pytest.fixture(scope="module")
def binary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("binary")
    write_binary(folder / "data_batch_1.bin", PIXELS[:2], CLASSES[:2])
    write_binary(folder / "data_batch_2.bin", PIXELS[2:4], CLASSES[2:4])
    write_binary(folder / "test_batch.bin", PIXELS[4:], CLASSES[4:])
    (folder / "batches.meta.txt").write_text("airplane\n")
    return folder


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rows")
    write_rows(folder / "data_batch_1.png", PIXELS[:2])
    write_rows(folder / "data_batch_2.png", PIXELS[2:4])
    write_rows(folder / "test_batch.png", PIXELS[4:])
    (folder / "train_lables.json").write_text(json.dumps(CLASSES[:4]))
    (folder / "test_labels.json").write_text(json.dumps(CLASSES[4:]))
    return folder


PARTS = {"": slice(0, 4), "data_batch_1": slice(0, 2), "data_batch_2": slice(2, 4), "test_batch": slice(4, 6)}


@given(data=st.data(), name=st.sampled_from(sorted(PARTS)))
def test_binary_batches(binary: Path, data: st.DataObject, name: str) -> None:
    source = sourced.elsewhere(open_source(str(binary / f"{name}.bin" if name else binary)))
    sourced.reads(source, sourced.scaled(PIXELS[PARTS[name]]), data)
    np.testing.assert_array_equal(source.labels(), np.array(CLASSES[PARTS[name]]), strict=True)


@given(data=st.data(), name=st.sampled_from(sorted(PARTS)))
def test_rows_of_png_batches(rows: Path, data: st.DataObject, name: str) -> None:
    source = sourced.elsewhere(open_source(str(rows / f"{name}.png" if name else rows)))
    sourced.reads(source, sourced.scaled(PIXELS[PARTS[name]]), data)
    np.testing.assert_array_equal(source.labels(), np.array(CLASSES[PARTS[name]]), strict=True)


def test_a_folder_without_training_batches_is_its_test_batch(tmp_path: Path) -> None:
    write_binary(tmp_path / "test_batch.bin", PIXELS, CLASSES)
    assert open_source(str(tmp_path)).shape == (6, 3, 32, 32)


def test_rows_without_a_list_have_no_labels(tmp_path: Path) -> None:
    write_rows(tmp_path / "test_batch.png", PIXELS)
    assert open_source(str(tmp_path)).labels() is None


@pytest.mark.parametrize("size", [0, 1, 3072, 3074, 2 * 3073 - 1])
def test_no_whole_number_of_images_is_refused(tmp_path: Path, size: int) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(size))
    with pytest.raises(UsageError, match=rf"a.bin: {size} bytes, but CIFAR-10 has 3073 for each image"):
        open_source(str(tmp_path / "a.bin"))


def test_an_unknown_class_is_refused(tmp_path: Path) -> None:
    write_binary(tmp_path / "a.bin", PIXELS[:1], [10])
    with pytest.raises(UsageError, match=r"a.bin: class 10, but CIFAR-10 has 0 to 9"):
        open_source(str(tmp_path / "a.bin")).labels()


@pytest.mark.parametrize(
    ("listed", "told"),
    [("[1]", "1 classes for the 6 images"), ("{", "cannot be read as a list"), ('["a"]', "cannot be read as a list")],
)
def test_a_list_that_does_not_fit_is_refused(tmp_path: Path, listed: str, told: str) -> None:
    write_rows(tmp_path / "test_batch.png", PIXELS)
    (tmp_path / "test_lables.json").write_text(listed)
    with pytest.raises(UsageError, match=rf"test_lables.json: {told}"):
        open_source(str(tmp_path)).labels()


def test_a_picture_named_like_a_batch_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (640, 480)).save(tmp_path / "test_batch.png")
    with pytest.raises(UsageError, match=r"test_batch.png: rows of 640 RGB pixels, but .* 1024 RGB pixels each"):
        open_source(str(tmp_path / "test_batch.png"))
