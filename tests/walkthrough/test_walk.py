"""The walk of the source reports' networks by hand, and its sums for any plan."""

from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings

from daskcnn import explain, plan_tables
from daskcnn.errors import UsageError
from daskcnn.plan import Plan
from daskcnn.walkthrough import Machine
from daskcnn.walkthrough.rows import rows
from tests.walkthrough.plans import digit, letters, plans


def of_worker(tree: xr.DataTree, name: str, layer: str) -> list[int]:
    return [int(value) for value in tree[f"workers/{name}"].sel(layer=layer)]


def of_layer(tree: xr.DataTree, name: str) -> dict[str, Any]:
    table = tree["layers"].to_dataset()
    return dict(zip(table["layer"].values.tolist(), table[name].values.tolist(), strict=True))


def layer_names(tree: xr.DataTree) -> list[str]:
    return [str(name) for name in tree["layers"].to_dataset()["layer"].values]


def ranges(tree: xr.DataTree, node: str, layer: str, axis: str) -> list[tuple[int, int]]:
    return [row["box"][axis] for row in rows(tree[node].to_dataset()) if row["layer"] == layer]


def test_a_digit_on_four_workers_channel_by_channel() -> None:
    tree = explain(digit())
    assert of_layer(tree, "shape") == {
        "conv": "1×32×26×26",
        "pool": "1×32×13×13",
        "gelu": "1×32×13×13",
        "flatten": "1×5408",
        "dense": "1×128",
    }
    assert ranges(tree, "made", "conv", "channel") == [(0, 8), (8, 16), (16, 24), (24, 32)]
    assert ranges(tree, "made", "dense", "channel") == [(0, 32), (32, 64), (64, 96), (96, 128)]
    assert ranges(tree, "read", "conv", "height") == [(0, 28)] * 4
    assert ranges(tree, "read", "dense", "channel") == [(0, 5408)] * 4
    # Multiply-adds: 26·26·32·9 of the convolution, and 5408·128 of the dense layer.
    assert of_layer(tree, "multiply_adds") == {"conv": 194_688, "pool": 0, "gelu": 0, "flatten": 0, "dense": 692_224}
    assert of_worker(tree, "multiply_adds", "conv") == [48_672] * 4
    assert of_worker(tree, "multiply_adds", "dense") == [173_056] * 4
    # Four comparisons an element of the pool, five operations an element of GELU by erf.
    assert of_layer(tree, "operations") == {
        "conv": 389_376,
        "pool": 21_632,
        "gelu": 27_040,
        "flatten": 0,
        "dense": 1_384_448,
    }
    assert of_worker(tree, "operations", "pool") == [5_408] * 4
    assert of_worker(tree, "operations", "gelu") == [6_760] * 4
    elements = [(row["first"], row["elements"]) for row in rows(tree["made"].to_dataset()) if row["layer"] == "gelu"]
    assert elements == [(0, 1352), (1352, 1352), (2704, 1352), (4056, 1352)]
    # Each worker lacks three quarters of the 5 408 inputs of the dense layer.
    assert tree["plan/bytes_moved"] == 4 * 5408 * 3 // 4 * 4
    assert of_worker(tree, "bytes_received", "dense") == [5408 * 3 // 4 * 4] * 4
    assert of_worker(tree, "parameter_bytes", "dense") == [(5408 * 32 + 32) * 4] * 4
    assert set(of_layer(tree, "together").values()) == {"concatenated along channel, 4 blocks"}
    # An image of 3 136 bytes is 49 lines; 8 channels of 26 by 26 are 338, one beside the other.
    assert of_worker(tree, "lines_read", "conv") == [49] * 4
    assert of_worker(tree, "lines_written", "conv") == of_worker(tree, "lines_written_fewest", "conv") == [338] * 4


def test_letters_in_a_batch_of_sixteen() -> None:
    tree = explain(letters("batch=4"))
    outputs, products = of_layer(tree, "outputs"), of_layer(tree, "multiply_adds")
    assert [outputs[name] for name in ("gelu1", "gelu2", "gelu3")] == [86_528, 25_600, 2_048]
    assert [products[name] for name in ("dense1", "dense2", "dense3")] == [1_048_576, 2_097_152, 106_496]
    assert [products[name] for name in ("conv1", "conv2", "conv3")] == [
        16 * 26 * 26 * 32 * 9,
        16 * 11 * 11 * 64 * 32 * 9,
        16 * 3 * 3 * 128 * 64 * 9,
    ]
    assert of_layer(tree, "shape")["pool3"] == "16×128×1×1"
    assert set(of_layer(tree, "bytes_moved").values()) == {0}
    assert ranges(tree, "made", "dense3", "batch") == [(0, 4), (4, 8), (8, 12), (12, 16)]


@given(plans())
@settings(max_examples=40, deadline=None)
def test_sums_over_workers_are_the_plans(plan: Plan) -> None:
    tree = explain(plan)
    layers, workers = plan_tables.layers(plan), tree["workers"].to_dataset()
    network = plan.network.operations(plan.images)
    assert workers["operations"].sum("worker").values.tolist() == layers["operations"].values.tolist()
    assert workers["operations"].sum("worker").values.tolist() == list(network.values())
    assert workers["parameter_bytes"].sum("worker").values.tolist() == layers["weight_bytes"].values.tolist()
    assert workers["bytes_sent"].sum() == workers["bytes_received"].sum() == plan.bytes_moved
    assert workers["bytes_received"].sum("worker").values.tolist() == layers["bytes_moved"].values.tolist()
    written = [np.prod(stage.shape, dtype=int) * stage.itemsize for stage in plan.stages]
    assert workers["bytes_written"].sum("worker").values.tolist() == written
    assert (workers["lines_read"] >= workers["lines_read_fewest"]).all()
    assert (workers["lines_written"] >= workers["lines_written_fewest"]).all()


@given(plans())
@settings(max_examples=10, deadline=None)
def test_everything_has_a_name_and_what_is_counted_a_unit(plan: Plan) -> None:
    for node in explain(plan, machine=Machine(rate=1e12)).subtree:
        for name, variable in node.dataset.variables.items():
            assert variable.attrs["long_name"], name
            if any(what in str(name) for what in ("bytes", "operations", "seconds", "rate", "latency", "bandwidth")):
                assert variable.attrs["units"] in ("B", "FLOP", "s", "FLOP/s", "B/s"), name


def test_some_layers_alone() -> None:
    plan = letters("filter=4", fan_in=2)
    whole, some = explain(plan), explain(plan, ["conv2", "logsoftmax"])
    assert layer_names(some) == ["conv2.partial", "conv2.sum1", "conv2", "logsoftmax"]
    chosen = whole["workers"].to_dataset().sel(layer=layer_names(some))
    assert some["workers"].to_dataset().equals(chosen)
    assert layer_names(explain(plan, "conv2.sum1")) == ["conv2.sum1"]


def test_an_unknown_layer_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match=r"'conv9'; known: conv, pool, gelu"):
        explain(digit(), ["conv", "conv9"])


def test_the_machine_is_said() -> None:
    plan = explain(digit(), machine=Machine(rate=2e9, bandwidth=3e6, latency=4e-5))["plan"].to_dataset()
    assert [plan[name].item() for name in ("rate", "bandwidth", "latency")] == [2e9, 3e6, 4e-5]
