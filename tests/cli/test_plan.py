"""The plan as people read it, and as a document that agrees with the plan."""

import json

import pytest

from daskcnn import networks
from daskcnn.plan import Plan
from daskcnn.store import Store
from tests.commands import Command


def lines(out: str) -> dict[str, list[str]]:
    """The words of each layer's line."""
    return {line.split()[0]: line.split() for line in out.splitlines() if line and not line.startswith(" ")}


def test_layer_by_layer(command: Command, store: Store) -> None:
    done = command("plan", "--chunks", "channel=3", "--workers", "2")
    plan = Plan.of(networks.mnist().classifier(), "channel=3", images=10_000, workers=2)
    found = lines(done.out)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("mnist, channel=3 on 2 workers, 10,000 images\n")
    for stage in plan.stages:
        assert found[stage.layer.name][2:4] == [stage.kind, f"{plan.bytes_sent(stage):,}"]
    # 16 channels over 3: 6, 5 and 5; multiply-adds of a 3x3 kernel count as two operations.
    assert found["conv1"][4:] == ["1", "of", "10000×6×14×14", "211.68", "M", "0"]
    assert "2 of 10000×5×14×14  176.40 M  0, 1" in done.out
    assert f"{plan.bytes_moved:,} B move" in done.out
    assert not store.path.exists()


def test_as_json(command: Command) -> None:
    found = json.loads(command("plan", "--chunks", "spatial=2x2", "--workers", "2", "--images", "7", "--json").out)
    plan = Plan.of(networks.mnist().classifier(), "spatial=2x2", images=7, workers=2)
    assert (found["chunks"], found["images"], found["workers"]) == ("spatial=2x2", 7, 2)
    assert found["bytes_moved"] == plan.bytes_moved == sum(layer["bytes_moved"] for layer in found["layers"])
    assert len(found["blocks"]) == sum(len(stage.layout.blocks) for stage in plan.stages)
    assert {"layer", "shape", "operations", "nbytes", "owner"} <= found["blocks"][0].keys()


def test_nodes_say_what_passes_between_them(command: Command) -> None:
    words = ["plan", "--chunks", "spatial=2x2", "--images", "7"]
    done = command(*words, "--nodes", "2x2")
    plan = Plan.of(networks.mnist().classifier(), "spatial=2x2", images=7, workers=4, nodes=2)
    away, found = plan.bytes_between_nodes, lines(done.out)
    told = f"Of these {away:,} B move between nodes and {plan.bytes_moved - away:,} B inside"
    assert f"{told} (node 0: workers 0, 1; node 1: workers 2, 3)." in done.out
    for stage in plan.stages:
        assert found[stage.layer.name][3:5] == [f"{plan.bytes_sent(stage):,}", f"{plan.sent_between_nodes(stage):,}"]
    document = json.loads(command(*words, "--workers", "4", "--nodes", "2", "--json").out)
    assert document["nodes"] == [0, 0, 1, 1]
    for name, total in (("bytes_between_nodes", away), ("bytes_inside_nodes", plan.bytes_moved - away)):
        assert document[name] == total == sum(layer[name] for layer in document["layers"])
    assert "odes" not in command(*words, "--workers", "4").out
    assert "(node 0: workers 0, 1; node 1: workers 2)." in command(*words, "--nodes", "2x2", "--workers", "3").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--nodes", "2x2", "--workers", "5"], "room for 2 + 2 workers: the plan has 5"),
        (["--nodes", "3", "--workers", "2"], "3 nodes for 2 workers: use 1 to 2"),
        (["--nodes", "0"], "--nodes '0': give how many, as in 2"),
        (["--nodes", "two"], "--nodes 'two'"),
    ],
)
def test_nodes_that_cannot_be(command: Command, words: list[str], told: str) -> None:
    done = command("plan", *words)
    assert (done.code, done.out) == (2, "") and told in done.err and done.err.count("\n") == 1


def test_batch_cuts_finer(command: Command) -> None:
    found = lines(command("plan", "--chunks", "batch", "--workers", "2", "--batch", "1000").out)
    assert found["predict"][4:7] == ["10", "of", "1000"]


def test_a_plan_may_be_for_a_machine_that_is_not_here(command: Command) -> None:
    done = command("plan", "--chunks", "batch", "--workers", "100")
    assert done.code == 0 and "0 to 99" in done.out
