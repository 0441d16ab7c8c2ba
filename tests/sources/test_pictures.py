"""PNG and JPEG files that Pillow writes."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from daskcnn.errors import RunError, UsageError
from daskcnn.sources import open_source, read_all
from tests import sourced

COLOURS = np.random.default_rng(0).integers(0, 256, (4, 7, 9, 3), np.uint8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four images in another order than they were written in, with things that are none."""
    folder = tmp_path_factory.mktemp("folder")
    for number in (2, 0, 3, 1):
        Image.fromarray(COLOURS[number]).save(folder / f"image{number}.{'PNG' if number % 2 else 'png'}")
    (folder / "labels.txt").write_text("cat")
    (folder / ".hidden.png").write_text("none")
    (folder / "more").mkdir()
    return folder


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A path that each example overwrites."""
    return tmp_path_factory.mktemp("file") / "image"


@given(data=st.data())
def test_a_folder_is_read_in_order_of_names(folder: Path, data: st.DataObject) -> None:
    source = sourced.elsewhere(open_source(str(folder)))
    sourced.reads(source, sourced.scaled(COLOURS.transpose(0, 3, 1, 2)), data)
    assert source.labels() is None


@given(data=st.data(), channels=st.sampled_from([1, 3, 4]))
def test_one_file(file: Path, data: st.DataObject, channels: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (3, 5, channels), np.uint8)
    Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels).save(file, "PNG")
    sourced.reads(open_source(str(file)), sourced.scaled(pixels.transpose(2, 0, 1)[None]), data)


def test_a_palette_is_colours_and_two_tones_are_grey(tmp_path: Path) -> None:
    colours = Image.new("RGB", (2, 1))
    colours.putpixel((1, 0), (255, 0, 51))
    colours.quantize(2).save(tmp_path / "palette.png")
    Image.fromarray(np.array([[True, False]])).save(tmp_path / "tones.png")
    assert read_all(open_source(str(tmp_path / "palette.png")))[0, :, 0, 1].tolist() == pytest.approx([1, 0, 0.2])
    assert read_all(open_source(str(tmp_path / "tones.png"))).tolist() == [[[[1, 0]]]]


def test_a_jpeg_is_what_its_decoder_says(file: Path) -> None:
    Image.fromarray(COLOURS[0]).resize((64, 48)).save(file, "JPEG")
    with Image.open(file) as image:
        expected = np.asarray(image)
    assert expected.std() > 1
    found = read_all(open_source(str(file)))
    np.testing.assert_array_equal(found, sourced.scaled(expected).transpose(2, 0, 1)[None], strict=True)


@pytest.mark.parametrize(
    ("second", "told"),
    [(Image.new("RGB", (9, 8)), "9×8 RGB"), (Image.new("L", (9, 7)), "9×7 L")],
    ids=["size", "mode"],
)
def test_a_folder_of_different_images_is_refused(tmp_path: Path, second: Image.Image, told: str) -> None:
    Image.fromarray(COLOURS[0]).save(tmp_path / "a.png")
    second.save(tmp_path / "b.png")
    with pytest.raises(UsageError, match=rf"b.png: {told}, but a.png is 9×7 RGB"):
        open_source(str(tmp_path))


def test_a_folder_without_images_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no .png, .jpg, .jpeg file in this folder"):
        open_source(str(tmp_path))


def test_pixels_of_another_kind_are_refused(file: Path) -> None:
    for mode, kind in [("I;16", "PNG"), ("LA", "PNG"), ("CMYK", "JPEG")]:
        Image.new(mode, (2, 2)).save(file, kind)
        with pytest.raises(UsageError, match=rf"image: pixels are {mode}, known are 1, L, P, RGB, RGBA"):
            open_source(str(file))


def test_a_header_that_asks_for_all_memory_is_refused(file: Path) -> None:
    chunks = [(b"IHDR", struct.pack(">II5B", 2**20, 2**20, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(b""))]
    packed = [
        struct.pack(">I", len(own)) + kind + own + struct.pack(">I", zlib.crc32(kind + own)) for kind, own in chunks
    ]
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(packed))
    with pytest.raises(UsageError, match=r"image: cannot be read as PNG or JPEG .*decompression bomb"):
        open_source(str(file))


@given(data=st.data(), kind=st.sampled_from(["PNG", "JPEG"]))
def test_a_truncated_file_fails_by_name_unless_all_pixels_are_there(file: Path, data: st.DataObject, kind: str) -> None:
    buffer = io.BytesIO()
    Image.fromarray(COLOURS[0]).save(buffer, kind)
    content = buffer.getvalue()
    file.write_bytes(content)
    whole = read_all(open_source(str(file)))
    file.write_bytes(content[: data.draw(st.integers(8, len(content) - 1))])
    found = sourced.read_or_refused(file)
    assert found is None or np.array_equal(found, whole)


def test_images_that_come_go_or_change_are_a_failed_run(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        Image.fromarray(COLOURS[0]).save(tmp_path / name)
    source = open_source(str(tmp_path))
    Image.new("RGB", (7, 9)).save(tmp_path / "b.png")
    with pytest.raises(RunError, match=r"b.png: its size is no longer 9×7"):
        read_all(source)
    Image.fromarray(COLOURS[0]).save(tmp_path / "c.png")
    with pytest.raises(RunError, match=r"3 images, no longer 2"):
        read_all(source)
