"""What workers send and receive, against the plan's bytes and masks over every element."""

import pytest
from hypothesis import given, settings

from daskcnn.layers import Conv2d, Relu
from daskcnn.network import Network
from daskcnn.plan import Plan
from daskcnn.stage import Stage
from daskcnn.walkthrough.rows import Row, rows
from daskcnn.walkthrough.traffic import exchanged
from tests import laws
from tests.walkthrough.plans import letters, plans


def table(plan: Plan, stage: Stage) -> list[Row]:
    return rows(exchanged([stage], plan.by_name))


@given(plans())
@settings(max_examples=40, deadline=None)
def test_law_3(plan: Plan) -> None:
    """Bytes agree with the plan, layer by layer; what one worker sends another receives."""
    for stage in plan.stages:
        found = table(plan, stage)
        for what in ("bytes", "messages"):
            sent, received = (sum(row[f"{what}_{way}"] for row in found) for way in ("sent", "received"))
            assert sent == received
        assert sum(row["bytes_sent"] for row in found) == plan.bytes_sent(stage)
        assert {row["kind"] for row in found} <= set(stage.kind.split("+"))
    assert sum(row["bytes_sent"] for row in rows(exchanged(plan.stages, plan.by_name))) == plan.bytes_moved


@pytest.mark.parametrize("chunks", ["channel=3", "spatial=2x2", "filter=2", "batch=2,channel=2", "channel=2,height=2"])
def test_a_worker_receives_what_it_needs_and_has_not(chunks: str) -> None:
    plan = letters(chunks, images=5, workers=3)
    for stage in plan.stages:
        received = [0] * plan.workers
        for row in table(plan, stage):
            received[row["worker"]] += row["bytes_received"]
        producer = plan.by_name.get(stage.layer.inputs[0])
        if producer is None:
            assert received == [0] * plan.workers
            continue
        needs = laws.needed(stage.layout, stage.needs[0])
        for worker in range(plan.workers):
            wanted = laws.covered(producer.shape, needs, worker)
            near = laws.covered(producer.shape, producer.layout.blocks, worker)
            assert received[worker] == (wanted & ~near).sum() * producer.itemsize


def test_halo_and_all_gather_at_once_are_told_apart() -> None:
    network = Network.chain("two", (4, 8, 8), [("a", Relu()), ("b", Conv2d(2, (3, 3), padding=(1, 1, 1, 1)))])
    plan = Plan.of(network, "channel=2,height=2", images=1, workers=4)
    found = table(plan, plan.by_name["b"])
    assert plan.by_name["b"].kind == "halo+all-gather"
    # A row of the worker's own two channels is halo; five rows of the two others are gathered.
    received = {(row["kind"], row["bytes_received"]) for row in found}
    assert received == {("halo", 2 * 8 * 4), ("all-gather", 2 * 5 * 8 * 4)}
    assert {(row["kind"], row["messages_received"]) for row in found} == {("halo", 1), ("all-gather", 2)}


def test_where_nothing_is_sent_there_is_no_row() -> None:
    plan = letters("batch=4")
    found = exchanged(plan.stages, plan.by_name)
    assert found.sizes["exchange"] == 0
    assert rows(found) == []
    assert found["bytes_sent"].attrs["units"] == "B"
