"""The walk's words and tables against its numbers."""

import pytest

from daskcnn import explain, networks
from daskcnn.plan import Plan
from daskcnn.walkthrough import text
from daskcnn.walkthrough.rows import FEW
from tests.walkthrough.plans import digit, letters


def sections(plan: Plan) -> dict[str, text.Section]:
    return {own.layer: own for own in text.sections(explain(plan))}


def columns(table: text.Table) -> dict[str, list[str]]:
    return dict(zip(table.titles, map(list, zip(*table.cells, strict=True)), strict=True))


def test_a_dense_layer_by_hand() -> None:
    own = sections(digit())["dense"]
    assert own.title == "dense: dense, channel=4"
    assert dict(own.facts) == {
        "Reads": "flatten: 1×5408",
        "Gives": "1×128 float32, axes batch, channel",
        "Parameters": "weight 128×5408, bias 128: 2,769,408 B",
        "Computes": "692,224 multiply-adds = 1,384,448 FLOP; 5,408 multiply-adds for each of 128 outputs; 0.496 FLOP/B",
        "Divides": "128 channels; 128 × 5,408 = 692,224 pairs of output and input channels; not along images",
        "Exchange": "all-gather, 64,896 B in 12 messages",
        "Results": "concatenated along channel, 4 blocks",
        "Memory": "from one to the next image 512 B, channel 4 B; an image lies in 8 cache lines, a channel of all "
        "images in 1; of each image a block has 1 contiguous run of 128 B",
        "Favours": "serial, 279.16 us: 2,791,552 B touched on the busiest worker, nothing is sent. Next filter=4, "
        "3.09 ms, of these 3.02 ms for sending.",
        "The report": "gives 65,536 operations for an image, 16,384 to each of four workers; 5,408 inputs × 128 "
        "outputs are 692,224 multiply-adds, 173,056 to each",
    }
    made, read, sent, cuts = own.tables
    assert columns(made) == {
        "Worker": ["0", "1", "2", "3"],
        "Images": ["0"] * 4,
        "Channels": ["0–31", "32–63", "64–95", "96–127"],
        "Elements": ["0–31", "32–63", "64–95", "96–127"],
        "Multiply-adds": ["173,056"] * 4,
        "FLOP": ["346,112"] * 4,
        "Bytes": ["128"] * 4,
        "Cache lines": ["2"] * 4,
        "Fewest": ["2"] * 4,
        "Parameters": ["weight 32×5408, bias 32"] * 4,
    }
    assert columns(read)["Channels"] == ["0–5,407"] * 4
    assert columns(sent)["Bytes received"] == ["16,224"] * 4
    assert columns(cuts)["Cut"] == ["serial", "filter=4", "channel=4 *"]


def test_what_is_near_or_computes_nothing_says_so() -> None:
    own = sections(digit())
    flatten, conv = dict(own["flatten"].facts), dict(own["conv"].facts)
    assert flatten["Computes"] == "nothing: elements are moved as they are"
    assert flatten["Exchange"] == "none: what is needed is near"
    assert flatten["Favours"] == "serial or channel=4: nothing is computed and nothing sent."
    assert flatten["Parameters"] == "none"
    assert conv["Exchange"] == "none: each worker reads its images for itself"


def test_what_is_sent_for_another_reader_is_not_said_to_be_near() -> None:
    plan = Plan.of(networks.resnet18(), "channel=2", images=2, workers=2)
    counted = [
        own.layer
        for own in text.sections(explain(plan))
        if dict(own.facts)["Exchange"] == "all-gather, counted where it was first read"
    ]
    readers = [stage for stage in plan.stages if stage.kind == "all-gather" and not plan.bytes_sent(stage)]
    assert counted == [stage.layer.name for stage in readers] != []


CUTS = [("batch", 20, None), ("batch", 3, 1), ("channel", 20, None), ("spatial", 16, None)]


@pytest.mark.parametrize(("chunks", "workers", "batch"), CUTS)
def test_many_blocks_are_told_in_few_lines(chunks: str, workers: int, batch: int | None) -> None:
    plan = Plan.of(networks.cifar(), chunks, images=200, workers=workers, batch=batch)
    for own in text.sections(explain(plan)):
        assert all(len(table.cells) <= FEW for table in own.tables)


def test_workers_that_do_alike_share_a_line() -> None:
    made = sections(Plan.of(networks.mnist(), "batch", images=1010, workers=20))["conv1"].tables[0]
    found = columns(made)
    # 1 010 images over 20: ten workers with 51, ten with 50.
    assert found["Worker"] == ["0 to 9", "10 to 19"]
    assert found["Images"] == ["51 each", "50 each"]
    assert found["FLOP"] == [f"{count * 16 * 14 * 14 * 9 * 2:,}" for count in (51, 50)]


def test_a_line_a_layer() -> None:
    plan = letters("channel=4")
    table = columns(text.overview(explain(plan)))
    assert table["Layer"] == [stage.layer.name for stage in plan.stages]
    assert table["Bytes moved"] == [f"{plan.bytes_sent(stage):,}" for stage in plan.stages]
    assert table["Favours"][table["Layer"].index("conv2")] == "batch=4"
    assert table["Favours"][table["Layer"].index("gelu1")] == "batch=4 or channel=4"
