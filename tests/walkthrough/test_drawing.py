"""Pictures against the plan: each block a box to scale in its worker's colour, what is received hatched."""

from itertools import groupby
from xml.etree.ElementTree import Element

import pytest

from daskcnn.layers import Conv2d, Relu, Reshape
from daskcnn.network import Network
from daskcnn.plan import Plan
from daskcnn.walkthrough.boxes import input_axes
from daskcnn.walkthrough.drawing import MOST, PICTURES, blocks, reads
from daskcnn.walkthrough.shapes import LENGTH, SHARED
from daskcnn.walkthrough.shares import shares_of
from tests.walkthrough.plans import letters

COLOURS = dict(enumerate(("#000001", "#000002", "#000003", "#000004")))
Box = tuple[float, float, float, float]


def boxes(picture: Element) -> list[tuple[str, Box]]:
    """Fill and (top, left, height, width) of each box."""
    return [
        (own.attrib["fill"], tuple(float(own.attrib[name]) for name in ("y", "x", "height", "width")))  # type: ignore[misc]
        for own in picture.iter("rect")
        if own.get("class") == "box"
    ]


def captions(found: list[Element]) -> list[str]:
    return [str(own.findtext("figcaption")) for own in found]


def halo_plan(chunks: str) -> Plan:
    network = Network.chain("two", (4, 16, 8), [("a", Relu()), ("b", Conv2d(2, (3, 3), padding=(1, 1, 1, 1)))])
    return Plan.of(network, chunks, images=2, workers=4)


def read_by(plan: Plan, worker: int) -> list[Element]:
    stage = plan.by_name["b"]
    (share,) = (own for own in shares_of(stage) if own.worker == worker)
    return reads(share, 0, input_axes(plan, stage, 0), COLOURS)


@pytest.mark.parametrize("chunks", ["serial", "batch=4", "channel=4", "spatial=2x2", "batch=2,height=2", "pipeline=3"])
def test_one_box_a_block(chunks: str) -> None:
    plan = letters(chunks, images=8)
    for stage in plan.stages:
        pictures = [own for own in blocks(stage, COLOURS) if "all" not in str(own.findtext("figcaption"))]
        drawn = sorted(fill for own in pictures for fill, _ in boxes(own))
        # Blocks of images one after the other whose tiles lie alike are one box.
        runs = [owners for owners, _ in groupby(stage.layout.owners)]
        assert drawn == sorted(COLOURS[owner] for owners in runs for owner in owners)


def test_boxes_are_to_scale_and_fill_the_plane() -> None:
    stage = halo_plan("spatial=2x2").by_name["b"]
    (picture,) = blocks(stage, COLOURS)
    scale = LENGTH / 16
    assert boxes(picture) == [
        (COLOURS[2 * row + column], (8 * scale * row, 4 * scale * column, 8 * scale, 4 * scale))
        for row in (0, 1)
        for column in (0, 1)
    ]
    assert captions([picture]) == ["images 0–1, channels 0–1"]


def test_a_halo_is_hatched() -> None:
    (picture,) = read_by(halo_plan("height=4"), worker=1)
    scale = LENGTH / 16
    assert captions([picture]) == ["a: rows, columns"]
    # Four rows of its own, the row above and the row below from others.
    assert sorted(boxes(picture), key=lambda box: box[1]) == [
        ("url(#received-000002)", (3 * scale, 0, scale, 8 * scale)),
        ("#000002", (4 * scale, 0, 4 * scale, 8 * scale)),
        ("url(#received-000002)", (8 * scale, 0, scale, 8 * scale)),
    ]


def test_channels_that_are_gathered_are_hatched() -> None:
    channels, plane = read_by(halo_plan("channel=2"), worker=0)
    assert captions([channels, plane]) == ["a: channels", "a: rows, columns"]
    half = LENGTH / 2
    assert [(fill, left, width) for fill, (_, left, _, width) in boxes(channels)] == [
        ("url(#received-000001)", half, half),
        ("#000001", 0, half),
    ]


def test_images_that_come_in_a_relayout_are_hatched() -> None:
    plan = letters("channel=4", images=8)
    stage = plan.by_name["logsoftmax"]
    pictures = reads(shares_of(stage)[1], 0, input_axes(plan, stage, 0), COLOURS)
    # Two of eight images, of each of which six of 26 features are the worker's own.
    assert captions(pictures) == ["dense3: images", "dense3: channels"]
    assert boxes(pictures[0]) == [("url(#received-000002)", (0, LENGTH / 4, 20, LENGTH / 4))]
    assert sum(width for fill, (_, _, _, width) in boxes(pictures[1]) if fill == "#000002") == pytest.approx(
        LENGTH * 7 / 26, abs=0.02
    )


def test_what_workers_share_is_in_nobodys_colour() -> None:
    strip, *planes = blocks(letters("channel=2,height=2").by_name["conv1"], COLOURS)
    assert captions([strip]) == ["all channels"]
    assert {fill for fill, _ in boxes(strip)} == {SHARED}
    assert len(planes) == 2


def test_sequences_are_drawn_along_their_length() -> None:
    network = Network.chain("one", (8, 300), [("a", Relu()), ("b", Reshape((8, 300, 1))), ("c", Conv2d(2, (3, 1)))])
    plan = Plan.of(network, "height=3", images=5, workers=3)
    third = LENGTH / 3
    for name, caption in (("a", "rows of images 0–4, channels 0–7"), ("c", "rows of images 0–4, channels 0–1")):
        (picture,) = blocks(plan.by_name[name], COLOURS)
        assert captions([picture]) == [caption]
        found = [(left, width, height) for _, (_, left, height, width) in boxes(picture)]
        assert found == [pytest.approx((third * place, third, 20), abs=0.4) for place in range(3)]


def test_thin_images_can_be_seen() -> None:
    network = Network.chain("thin", (1, 3, 300), [("a", Relu())])
    (picture,) = blocks(Plan.of(network, "height=3", images=1, workers=3).by_name["a"], COLOURS)
    found = [(top, height) for _, (top, _, height, _) in boxes(picture)]
    assert found == [pytest.approx((20 * row / 3, 20 / 3), abs=0.01) for row in range(3)]


def test_images_of_one_element_are_drawn_by_their_channels() -> None:
    images, *pictures = blocks(letters("batch=2,channel=2").by_name["gelu3"], COLOURS)
    assert captions([images, *pictures]) == ["all images", "channels of images 0–7", "channels of images 8–15"]
    assert [fill for own in pictures for fill, _ in boxes(own)] == list(COLOURS.values())


def test_too_many_boxes_are_left_out_and_counted() -> None:
    network = Network.chain("wide", (1, 40, 40), [("a", Conv2d(2, (1, 1)))])
    plan = Plan.of(network, "channel=2,spatial=30x30", images=1, workers=4)
    *drawn, rest = blocks(plan.by_name["a"], COLOURS)
    assert 900 < sum(len(boxes(own)) for own in drawn) <= MOST + 2
    assert rest.text == "1 more picture is left out."
    (rest,) = blocks(Plan.of(network, "spatial=40x40", images=1, workers=4).by_name["a"], COLOURS)
    assert rest.text == "1 picture is left out."


def test_many_pictures_of_other_images_are_left_out_and_counted() -> None:
    network = Network.chain("deep", (1, 4, 4), [("a", Relu())])
    colours = dict.fromkeys(range(40), "#000000")
    images, *pictures, rest = blocks(Plan.of(network, "batch=40", images=80, workers=40).by_name["a"], colours)
    assert (len(boxes(images)), len(pictures), rest.text) == (40, PICTURES, "24 more pictures are left out.")
