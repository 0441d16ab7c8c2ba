"""Which workers share a node: against every other way, for plans and for any traffic."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn import networks, nodes
from daskcnn.errors import UsageError
from daskcnn.layers import Conv2d, Relu
from daskcnn.network import Network
from daskcnn.plan import Plan


def every(free: frozenset[int], sizes: Sequence[int], number: int = 0) -> Iterator[dict[int, int]]:
    """All ways to give nodes their workers."""
    if number == len(sizes):
        yield {}
        return
    for taken in combinations(sorted(free), sizes[number]):
        for rest in every(free - set(taken), sizes, number + 1):
            yield dict.fromkeys(taken, number) | rest


def least(traffic: Sequence[Sequence[int]], sizes: Sequence[int]) -> int:
    """The fewest bytes between nodes, counted pair by pair for every way there is."""
    count = len(traffic)
    return min(
        sum(traffic[one][other] for one in range(count) for other in range(count) if node[one] != node[other])
        for node in every(frozenset(range(count)), sizes)
    )


def plain(sizes: Sequence[int]) -> list[int]:
    """Each node has the workers that follow."""
    return [node for node, size in enumerate(sizes) for _ in range(size)]


@pytest.mark.parametrize(
    ("chunks", "sizes"),
    [
        *((chunks, sizes) for chunks in ("channel=4", "spatial=2x2", "filter=4") for sizes in ((2, 2), (3, 1))),
        *((f"pipeline={sum(sizes)}", sizes) for sizes in ((2, 2), (3, 1), (4, 3), (2, 2, 2))),
        *((chunks, (4, 4)) for chunks in ("spatial=2x4", "spatial=4x2", "batch=2,channel=4", "channel=2,spatial=2x2")),
        *((chunks, (3, 3)) for chunks in ("spatial=2x3", "spatial=3x2", "batch=3,channel=2", "filter=3x2")),
        *((chunks, (3, 3, 3)) for chunks in ("spatial=3x3", "batch=3,height=3")),
        *((chunks, (4, 2, 1)) for chunks in ("height=7", "batch=7", "channel=7")),
    ],
)
def test_no_way_is_better_for_a_plan(chunks: str, sizes: tuple[int, ...]) -> None:
    plan = Plan.of(networks.mnist(), chunks, images=12, workers=sum(sizes)).on(sizes)
    assert tuple(plan.sizes.values()) == sizes
    assert plan.bytes_between_nodes == least(plan.traffic.tolist(), sizes)
    assert sum(map(plan.sent_between_nodes, plan.stages)) == plan.bytes_between_nodes <= plan.bytes_moved


@pytest.mark.parametrize(
    ("chunks", "room", "sizes", "between"),
    [
        ("batch=7", (4, 4), [4, 3], False),
        ("batch=3,channel=2", (4, 4), [4, 2], False),
        ("batch=2,channel=3", (4, 4), [3, 3], False),
        ("batch=4,channel=3", (4, 4, 4, 4), [3, 3, 3, 3], False),
        ("channel=6", (4, 4), [4, 2], True),
        ("pipeline=5", (4, 3, 1), [4, 1], True),
    ],
)
def test_nodes_are_filled_unless_others_send_less(
    chunks: str, room: tuple[int, ...], sizes: list[int], between: bool
) -> None:
    plan = Plan.of(networks.mnist().classifier(), chunks, images=24, workers=sum(sizes)).on(room)
    assert sorted(plan.sizes.values(), reverse=True) == sizes
    assert (plan.bytes_between_nodes > 0) == between


def test_tiles_of_a_grid_share_a_node_where_rows_would_send_more() -> None:
    layers = [("relu", Relu()), ("conv", Conv2d(1, (3, 3), padding=(1, 1, 1, 1)))]
    grid = Plan.of(Network.chain("grid", (1, 32, 32), layers), "spatial=4x4", images=1, workers=16)
    tiles = grid.on([4] * 4)
    assert np.array(tiles.nodes).reshape(4, 4).tolist() == [[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 3, 3], [2, 2, 3, 3]]
    assert tiles.bytes_between_nodes < nodes.between(grid.traffic, plain([4] * 4))


def test_plain_order_stays_where_nothing_is_gained() -> None:
    for chunks in ("batch=6", "channel=6", "spatial=6", "pipeline=6"):
        assert Plan.of(networks.mnist(), chunks, images=60, workers=6, nodes=3).nodes == (0, 0, 1, 1, 2, 2)


@settings(max_examples=200)
@given(data=st.data())
def test_any_traffic_is_no_worse_than_in_plain_order(data: st.DataObject) -> None:
    room = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    count = data.draw(st.integers(1, sum(room)))
    row = st.lists(st.integers(0, 1 << 40) | st.just(0), min_size=count, max_size=count)
    traffic = np.array(data.draw(st.lists(row, min_size=count, max_size=count)), np.int64)
    node = nodes.arranged(traffic, room)
    assert node == nodes.arranged(traffic.copy(), tuple(room))
    sent = nodes.between(traffic, node)
    assert sent <= nodes.between(traffic, plain(room)[:count])
    for others in neighbours(node):
        if all(others.count(number) <= size for number, size in enumerate(room)):
            assert sent <= nodes.between(traffic, others), f"{others} is one step away, and better"


def neighbours(node: Sequence[int]) -> Iterator[list[int]]:
    """Two workers in each other's place; one on another node."""
    for one, other in combinations(range(len(node)), 2):
        yield [node[{one: other, other: one}.get(worker, worker)] for worker in range(len(node))]
    for one, to in product(range(len(node)), range(4)):
        yield [to if worker == one else own for worker, own in enumerate(node)]


def test_workers_are_spread_evenly() -> None:
    for workers in range(1, 20):
        for count in range(1, workers + 1):
            sizes = nodes.even(workers, count)
            assert (len(sizes), sum(sizes)) == (count, workers) and max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("count", [0, -1, 3])
def test_no_node_is_without_a_worker(count: int) -> None:
    with pytest.raises(UsageError, match=f"{count} nodes for 2 workers: use 1 to 2"):
        Plan.of(networks.mnist(), "batch", images=4, workers=2, nodes=count)


@pytest.mark.parametrize(("room", "told"), [([1, 2], r"1 \+ 2"), ([3], "3"), ([4, 0], r"4 \+ 0"), ([], "no")])
def test_nodes_have_room_for_the_workers_of_the_plan(room: list[int], told: str) -> None:
    plan = Plan.of(networks.mnist(), "batch", images=4, workers=4)
    with pytest.raises(UsageError, match=f"room for {told} workers: the plan has 4"):
        plan.on(room)
    assert plan.on([2, 2]).on([8]).nodes == plan.nodes == (0, 0, 0, 0)
