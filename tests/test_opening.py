"""What a run is asked to compute is opened, or refused in a line before anything starts."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import parser

from daskcnn.errors import UsageError
from daskcnn.networks import INPUTS, NETWORKS
from daskcnn.opening import opened


def saved(folder: Path, graph: str) -> str:
    """An ONNX file."""
    model = parser.parse_model(f'<ir_version: 10, opset_import: ["": 21]> {graph}')
    onnx.save(model, folder / "model.onnx")
    return str(folder / "model.onnx")


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_has_images_of_its_own(name: str) -> None:
    net, sources = opened(name, images=2)
    assert name in INPUTS
    assert {own: source.shape for own, source in sources.items()} == {"images": (2, *net.image_shape)}


def test_sizes_of_a_file_come_from_the_images(tmp_path: Path) -> None:
    path = saved(tmp_path, "open (float[n, 3, h, w] x) => (float[n, 3, h, w] y) { y = Relu(x) }")
    net, sources = opened(Path(path), "random:5x3x12x10")
    assert list(net.inputs.values()) == [(3, 12, 10)]
    assert [source.shape for source in sources.values()] == [(5, 3, 12, 10)]


def test_several_inputs_go_by_name(tmp_path: Path) -> None:
    path = saved(tmp_path, "two (float[n, 1, 4, 4] a, float[n, 1, 4, 4] b) => (float[n, 1, 4, 4] y) { y = Add(a, b) }")
    np.save(tmp_path / "b.npy", np.ones((3, 1, 4, 4), np.float32))
    _, sources = opened(path, {"b": str(tmp_path / "b.npy"), "a": "random:3x1x4x4"})
    whole = ((0, 3), (0, 1), (0, 4), (0, 4))
    assert [bool((source.read(whole) == 1).all()) for source in sources.values()] == [False, True]
    with pytest.raises(UsageError, match=r"reads a, b; give each as NAME=DATA"):
        opened(path, "random:3x1x4x4")


def test_a_file_has_no_images_of_its_own(tmp_path: Path) -> None:
    path = saved(tmp_path, "open (float[n, 3, h, w] x) => (float[n, 3, h, w] y) { y = Relu(x) }")
    with pytest.raises(UsageError, match="no images of its own; give some, as in --input"):
        opened(path)


@pytest.mark.parametrize(
    ("network", "inputs", "told"),
    [
        ("resnet", None, "no network is named 'resnet'"),
        ("missing.onnx", "random:1x1x1x1", "missing.onnx"),
        ("cifar", "random:5x3x31x32", r"\(3, 32, 32\)"),
        ("mnist", "nowhere.npy", "nowhere.npy"),
    ],
)
def test_what_cannot_be_opened_is_refused_in_a_line(network: str, inputs: str | None, told: str) -> None:
    with pytest.raises(UsageError, match=told) as raised:
        opened(network, inputs)
    assert "\n" not in str(raised.value)
