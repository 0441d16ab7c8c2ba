"""Data kept beside a file: read from its folder, refused from anywhere else."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from onnx import ModelProto, TensorProto
from onnx.external_data_helper import set_external_data

from daskcnn.errors import UsageError
from daskcnn.onnx import load_onnx
from tests.onnx.models import build, expected, images

GRAPH = "(float[n, 2, 6, 6] x) => (float[n, 4, 4, 4] y) { y = Conv(x, w, b) }"
WEIGHTS = {"w": (4, 2, 3, 3), "b": (4,)}
BYTES = 4 * 2 * 3 * 3 * 4


def kept_beside(folder: Path, location: str, *, offset: int | None = None, length: int | None = None) -> Path:
    """A model whose weight is in a file of its own, said to be at that location; the file is in `folder`, w.bin."""
    model = build(GRAPH, WEIGHTS)
    weight = model.graph.initializer[0]
    folder.mkdir(exist_ok=True)
    (folder / "w.bin").write_bytes(b"\0" * (offset or 0) + weight.raw_data)
    set_external_data(weight, location, offset, length)
    weight.ClearField("raw_data")
    path = folder / "net.onnx"
    path.write_bytes(model.SerializeToString())
    return path


def check(path: Path) -> None:
    """The model gives what it gives with its weight in itself."""
    x = images(2, 2, 6, 6)
    [right] = expected(build(GRAPH, WEIGHTS), {"x": x})
    assert_allclose(np.asarray(load_onnx(path)(x, "height=2", workers=2)), right, rtol=0, atol=1e-5)


@pytest.mark.parametrize(("offset", "length"), [(None, None), (4096, BYTES), (8, None)])
def test_data_in_the_folder_is_read(tmp_path: Path, offset: int | None, length: int | None) -> None:
    check(kept_beside(tmp_path, "w.bin", offset=offset, length=length))


def test_data_below_the_folder_is_read(tmp_path: Path) -> None:
    path = kept_beside(tmp_path, "data/w.bin")
    (tmp_path / "data").mkdir()
    (tmp_path / "w.bin").rename(tmp_path / "data" / "w.bin")
    check(path)


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    path = kept_beside(tmp_path, "link.bin")
    (tmp_path / "link.bin").symlink_to(tmp_path / "w.bin")
    check(path)


@pytest.mark.parametrize(
    "location",
    ["../outside/w.bin", "/etc/hostname", "sub/../../outside/w.bin", "C:\\w.bin", "\\w.bin", "..\\w.bin", ""],
)
def test_data_elsewhere_is_refused(tmp_path: Path, location: str) -> None:
    kept_beside(tmp_path / "outside", "w.bin")
    refused(kept_beside(tmp_path / "own", location), f"tensor 'w' is kept in {location!r}, outside the file's folder")


def test_a_path_from_the_root_is_refused_though_it_leads_to_the_folder(tmp_path: Path) -> None:
    refused(kept_beside(tmp_path, str(tmp_path / "w.bin")), "outside the file's folder")


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    kept_beside(tmp_path / "outside", "w.bin")
    path = kept_beside(tmp_path / "own", "link.bin")
    (path.parent / "link.bin").symlink_to(tmp_path / "outside" / "w.bin")
    refused(path, "outside the file's folder")
    (path.parent / "link.bin").unlink()
    (path.parent / "folder").symlink_to(tmp_path / "outside")
    refused(kept_beside(tmp_path / "own", "folder/w.bin"), "outside the file's folder")


def test_data_that_is_missing_short_or_no_file_is_refused(tmp_path: Path) -> None:
    refused(kept_beside(tmp_path, "other.bin"), "kept in 'other.bin', which is not there")
    refused(kept_beside(tmp_path, "w.bin", offset=4, length=BYTES - 4), f"is {BYTES} bytes, not {BYTES - 4} at 4")
    path = kept_beside(tmp_path, "w.bin")
    os.truncate(tmp_path / "w.bin", BYTES - 1)
    refused(path, f"is {BYTES} bytes, not {BYTES} at 0 of the {BYTES - 1} in w.bin")
    (tmp_path / "w.bin").unlink()
    os.mkfifo(tmp_path / "w.bin")
    refused(path, "which is not there")


@pytest.mark.parametrize("offset", ["-8", "many"])
def test_an_offset_that_makes_no_sense_is_refused(tmp_path: Path, offset: str) -> None:
    path = kept_beside(tmp_path, "w.bin")
    model = ModelProto.FromString(path.read_bytes())
    model.graph.initializer[0].external_data.add(key="offset", value=offset)
    path.write_bytes(model.SerializeToString())
    refused(path, "tensor 'w' is")


def test_bytes_have_nothing_beside_them(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"tensor 'w' is kept in 'w.bin', beside the file; pass the file's path"):
        load_onnx(kept_beside(tmp_path, "w.bin").read_bytes())


def test_a_constant_of_a_node_is_held_to_the_same(tmp_path: Path) -> None:
    model = build("(float[n, 4] x) => (float[n, 4] y) { c = Constant<value = float[4] {1, 2, 3, 4}>() y = Add(x, c) }")
    tensor: TensorProto = model.graph.node[0].attribute[0].t
    tensor.raw_data = np.arange(4, dtype=np.float32).tobytes()
    tensor.ClearField("float_data")
    set_external_data(tensor, "../c.bin")
    path = tmp_path / "net.onnx"
    path.write_bytes(model.SerializeToString())
    refused(path, "outside the file's folder")
    tensor.external_data[0].value = "c.bin"
    path.write_bytes(model.SerializeToString())
    (tmp_path / "c.bin").write_bytes(tensor.raw_data)
    x = images(3, 4)
    assert_allclose(np.asarray(load_onnx(path)(x)), x + np.arange(4), rtol=0, atol=1e-6)


def refused(path: Path, told: str) -> None:
    """Loading fails with one line that says so."""
    with pytest.raises(UsageError) as error:
        load_onnx(path)
    assert told in str(error.value)
    assert "\n" not in str(error.value)
