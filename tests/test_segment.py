"""Which layers share a task."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn import networks
from daskcnn.errors import UsageError
from daskcnn.layers import Add, Conv2d, MaxPool2d, Op, Relu
from daskcnn.network import INPUT, Layer, Network
from daskcnn.plan import Plan
from daskcnn.segment import Segment, segments
from tests import laws, strategies


def residual(branch: int = 3) -> Network:
    """A convolution around which its input is carried."""
    conv = Conv2d(4, (branch, branch), padding=(branch // 2,) * 4)
    layers = (
        Layer("conv1", Conv2d(4, (1, 1)), (INPUT,)),
        Layer("relu1", Relu(), ("conv1",)),
        Layer("conv2", conv, ("relu1",)),
        Layer("add", Add(), ("conv2", "relu1")),
        Layer("relu2", Relu(), ("add",)),
    )
    return Network("residual", {INPUT: (2, 8, 8)}, layers).initialised()


def names(plan: Plan, *keep: str, granularity: str = "segment") -> list[str]:
    """What the segments are called."""
    return [segment.name for segment in segments(plan, set(keep), granularity)]


def mnist(chunks: str, workers: int = 2) -> Plan:
    """The first report's network, cut."""
    return Plan.of(networks.mnist(), chunks, images=20, workers=workers)


def test_images_alone_need_one_task_a_block() -> None:
    assert names(mnist("serial")) == names(mnist("batch=3")) == ["conv1..dense3"]


def test_an_exchange_ends_a_segment() -> None:
    assert names(mnist("spatial=2")) == ["conv1..relu1", "conv2..relu2", "flatten..dense3"]
    assert names(mnist("channel=2")) == ["conv1..relu1", "conv2..flatten", "dense1..relu3", "dense2..relu4", "dense3"]


def test_one_worker_still_joins_blocks_between_segments() -> None:
    assert names(mnist("spatial=2", workers=1)) == names(mnist("spatial=2"))


def test_a_kept_layer_ends_a_segment() -> None:
    assert names(mnist("batch"), "relu1", "dense1") == ["conv1..relu1", "conv2..dense1", "relu3..dense3"]


def test_layers_can_each_have_their_own_tasks() -> None:
    plan = mnist("batch")
    assert names(plan, granularity="layer") == [stage.layer.name for stage in plan.stages]
    with pytest.raises(UsageError, match="unknown granularity 'block'; use segment or layer"):
        segments(plan, granularity="block")


def test_a_branch_that_exchanges_nothing_runs_in_one_task_with_what_it_joins() -> None:
    assert names(Plan.of(residual(), "batch=2", images=4, workers=2)) == ["conv1..relu2"]
    assert names(Plan.of(residual(branch=1), "spatial=2", images=4, workers=2)) == ["conv1..relu2"]


@pytest.mark.parametrize("chunks", ["spatial=2", "channel=2", "filter=2"])
def test_a_branch_that_exchanges_is_no_part_of_the_task_of_what_it_reads(chunks: str) -> None:
    # Both ends of the exchange are read by `add` without one: they must not meet in its task.
    plan = Plan.of(residual(), chunks, images=4, workers=2)
    assert next(segment for segment in segments(plan) if segment.last.layer.name == "relu1")
    laws.same_answer(plan, strategies.images(residual(), 4))


def test_branches_meet_in_one_task() -> None:
    layers = (
        Layer("conv1", Conv2d(4, (1, 1)), (INPUT,)),
        Layer("left", Relu(), ("conv1",)),
        Layer("right", Relu(), ("conv1",)),
        Layer("add", Add(), ("left", "right")),
    )
    plan = Plan.of(Network("fork", {INPUT: (2, 4, 4)}, layers).initialised(), "batch=2", images=4, workers=2)
    assert names(plan) == ["conv1..add"]
    laws.same_answer(plan, strategies.images(plan.network, 4))


def test_a_window_that_leaves_a_last_row_aside_ends_no_segment() -> None:
    ops: list[tuple[str, Op]] = [("conv1", Conv2d(4, (1, 1))), ("conv2", Conv2d(4, (1, 1), stride=(2, 2)))]
    network = Network.chain("strided", (1, 6, 6), ops).initialised()
    for chunks in ("batch=2", "spatial=3"):
        plan = Plan.of(network, chunks, images=4, workers=2)
        assert names(plan) == ["conv1..conv2"]
        laws.same_answer(plan, strategies.images(network, 4))


def test_groups_that_are_cut_otherwise_end_a_segment() -> None:
    # Six channels as 4 + 2, then as 3 + 3: the first block of the second layer needs less than its worker has.
    ops: list[tuple[str, Op]] = [
        ("conv1", Conv2d(6, (1, 1), groups=3)),
        ("conv2", Conv2d(12, (1, 1), groups=6)),
    ]
    network = Network.chain("grouped", (3, 2, 2), ops).initialised()
    plan = Plan.of(network, "channel=2", images=4, workers=2)
    assert names(plan) == ["conv1", "conv2"]
    laws.same_answer(plan, strategies.images(network, 4))


@settings(max_examples=100)
@given(data=st.data())
def test_segments_hold_every_layer_once_after_those_they_read(data: st.DataObject) -> None:
    network = data.draw(strategies.networks())
    plan = data.draw(strategies.cuts(network)).plan(network)
    keep = data.draw(st.sets(st.sampled_from([layer.name for layer in network.layers])))
    found = segments(plan, keep)
    assert sorted(name for segment in found for name in layers(segment)) == sorted(plan.by_name)
    done = {INPUT}
    for segment in found:
        read = {stage.layer.inputs[number] for stage, number in segment.reads}
        assert read <= done
        assert not keep & set(layers(segment)[:-1])
        done.add(segment.last.layer.name)


def layers(segment: Segment) -> list[str]:
    """Names of a segment's layers."""
    return [stage.layer.name for stage in segment.stages]


def test_a_segment_costs_what_its_layers_do_and_keeps_its_last_output() -> None:
    plan = mnist("channel=2")
    segment = segments(plan)[1]
    assert layers(segment) == ["conv2", "relu2", "flatten"]
    conv, relu = 2 * 16 * 7 * 7 * (16 * 9), 16 * 7 * 7
    assert segment.operations(images=5, tile=1) == 5 * (conv + relu)
    assert segment.nbytes(images=5, tile=1) == 5 * 16 * 7 * 7 * 4


def test_a_pool_that_leaves_a_last_row_aside_runs_on() -> None:
    layers = [("conv", Conv2d(2, (3, 3))), ("pool", MaxPool2d((2, 2), (2, 2))), ("relu", Relu())]
    net = Network.chain("odd", (1, 7, 9), layers).initialised()
    plan = Plan.of(net, "batch=2", images=4, workers=2)
    assert names(plan) == ["conv..relu"]


def test_a_pool_that_begins_behind_the_first_row_of_its_block_does_not_run_on() -> None:
    layers = [("conv", Conv2d(2, (1, 1))), ("pool", MaxPool2d((1, 1), (3, 3)))]
    net = Network.chain("skipping", (1, 10, 10), layers).initialised()
    plan = Plan.of(net, "height=2", images=4, workers=2)
    assert names(plan) == ["conv", "pool"]
