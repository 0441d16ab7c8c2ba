"""Workers on nodes that Slurm names: in which order they are, and what passes between nodes."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import daskcnn
from daskcnn import networks
from daskcnn.cluster import SLURM_NODE, connect, owners, present
from daskcnn.nodes import numbers
from daskcnn.plan import Plan
from tests.foreign import PATIENCE, READY, foreign, start

NODES = ("n1", "n2", "n1", "n2", "n2")
"""Of the workers w-0 to w-4."""
IMAGES = 48


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("slurm")
    each = ["--host", "127.0.0.1", "--local-directory", folder, "--nthreads", "1", "--no-nanny", *READY]
    with foreign(folder, workers=0) as (found, _), ExitStack() as stack:
        for number, node in enumerate(NODES):
            start(stack, "worker", found, "--name", f"w-{number}", "--no-dashboard", *each, env={SLURM_NODE: node})
        with connect(found, len(NODES), timeout=PATIENCE):
            yield found


def test_owners_lie_node_by_node(address: str) -> None:
    with connect(address, len(NODES), timeout=PATIENCE) as client:
        name = {own: worker["name"] for own, worker in present(client).items()}
        assert [name[own] for own in owners(client)] == ["w-1", "w-3", "w-4", "w-0", "w-2"]
        assert [name[own] for own in owners(client, 4)] == ["w-1", "w-3", "w-4", "w-0"]
        last = [[0, 0, 0, 9], [0, 0, 1, 0], [0, 1, 0, 8], [9, 0, 8, 0]]
        assert [name[own] for own in owners(client, 4, last)] == ["w-1", "w-0", "w-3", "w-4"]


@pytest.mark.parametrize("chunks", ["spatial=2x2", "batch=2,height=2"])
def test_what_passes_between_nodes_is_what_was_planned(address: str, tmp_path: Path, chunks: str) -> None:
    done = daskcnn.run(
        "mnist",
        chunks=chunks,
        workers=4,
        cluster=address,
        images=IMAGES,
        repeat=1,
        engine="numpy",
        store=tmp_path,
        timeout=PATIENCE,
    )
    row, node = done.summary, done.tree["trace/workers"].dataset["node"].values.tolist()
    plan = Plan.of(networks.mnist().classifier(), chunks, images=IMAGES, workers=4, nodes=(3, 2))
    assert set(node) == {"n1", "n2"} and numbers(node) == numbers(plan.nodes)
    assert row["bytes_between_nodes"] == row["bytes_between_nodes_planned"] == plan.bytes_between_nodes
    assert row["bytes_moved"] == row["bytes_planned"] == plan.bytes_moved
    assert (plan.bytes_between_nodes > 0) == (chunks == "spatial=2x2")
