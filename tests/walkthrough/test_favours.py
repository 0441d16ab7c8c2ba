"""Which cuts are priced, and how they are ranked."""

import math

import pytest

from daskcnn import networks
from daskcnn.errors import UsageError
from daskcnn.layers import Conv2d, Dense, Flatten, GlobalAveragePool, LogSoftmax, Relu
from daskcnn.network import Network
from daskcnn.partition import Partition
from daskcnn.plan import Plan
from daskcnn.walkthrough.favours import Machine, alone, candidates, cuts, degrees, fitted
from daskcnn.walkthrough.rows import Row, by_layer, rows
from tests.walkthrough.plans import digit, letters

SLOW = Machine(rate=1e9, bandwidth=1e9, latency=1e-6)
"""A machine that computes slowly, so that sending pays."""


def priced(plan: Plan, machine: Machine = Machine()) -> dict[str, list[Row]]:  # noqa: B008
    return by_layer(rows(cuts(plan, plan.stages, machine)))


@pytest.mark.parametrize("workers", [1, 2, 7, 12, 1000])
def test_candidates_are_no_more_blocks_than_workers(workers: int) -> None:
    found = candidates(workers)
    assert len(found) == len(set(found))
    assert all(partition.degree <= workers for partition in found)
    assert Partition() in found and Partition(batch=workers) in found


def test_a_cut_fits_or_is_none() -> None:
    image = (5, 16, 3, 1)
    conv, soft = Conv2d(16, (1, 1)), LogSoftmax()
    assert fitted(conv, Partition(height=4), image, [image]) == Partition(height=3)
    assert fitted(conv, Partition(width=4), image, [image]) is None
    assert fitted(conv, Partition(height=2, width=2), image, [image]) is None
    assert fitted(conv, Partition(filter=32), image, [image]) == Partition(filter=16)
    assert fitted(Conv2d(16, (1, 1), groups=4), Partition(filter=4), image, [image]) is None
    assert fitted(soft, Partition(channel=2), (5, 10), [(5, 10)]) is None
    assert fitted(GlobalAveragePool(), Partition(height=2), (5, 16, 1, 1), [image]) is None
    assert fitted(Flatten(), Partition(), (5, 48), [image]) == Partition()


@pytest.mark.parametrize("chunks", ["batch=2,channel=2", "filter=3", "spatial=3", "pipeline=3", "serial"])
def test_the_plans_own_cut_is_among_them_once(chunks: str) -> None:
    plan = letters(chunks)
    found = priced(plan)
    for name, own in found.items():
        assert [row["partition"] for row in own if row["planned"]] == [str(plan.by_name[name].partition)]
        assert len({row["partition"] for row in own}) == len(own)
        assert "serial" in {row["partition"] for row in own}


def test_time_is_the_models_and_ranks_the_cuts() -> None:
    for own in priced(letters("channel=4"), SLOW).values():
        seconds = [
            max(row["operations"] / 1e9, row["bytes_touched"] / 1e10)
            + row["bytes_worker"] / 1e9
            + row["messages"] * 1e-6
            for row in own
        ]
        assert [row["seconds"] for row in own] == pytest.approx(seconds)
        assert seconds == sorted(seconds)


def test_many_images_favour_batch_and_one_image_what_is_large_enough() -> None:
    best = {name: own[0]["partition"] for name, own in priced(letters("channel=4", images=64), SLOW).items()}
    assert {best[name] for name in ("conv1", "conv2", "conv3", "dense1", "dense2")} == {"batch=4"}
    one = {name: own[0]["partition"] for name, own in priced(digit(), SLOW).items()}
    # 5 408 inputs to gather, 692 224 multiply-adds to share; and 2.8 MB of parameters against messages of 1 ms.
    assert one["dense"] == "channel=4"
    assert priced(digit())["dense"][0]["partition"] == "serial"


def test_large_maps_favour_rows_and_deep_ones_channels() -> None:
    def best(channels: int, side: int) -> str:
        network = Network.chain(
            "two", (channels, side, side), [("a", Conv2d(channels, (1, 1))), ("b", Conv2d(channels, (3, 3)))]
        )
        plan = Plan.of(network, "serial", images=1, workers=4)
        return str(priced(plan, Machine(rate=1e9, bandwidth=1e8, latency=1e-9))["b"][0]["partition"])

    assert best(channels=4, side=200) in ("height=4", "width=4", "height=2,width=2")
    # Three rows do not go into four.
    assert best(channels=256, side=5) == "channel=4"


def test_many_parameters_favour_channels_whatever_the_batch() -> None:
    # Krizhevsky (2014): convolutions by images, dense layers by features. Each worker would read all of the parameters.
    def ranked(images: int) -> list[Row]:
        network = Network.chain("two", (9216,), [("a", Relu()), ("b", Dense(4096))])
        plan = Plan.of(network, "batch", images=images, workers=4)
        return priced(plan)["b"]

    assert [ranked(images)[0]["partition"] for images in (1, 16, 2000)] == ["channel=4", "channel=4", "batch=4"]
    channel, batch = ({row["partition"]: row for row in ranked(16)}[f"{axis}=4"] for axis in ("channel", "batch"))
    assert channel["bytes_touched"] == 4 * 1024 * 9217 + 4 * 16 * (9216 + 1024)
    assert batch["bytes_touched"] == 4 * 4096 * 9217 + 4 * 4 * (9216 + 4096)
    assert batch["operations"] == channel["operations"] == 2 * 4 * 9216 * 4096
    assert batch["seconds"] == pytest.approx(batch["bytes_touched"] / 1e10)
    assert channel["seconds"] == pytest.approx(channel["operations"] / 5e10 + 4 * 16 * 9216 * 3 / 4 / 1e9 + 3e-3)


@pytest.mark.parametrize(
    ("layer", "most"),
    [
        ("conv1", (16, 32, 1, 26, 26)),
        ("pool1", (16, 32, 1, 13, 13)),
        ("conv2", (16, 64, 32, 11, 11)),
        ("dense1", (16, 512, 128, 1, 1)),
        ("logsoftmax", (16, 1, 1, 1, 1)),
    ],
)
def test_into_how_many_blocks_a_layer_divides(layer: str, most: tuple[int, ...]) -> None:
    stage = letters("serial").by_name[layer]
    assert tuple(degrees(*alone(stage), stage.inputs).values()) == most


def test_a_layer_that_is_cut_in_parts_is_priced_whole() -> None:
    found = priced(letters("filter=2", fan_in=2))
    assert "conv2.partial" in found and "conv2" not in found
    rate = 2 * 16 * 64 * 121 * 288
    assert {row["partition"]: row["operations"] for row in found["conv2.partial"]}["serial"] == rate


@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf])
def test_a_machine_has_rates(value: float) -> None:
    with pytest.raises(UsageError, match=r"bandwidth.*above 0"):
        Machine(bandwidth=value)


def test_every_network_is_priced_quickly_enough_to_be_asked() -> None:
    plan = Plan.of(networks.resnet50(), "spatial=2x2", images=32, workers=4)
    assert set(priced(plan)) == {stage.layer.name for stage in plan.stages}
