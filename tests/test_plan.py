"""Plans: bytes by the textbook, blocks and owners by hand, and the laws of any plan."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn import networks, plan_tables
from daskcnn.errors import UsageError
from daskcnn.layers import Argmax, Conv2d, Dense, Flatten, Identity, MaxPool2d, Op, Relu
from daskcnn.network import INPUT, Layer, Network
from daskcnn.plan import Plan
from daskcnn.quantity import quantity
from daskcnn.stage import Stage, batches
from tests import laws, strategies
from tests.test_markup import Seen

FLOAT = 4


def mnist(chunks: str, *, images: int = 100, workers: int = 2, batch: int | None = None) -> Plan:
    """The first report's network, cut."""
    return Plan.of(networks.mnist(), chunks, images=images, workers=workers, batch=batch)


def chain(shape: tuple[int, int, int], *ops: Op) -> Network:
    """Layers called a, b, c and so on."""
    return Network.chain("chain", shape, [(chr(ord("a") + number), op) for number, op in enumerate(ops)])


def sent(plan: Plan) -> dict[str, int]:
    """Bytes of the layers that something is sent for."""
    return {stage.layer.name: moved for stage in plan.stages if (moved := plan.bytes_sent(stage))}


def rows(stage: Stage) -> list[tuple[int, int]]:
    """The rows of each tile's first need."""
    return [need[1] for need in stage.needs[0]]


@pytest.mark.parametrize("workers", [2, 3, 4, 5])
def test_channel_bytes_are_the_textbooks_all_gather(workers: int) -> None:
    # Each of p workers is sent the p − 1 parts that it lacks: V·(p − 1) bytes for a tensor of V.
    plan = mnist(f"channel={workers}", workers=workers)
    volume = {"conv2": 16 * 14 * 14, "dense1": 32 * 7 * 7, "dense2": 200, "dense3": 200}
    assert sent(plan) == {layer: 100 * size * FLOAT * (workers - 1) for layer, size in volume.items()}


def test_a_halo_of_a_strided_convolution_is_the_row_that_is_missing() -> None:
    # Seven output rows as 4 + 3 of fourteen as 7 + 7: the first block reads row 7 too, the second row 7 to 13.
    plan = mnist("height=2")
    conv2 = plan.by_name["conv2"]
    assert conv2.layout.grid[2] == (0, 4, 7)
    assert rows(conv2) == [(0, 8), (7, 14)]
    assert plan.bytes_sent(conv2) == 100 * 16 * 14 * FLOAT
    assert conv2.kind == "halo"


def test_a_halo_of_a_plain_convolution_is_half_a_kernel_on_either_side() -> None:
    network = chain((1, 30, 20), Conv2d(3, (1, 1)), Conv2d(2, (5, 3), padding=(2, 1, 2, 1)))
    plan = Plan.of(network, "height=3", images=4, workers=3)
    assert rows(plan.by_name["b"]) == [(0, 12), (8, 22), (18, 30)]
    assert plan.bytes_sent(plan.by_name["b"]) == 4 * 3 * 20 * (2 + 4 + 2) * FLOAT


def test_corners_belong_to_a_halo_in_two_directions() -> None:
    network = chain((1, 8, 8), Relu(), Conv2d(1, (3, 3), padding=(1, 1, 1, 1)))
    plan = Plan.of(network, "spatial=2x2", images=1, workers=4)
    # Each block of four by four reads one row, one column and the corner between them.
    assert plan.bytes_moved == 4 * (4 + 4 + 1) * FLOAT


def test_rows_that_no_window_reaches_are_not_sent() -> None:
    network = chain((1, 12, 3), Relu(), Conv2d(1, (1, 1), stride=(3, 1)))
    plan = Plan.of(network, "height=2", images=1, workers=2)
    assert rows(plan.by_name["b"]) == [(0, 4), (6, 10)]
    assert plan.bytes_moved == 0


def test_partial_sums_move_once_a_level_at_most() -> None:
    network, volume = chain((8, 5, 5), Relu(), Conv2d(6, (3, 3))), 12 * 6 * 3 * 3 * FLOAT
    flat, tree = (Plan.of(network, "filter=4", images=12, workers=4, fan_in=fan_in) for fan_in in (None, 2))
    # Each worker adds up a quarter of the images and is sent three parts of it.
    assert [flat.bytes_sent(stage) for stage in flat.stages if stage.kind == "reduce"] == [3 * volume]
    first, second = (tree.bytes_sent(stage) for stage in tree.stages if stage.kind == "reduce")
    assert first == 2 * volume
    assert volume <= second <= 2 * volume


@pytest.mark.parametrize(("images", "batch", "sizes"), [(7, None, (4, 3)), (7, 3, (2, 2, 2, 1)), (3, 1, (1, 1, 1))])
def test_images_are_cut_unevenly_and_no_block_has_more_than_asked(
    images: int, batch: int | None, sizes: tuple[int, ...]
) -> None:
    batches = mnist("batch=2", images=images, batch=batch).stages[0].layout.batches
    assert tuple(stop - start for start, stop in batches) == sizes


def test_ten_thousand_images_over_seven() -> None:
    layout = mnist("batch=7", images=10_000, workers=7).stages[0].layout
    assert layout.grid[0] == (0, 1429, 2858, 4287, 5716, 7144, 8572, 10_000)
    assert layout.owners == tuple((worker,) for worker in range(7))


def test_a_workers_blocks_of_images_lie_together() -> None:
    layout = mnist("batch=2", images=20, batch=3).stages[0].layout
    assert [owner for (owner,) in layout.owners] == [0] * 4 + [1] * 4


def test_seven_rows_over_two_and_thirty_two_channels_over_three() -> None:
    assert mnist("height=2").by_name["conv2"].layout.grid[2] == (0, 4, 7)
    assert mnist("channel=3").by_name["conv2"].layout.grid[1] == (0, 11, 22, 32)


def test_more_parts_than_workers_are_shared_with_neighbours_together() -> None:
    assert mnist("spatial=2x2").by_name["conv1"].layout.owners == ((0, 0, 1, 1),)
    assert mnist("spatial=2x2", workers=3).by_name["conv1"].layout.owners == ((0, 0, 1, 2),)
    assert mnist("channel=2", workers=5).by_name["conv1"].layout.owners == ((0, 2),)


def test_what_a_layer_cannot_take_goes_to_its_images() -> None:
    plan = mnist("spatial=2x2")
    assert [str(plan.by_name[layer].partition) for layer in ("conv2", "flatten", "dense3")] == [
        "height=2,width=2",
        "batch=4",
        "batch=4",
    ]
    assert plan.by_name["flatten"].kind == "relayout"
    # Each worker has half of every image and needs all of half of them.
    assert plan.bytes_sent(plan.by_name["flatten"]) == 100 * 32 * 7 * 7 * FLOAT // 2


def test_one_worker_is_sent_nothing() -> None:
    for chunks in ("batch=3", "channel=4", "spatial=3x2", "filter=2", "batch=2,channel=2"):
        plan = mnist(chunks, workers=1)
        assert plan.bytes_moved == 0
        assert not any(stage.exchanges for stage in plan.stages if any(e and e.distant for e in stage.exchanges))


def test_several_readers_of_a_tensor_are_sent_it_once() -> None:
    layers = (
        Layer("stem", Conv2d(4, (1, 1)), (INPUT,)),
        Layer("left", Conv2d(6, (3, 3)), ("stem",)),
        Layer("right", Conv2d(2, (1, 1)), ("stem",)),
    )
    plan = Plan.of(Network("fork", {INPUT: (2, 9, 9)}, layers), "channel=2", images=5, workers=2)
    assert sent(plan) == {"left": 5 * 4 * 9 * 9 * FLOAT}
    assert plan.by_name["right"].kind == "all-gather"


def test_operations_of_the_blocks_are_those_of_the_layer() -> None:
    network = networks.mnist()
    expected = network.operations(100)
    for chunks in ("serial", "batch=3", "channel=3", "spatial=2x2"):
        plan = mnist(chunks)
        assert {stage.layer.name: work(stage) for stage in plan.stages} == expected


def work(stage: Stage) -> int:
    """Operations of all blocks."""
    return sum(tile.operations(stop - start) for start, stop in stage.layout.batches for tile in stage.tiles)


@settings(max_examples=150)
@given(data=st.data())
def test_any_plan_of_a_chain_is_well_formed_and_agrees_on_bytes(data: st.DataObject) -> None:
    lawful(data, data.draw(strategies.networks()))


@settings(max_examples=100)
@given(data=st.data())
def test_any_plan_with_branches_is_well_formed_and_agrees_on_bytes(data: st.DataObject) -> None:
    lawful(data, data.draw(strategies.graphs()))


def lawful(data: st.DataObject, network: Network) -> None:
    """The laws that need no arithmetic."""
    plan = data.draw(strategies.cuts(network)).plan(network)
    keep = data.draw(st.sets(st.sampled_from([layer.name for layer in plan.network.layers])))
    laws.well_formed(plan)
    laws.bytes_agree(plan, sorted(keep), data.draw(st.sampled_from(["segment", "layer"])))


@pytest.mark.parametrize(("name", "least"), [("workers", 1), ("images", 1), ("batch", 1), ("fan_in", 2)])
def test_numbers_that_are_too_small_are_refused(name: str, least: int) -> None:
    for value in (least - 1, -3):
        given = {"images": 10, "workers": 2} | {name: value}
        told = f"{name}={value}: at least {least} is needed; pass {name}={least} or more"
        with pytest.raises(UsageError, match=told):
            Plan.of(networks.mnist(), "batch", **given)


@pytest.mark.parametrize(
    ("chunks", "told"),
    [
        ("batch=101", "batch=101 is more blocks than batch is long: there are 100 images; use 100 or less"),
        ("channel=11", "channel=11 is more blocks than channel is long: dense3 has 10; use 10 or less"),
        ("height=8", "height=8 is more blocks than height is long: conv2 has 7; use 7 or less"),
        ("spatial=2x8", "width=8 is more blocks than width is long: conv2 has 7"),
        ("rows=2", "unknown chunks 'rows=2'"),
    ],
)
def test_a_degree_longer_than_the_axis_is_refused(chunks: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as refused:
        mnist(chunks)
    assert "\n" not in str(refused.value)


def test_a_degree_that_nobody_asked_for_gives_way() -> None:
    assert mnist("channel", workers=32).chunks == "channel=10"
    assert mnist("height", workers=32).chunks == "height=7"
    assert mnist("batch", workers=32, images=5).chunks == "batch=5"


def test_the_plan_says_what_was_asked_with_all_degrees() -> None:
    assert mnist("spatial", workers=3).chunks == "spatial=3"
    assert mnist("batch,channel=2", workers=4).chunks == "batch=2,channel=2"


def test_a_network_without_maps_can_be_cut_spatially_by_its_images() -> None:
    plan = Plan.of(chain((1, 4, 4), Flatten(), Dense(5), Argmax()), "spatial=2x2", images=8, workers=2)
    assert {str(stage.partition) for stage in plan.stages} == {"batch=4"}
    assert plan.bytes_moved == 0


@pytest.mark.parametrize("keepdims", [False, True])
def test_the_classes_of_pixels_are_named_where_the_pixels_are(keepdims: bool) -> None:
    plan = Plan.of(chain((1, 6, 5), Conv2d(4, (1, 1)), Argmax(keepdims=keepdims)), "spatial=2x2", images=3, workers=4)
    assert str(plan.by_name["b"].partition) == "height=2,width=2"
    assert plan.bytes_moved == 0


def test_a_pool_keeps_the_channels_of_what_it_reads() -> None:
    plan = Plan.of(chain((3, 9, 9), Conv2d(7, (3, 3)), MaxPool2d((2, 2), (2, 2))), "channel=3", images=2, workers=3)
    assert plan.bytes_moved == 0
    assert math.prod(plan.by_name["b"].shape) == 2 * 7 * 3 * 3


def test_layers_that_keep_an_axis_are_cut_where_what_they_read_is() -> None:
    layers = [("conv", Conv2d(6, (1, 1), groups=3)), ("relu", Relu()), ("pool", MaxPool2d((2, 2)))]
    plan = Plan.of(Network.chain("grouped", (3, 4, 4), layers), "channel=2", images=2, workers=2)
    assert {stage.layout.grid[1] for stage in plan.stages} == {(0, 4, 6)}
    assert plan.bytes_moved == 0


@given(images=st.integers(1, 50), parts=st.integers(1, 9), batch=st.integers(1, 60))
def test_parts_have_as_many_images_as_can_be_whatever_their_blocks(images: int, parts: int, batch: int) -> None:
    parts = min(parts, images)
    bounds, owners = batches(images, parts, batch)
    sizes = np.diff(bounds)
    assert sizes.sum() == images and sizes.min() >= 1 and sizes.max() <= batch
    shares = np.bincount(owners, sizes, parts)
    assert shares.max() - shares.min() <= 1


@pytest.mark.parametrize(
    ("stages", "workers", "batch", "share"), [(3, 3, 10, 2 / 5), (2, 2, 6, 1 / 6), (4, 2, 6, 1 / 6)]
)
def test_equal_stages_idle_as_in_gpipe(stages: int, workers: int, batch: int, share: float) -> None:
    net = chain((1, 4, 4), *[Relu()] * 12)
    plan = Plan.of(net, f"pipeline={stages}", images=30, workers=workers, batch=batch)
    assert plan.bubble == pytest.approx(share), "(S - 1) / (M + S - 1) for S workers and M blocks of images"


@pytest.mark.parametrize("stages", [2, 3, 4, 5])
def test_stages_with_partial_sums_idle_by_what_their_workers_compute(stages: int) -> None:
    plan = mnist(f"pipeline={stages},filter=3", workers=stages)
    table = plan_tables.blocks(plan)
    work = np.bincount(table["owner"].values, table["operations"].values) / plan.images
    blocks = len(plan.stages[0].layout.batches)
    span = work.sum() + (blocks - 1) * work.max()
    assert plan.bubble == pytest.approx(1 - blocks * work.sum() / (stages * span))


@pytest.mark.parametrize("chunks", ["serial", "pipeline=2"])
def test_a_network_without_operations_idles_not(chunks: str) -> None:
    assert Plan.of(chain((1, 4, 4), Flatten(), Identity()), chunks, images=4, workers=2).bubble == 0


def test_a_notebook_shows_what_each_layer_moves() -> None:
    plan = Plan.of(networks.mnist(), "channel=2", images=10, workers=2)
    text = Seen(plan._repr_html_()).text
    assert "Plan of mnist: channel=2" in text and f"Bytes moved{quantity(plan.bytes_moved, 'B')}" in text
    for row in plan_tables.layers(plan).to_dataframe().reset_index().to_dict("records"):
        facts = (row["layer"], row["op"], row["partition"], str(row["blocks"]), row["exchange"])
        assert "".join(facts) + quantity(row["bytes_moved"], "B") in text
    assert "nodes" not in text


def test_a_notebook_shows_what_moves_between_nodes_where_there_are_several() -> None:
    plan = Plan.of(networks.mnist(), "channel=4", images=10, workers=4, nodes=2)
    text = Seen(plan._repr_html_()).text
    assert f"Nodes2Bytes moved between nodes{quantity(plan.bytes_between_nodes, 'B')}" in text
    for row in plan_tables.layers(plan).to_dataframe().reset_index().to_dict("records"):
        moved, between = (quantity(row[name], "B") for name in ("bytes_moved", "bytes_between_nodes"))
        assert f"{row['exchange']}{moved}{between}" in text
