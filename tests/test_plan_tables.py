"""A plan's tables against the plan."""

import numpy as np
import pytest

from daskcnn import networks, plan_tables
from daskcnn.forward import forward
from daskcnn.plan import Plan
from daskcnn.sources import MnistTest
from tests import laws

CHUNKS = ["serial", "batch=3", "channel=3", "spatial=2x2", "filter=2", "batch=2,channel=2"]


def mnist(chunks: str) -> Plan:
    """The first report's network, cut."""
    return Plan.of(networks.mnist(), chunks, images=20, workers=2)


@pytest.mark.parametrize("chunks", CHUNKS)
def test_a_row_a_layer(chunks: str) -> None:
    plan = mnist(chunks)
    table = plan_tables.layers(plan)
    assert table["layer"].values.tolist() == [stage.layer.name for stage in plan.stages]
    assert table["bytes_moved"].sum() == plan.bytes_moved == laws.graph_of(plan).bytes_moved
    assert table["blocks"].values.tolist() == [len(stage.layout.blocks) for stage in plan.stages]
    assert table["exchange"].values.tolist() == [stage.kind for stage in plan.stages]
    assert {table[name].attrs["units"] for name in ("bytes_moved", "weight_bytes")} == {"B"}


@pytest.mark.parametrize("chunks", CHUNKS)
def test_parameters_are_those_that_the_tasks_hold(chunks: str) -> None:
    plan = mnist(chunks)
    held = [layer for layer in forward(plan, MnistTest(20)).setup if layer.label.endswith(".weights")]
    assert plan_tables.layers(plan)["weight_bytes"].sum() == sum(sum(layer.nbytes) for layer in held)


@pytest.mark.parametrize("chunks", CHUNKS)
def test_a_row_a_block(chunks: str) -> None:
    plan = mnist(chunks)
    layers, table = plan_tables.layers(plan), plan_tables.blocks(plan)
    assert table.sizes["block"] == layers["blocks"].sum()
    for stage in plan.stages:
        own = table.isel(block=table["layer"].values == stage.layer.name)
        assert own["operations"].sum() == layers["operations"].sel(layer=stage.layer.name)
        assert own["nbytes"].sum() == np.prod(stage.shape) * stage.itemsize
        assert own["owner"].values.tolist() == [owner for _, owner in stage.layout.blocks]
        assert own["region"].values.tolist() == [plan_tables.region_text(box) for box, _ in stage.layout.blocks]


@pytest.mark.parametrize("chunks", CHUNKS)
def test_bytes_inside_nodes_and_between_them_are_all_that_move(chunks: str) -> None:
    near, far = plan_tables.layers(mnist(chunks)), plan_tables.layers(mnist(chunks).on([1, 1]))
    assert (near["bytes_inside_nodes"] == near["bytes_moved"]).all() and not near["bytes_between_nodes"].any()
    assert (far["bytes_between_nodes"] == far["bytes_moved"]).all() and not far["bytes_inside_nodes"].any()


def test_a_row_by_hand() -> None:
    table = plan_tables.layers(mnist("spatial=2"))
    row = table.sel(layer="conv2")
    assert {name: row[name].item() for name in table} == {
        "op": "conv2d",
        "partition": "height=2",
        "blocks": 2,
        "shape": "20×32×7×7",
        "exchange": "halo",
        "bytes_moved": 20 * 16 * 14 * 4,
        "bytes_inside_nodes": 20 * 16 * 14 * 4,
        "bytes_between_nodes": 0,
        "operations": 20 * 32 * 7 * 7 * 2 * 16 * 9,
        "weight_bytes": 2 * (32 * 16 * 9 + 32) * 4,
    }
    block = plan_tables.blocks(mnist("spatial=2")).isel(block=1)
    assert (block["layer"].item(), block["region"].item(), block["owner"].item()) == (
        "conv1",
        "0:20, 0:16, 7:14, 0:14",
        1,
    )
