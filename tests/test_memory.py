"""What a plan's workers need, worked out by hand."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from daskcnn import networks
from daskcnn.forward import forward
from daskcnn.layers import Conv2d, Relu
from daskcnn.memory import planned_memory
from daskcnn.network import Network
from daskcnn.plan import Plan
from daskcnn.sources import MnistTest
from daskcnn.taskgraph import TaskGraph
from tests import laws, strategies

FLOAT = 4
KERNEL = 9


def memory(network: Network, chunks: str, images: int, workers: int, granularity: str = "segment") -> list[int]:
    plan = Plan.of(network, chunks, images=images, workers=workers)
    return [int(most) for most in planned_memory(laws.graph_of(plan, granularity=granularity))]


def test_what_a_task_reads_is_there_until_the_next_is_done() -> None:
    layers = [("conv", Conv2d(2, (3, 3), padding=(1, 1, 1, 1), bias=False)), ("relu", Relu()), ("last", Relu())]
    net = Network.chain("small", (1, 5, 4), layers).initialised()
    image, block, kernels = 3 * 20 * FLOAT, 3 * 40 * FLOAT, 2 * KERNEL * FLOAT
    assert memory(net, "serial", images=3, workers=2) == [image + kernels + block, 0]
    assert memory(net, "serial", images=3, workers=1, granularity="layer") == [image + kernels + 3 * block]


def test_a_slice_that_is_sent_counts_where_it_arrives() -> None:
    layers = [("first", Relu()), ("conv", Conv2d(1, (3, 3), padding=(1, 1, 1, 1), bias=False))]
    net = Network.chain("halo", (1, 4, 6), layers).initialised()
    half, row, kernel = 2 * 6 * FLOAT, 6 * FLOAT, KERNEL * FLOAT
    # Images and the first layer's block, the row that comes and the one that is sent, and the block that is made.
    assert memory(net, "height=2", images=1, workers=2) == [2 * half + kernel + 2 * row + half] * 2


def test_smaller_blocks_of_images_take_less_at_a_time() -> None:
    plans = [Plan.of(networks.mnist(), "channel=2", images=200, workers=2, batch=batch) for batch in (200, 20)]
    whole, few = (planned_memory(TaskGraph.of(forward(plan, MnistTest(200)))).max() for plan in plans)
    assert few < whole


def gone_through(graph: TaskGraph) -> list[float]:
    """The most bytes on each worker, task by task in Dask's order."""
    reads = [graph.reads[start:stop].tolist() for start, stop in pairwise(graph.starts)]
    readers = np.bincount(graph.reads, minlength=len(graph))
    alive, most, leaving = graph.held.copy(), graph.held.copy(), np.zeros(graph.workers)
    where: list[set[int]] = [set() for _ in reads]
    for task in graph.order[0].tolist():
        owner = graph.placement[task]
        for read in reads[task]:
            if owner not in where[read]:
                where[read].add(owner)
                alive[owner] += graph.nbytes[read]
        where[task].add(owner)
        alive[owner] += graph.nbytes[task]
        most = np.maximum(most, alive)
        alive[owner] -= leaving[owner]
        leaving[owner] = 0
        for read in reads[task]:
            readers[read] -= 1
            if not readers[read]:
                leaving[list(where[read])] += graph.nbytes[read]
    return [float(one) for one in most]


@given(data=st.data())
def test_all_at_once_gives_what_task_by_task_gives(data: st.DataObject) -> None:
    network = data.draw(st.one_of(strategies.networks(), strategies.graphs()))
    graph = laws.graph_of(data.draw(strategies.cuts(network)).plan(network))
    assert planned_memory(graph).tolist() == gone_through(graph)


@given(data=st.data())
def test_no_worker_needs_less_than_it_holds_or_more_than_all_there_is(data: st.DataObject) -> None:
    network = data.draw(strategies.graphs())
    plan = data.draw(strategies.cuts(network)).plan(network)
    graph = laws.graph_of(plan)
    found = planned_memory(graph)
    assert (found >= graph.held).all()
    assert (found <= graph.held + graph.nbytes.sum()).all()
