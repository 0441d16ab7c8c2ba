"""The walk as people read it, as a document and as a page."""

import json
import re
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from daskcnn import calibration, explain, networks
from daskcnn.calibration.quantities import summary
from daskcnn.plan import Plan
from daskcnn.provenance import provenance
from daskcnn.store import Store
from tests.commands import ROOT, Command
from tests.test_markup import Seen

LETTERS = ("letters", "--chunks", "channel=4", "--workers", "4", "--images", "1")


def cells(out: str, first: str) -> list[list[str]]:
    """The words of the lines that begin so."""
    return [line.split() for line in out.splitlines() if line.split()[:1] == [first]]


def test_layer_by_layer(command: Command, store: Store) -> None:
    done = command("explain", *LETTERS)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("letters, channel=4: workers 0 to 3, image 0\n")
    assert "3,115,008" not in done.out and "194,688 multiply-adds = 389,376 FLOP" in done.out
    titles = [line for line in done.out.splitlines() if ": conv2d, " in line]
    assert titles == [f"conv{number}: conv2d, channel=4" for number in (1, 2, 3)]
    # Worker 1 has channels 8 to 15 of the first convolution, a quarter of its multiply-adds.
    assert cells(done.out, "1")[0][:6] == ["1", "0", "8–15", "0–25", "0–25", "5,408–10,815"]
    assert cells(done.out, "1")[0][6:9] == ["48,672", "97,344", "21,632"]
    assert "1 GB/s" in done.out and "50 GFLOP/s" in done.out and "1 ms" in done.out
    assert not store.path.exists()


PAGE = ROOT / "docs" / "walkthrough.md"
SECTIONS = re.findall(r"```bash\ndaskcnn (.*?)\n```(.*?)(?=```|\Z)", PAGE.read_text(), re.DOTALL)


@pytest.mark.parametrize(("line", "text"), SECTIONS, ids=[line for line, _ in SECTIONS])
def test_the_reports_figures_are_what_is_printed(command: Command, line: str, text: str) -> None:
    done = command(*line.split())
    rows = [row.split("|")[3] for row in text.splitlines() if row.startswith("| ")][2:]
    figures = re.findall(r"`([^`]+)`", " ".join(rows))
    assert figures or not rows
    # A figure by itself is a cell of a table.
    assert [own for own in figures if own not in done.out] == []
    alone = [own for own in figures if re.fullmatch(r"[\d,–]+", own)]
    assert set(alone) <= set(done.out.split())


def test_a_thread_has_what_the_page_says(command: Command) -> None:
    line = next(line for line, _ in SECTIONS if "channel=8" in line)
    out = command(*line.split()).out
    assert "389,376" in out.split() and "1,024" in out.split()
    assert "channel=4" in cells(command("explain", "vgg16", "--workers", "4", "--images", "16").out, "dense1")[0][-1]


def test_one_layer(command: Command) -> None:
    out = command("explain", *LETTERS, "--layer", "dense3", "--layer", "gelu1").out
    assert [line for line in out.splitlines() if ": gelu, " in line or ": dense, " in line] == [
        "gelu1: gelu, channel=4",
        "dense3: dense, channel=4",
    ]
    assert "conv2d" not in out


def test_as_json(command: Command) -> None:
    found = json.loads(
        command("explain", "mnist", "--chunks", "spatial=2x2", "--workers", "3", "--images", "7", "--json").out
    )
    plan = Plan.of(networks.mnist().classifier(), "spatial=2x2", images=7, workers=3)
    tree = explain(plan)
    assert found["plan"]["bytes_moved"] == plan.bytes_moved == sum(row["bytes_sent"] for row in found["exchanged"])
    assert [row["layer"] for row in found["layers"]] == [stage.layer.name for stage in plan.stages]
    assert len(found["workers"]) == 3 * len(plan.stages)
    for name in ("operations", "lines_read", "bytes_written", "parameter_bytes"):
        assert sum(row[name] for row in found["workers"]) == tree[f"workers/{name}"].sum()
    assert [row["box"]["height"] for row in found["made"] if row["layer"] == "conv2"] == [
        [0, 4],
        [0, 4],
        [4, 7],
        [4, 7],
    ]
    assert {row["partition"] for row in found["cuts"]} >= {"serial", "batch=3", "height=2,width=2"}


def test_a_page(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "walk.html"
    done = command("explain", *LETTERS, "--html", str(file))
    assert (done.code, done.out, done.err) == (0, "", f"wrote {file}\n")
    assert "194,688 multiply-adds = 389,376 FLOP" in Seen(file.read_text(encoding="utf-8")).text
    both = command("explain", *LETTERS, "--html", str(file), "--json")
    assert json.loads(both.out)["plan"]["chunks"] == "channel=4"


@pytest.mark.parametrize("chunks", ["pipeline=3", "batch,channel=2", "filter=3", "spatial=2x2"])
@pytest.mark.parametrize("network", ["cifar", "resnet18", "vgg16"])
def test_every_network_and_cut(command: Command, network: str, chunks: str) -> None:
    done = command("explain", network, "--chunks", chunks, "--workers", "4", "--images", "4", "--fan-in", "2")
    assert (done.code, done.err) == (0, "")
    assert len(done.out.splitlines()) < 1200


def test_a_long_network_is_a_line_a_layer(command: Command) -> None:
    out = command("explain", "resnet50", "--chunks", "channel", "--workers", "4", "--images", "4").out
    assert len(out.splitlines()) < 200
    assert "--layer NAME, or --html FILE" in out
    assert cells(out, "predict")[0][:3] == ["predict", "batch=4", "relayout"]


def test_ten_thousand_blocks_are_few_lines(command: Command) -> None:
    out = command("explain", "mnist", "--workers", "2", "--batch", "1", "--layer", "conv1").out
    assert len(out.splitlines()) < 60
    assert cells(out, "1")[0][:3] == ["1", "5,000", "5,000–9,999"]


def test_an_onnx_file(command: Command, tmp_path: Path) -> None:
    tensors = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in (("x", (None, 2, 6, 6)), ("y", (None, 3, 4, 4)))
    ]
    weight = helper.make_tensor("w", TensorProto.FLOAT, (3, 2, 3, 3), np.zeros(54, np.float32))
    graph = helper.make_graph([helper.make_node("Conv", ["x", "w"], ["y"])], "g", tensors[:1], tensors[1:], [weight])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), tmp_path / "own.onnx")
    done = command("explain", str(tmp_path / "own.onnx"), "--input", "random:5x2x6x6", "--chunks", "height=2")
    assert (done.code, done.err) == (0, "")
    assert f"{5 * 3 * 16 * 18:,} multiply-adds" in done.out


def test_the_machines_own_rates(command: Command, store: Store) -> None:
    done = command("explain", *LETTERS, "--calibrated")
    assert done.code == 2 and "run daskcnn calibrate first" in done.err and done.err.count("\n") == 1
    rates = {"product_onnxruntime": 3e9, "copy": 6e9, "transfer_rate": 4e9, "transfer_latency": 5e-3}
    samples = {name: np.array([value]) for name, value in rates.items()}
    calibration.keep(summary(samples).assign_attrs(provenance()), store)
    out = command("explain", *LETTERS, "--calibrated", "--layer", "conv1", "--bandwidth", "7e9").out
    assert all(rate in out for rate in ("3 GFLOP/s", "6 GB/s", "7 GB/s", "5 ms"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--layer", "conv9"), "no layer 'conv9'"),
        (("--rate", "nan"), "rate=nan"),
        (("--memory", "-1"), "memory=-1.0 is no rate"),
        (("--latency", "0"), "latency=0.0 is no rate; use a number above 0"),
        (("--bandwidth", "much"), "is not a valid float"),
        (("--chunks", "height=99"), "use 3 or less"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(command: Command, arguments: tuple[str, ...], said: str) -> None:
    done = command("explain", "letters", "--images", "4", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err and done.err.count("\n") == 1


def test_a_page_that_cannot_be_written(command: Command, tmp_path: Path) -> None:
    for file in (str(tmp_path / "nowhere" / "walk.html"), str(tmp_path), "."):
        done = command("explain", *LETTERS, "--layer", "conv1", "--html", file)
        assert (done.code, done.out) == (1, "")
        assert "choose another file" in done.err and done.err.count("\n") == 1
