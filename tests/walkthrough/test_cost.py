"""What a cut asks of its workers, against the textbook's closed forms and whole plans."""

from dataclasses import replace

import pytest

from daskcnn import networks
from daskcnn.layers import Concat, Conv2d, Dense, Flatten, MaxPool2d, Op, Relu
from daskcnn.partition import Partition
from daskcnn.plan import Plan
from daskcnn.walkthrough import explain
from daskcnn.walkthrough.cost import Input, cost

FLOAT = 4
IMAGES, CHANNELS, HEIGHT, WIDTH = 12, 8, 16, 10
INPUT = Input((IMAGES, CHANNELS, HEIGHT, WIDTH), "float32")
VOLUME = IMAGES * CHANNELS * HEIGHT * WIDTH
CONV = Conv2d(6, (3, 3), padding=(1, 1, 1, 1))
OUTPUT = IMAGES * 6 * HEIGHT * WIDTH


@pytest.mark.parametrize("workers", [2, 3, 4])
def test_all_gather(workers: int) -> None:
    found = cost(CONV, (INPUT,), Partition(channel=min(workers, 6)), workers)
    assert found.bytes_moved == VOLUME * (workers - 1) * FLOAT
    assert found.messages == workers - 1


@pytest.mark.parametrize("workers", [2, 4])
def test_halo(workers: int) -> None:
    found = cost(CONV, (INPUT,), Partition(height=workers), workers)
    row = IMAGES * CHANNELS * WIDTH * FLOAT
    assert found.bytes_moved == 2 * (workers - 1) * row
    assert found.bytes_worker == min(workers - 1, 2) * row
    assert found.parameter_bytes == (6 * CHANNELS * 9 + 6) * FLOAT


@pytest.mark.parametrize("workers", [2, 4])
def test_partial_sums(workers: int) -> None:
    # Images that are cut evenly come as channels, and sums of all parts go back to whose images they are.
    found = cost(CONV, (INPUT,), Partition(filter=workers), workers)
    relayout, reduce = VOLUME * (workers - 1) // workers, OUTPUT * (workers - 1)
    assert found.bytes_moved == (relayout + reduce) * FLOAT
    products = 2 * OUTPUT * CHANNELS * 9 // workers
    assert found.operations == products + OUTPUT * (workers - 1) // workers


@pytest.mark.parametrize("op", [CONV, Relu(), MaxPool2d((2, 2), stride=(2, 2)), Flatten()])
def test_images_apart_send_nothing(op: Op) -> None:
    found = cost(op, (INPUT,), Partition(batch=5), workers=5)
    assert (found.bytes_moved, found.messages) == (0, 0)
    # Three of twelve images on the busiest of five workers.
    shape = op.output_shape(INPUT.shape)
    assert found.operations * IMAGES == op.operations(shape, INPUT.shape) * 3
    assert found.imbalance == pytest.approx(3 / (IMAGES / 5) - 1 if found.operations else 0)


def test_what_a_network_is_given_is_read_by_each_worker() -> None:
    found = cost(CONV, (Input(INPUT.shape, None),), Partition(channel=3), workers=3)
    assert (found.bytes_moved, found.messages) == (0, 0)


def test_a_tensor_that_is_read_twice_goes_once() -> None:
    # Of five copies in a row each of two workers needs two whole, and so the half that it lacks.
    one, five = (
        cost(Concat(), tuple(replace(INPUT, number=copy * apart) for copy in range(5)), Partition(channel=2), workers=2)
        for apart in (0, 1)
    )
    assert five.bytes_moved == 2 * one.bytes_moved == 2 * VOLUME * FLOAT


def test_bytes_are_those_of_what_is_read() -> None:
    wide, narrow = (cost(Dense(4), (Input((3, 9), dtype),), Partition(channel=2), 2) for dtype in ("int64", "float32"))
    assert wide.bytes_moved == 2 * narrow.bytes_moved == 3 * 9 * 8


def test_memory_is_what_is_read_and_written_and_parameters() -> None:
    # The first of three workers has images 0 to 3, or rows 0 to 5, for which it reads one more.
    parameters = 6 * CHANNELS * 9 + 6
    images = cost(CONV, (INPUT,), Partition(batch=3), 3)
    assert images.bytes_touched == FLOAT * (4 * (CHANNELS + 6) * HEIGHT * WIDTH + parameters)
    height = cost(CONV, (INPUT,), Partition(height=3), 3)
    assert height.bytes_touched == FLOAT * (IMAGES * WIDTH * (CHANNELS * 7 + 6 * 6) + parameters)
    assert cost(Flatten(), (INPUT,), Partition(), 3).bytes_touched == 0
    wide = cost(Relu(), (replace(INPUT, dtype="int64"),), Partition(), 1)
    assert wide.bytes_touched == VOLUME * (8 + FLOAT)


@pytest.mark.parametrize("chunks", ["channel=2", "batch=2", "height=2"])
def test_a_layer_alone_costs_what_it_does_among_layers_cut_alike(chunks: str) -> None:
    plan = Plan.of(networks.mnist(), chunks, images=4, workers=2)
    work = explain(plan)["workers/operations"].max("worker")
    alike = [
        stage
        for stage in plan.stages
        for before in [plan.by_name.get(stage.layer.inputs[0])]
        if before is not None and before.partition == stage.partition
    ]
    assert len(alike) > 3
    for stage in alike:
        found = cost(stage.op, (Input(stage.inputs[0], "float32"),), stage.partition, plan.workers)
        assert found.bytes_moved == plan.bytes_sent(stage)
        assert found.operations == work.sel(layer=stage.layer.name)
