"""What is made and read, against masks over every element of small tensors."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
from hypothesis import given, settings
from numpy.typing import NDArray

from daskcnn.plan import Plan
from daskcnn.region import FLOAT, Region, Shape
from daskcnn.walkthrough.boxes import made, read
from daskcnn.walkthrough.rows import Row, rows
from daskcnn.walkthrough.shares import shares_of
from tests.walkthrough.plans import digit, plans

LINE = 64


def touched(shape: Shape, box: Region, itemsize: int) -> set[int]:
    """Lines of the elements of a box, one by one."""
    numbers = np.arange(np.prod(shape, dtype=int)).reshape(shape)[tuple(slice(*side) for side in box)]
    return {number * itemsize // LINE for number in numbers.ravel().tolist()}


Block = tuple[NDArray[np.bool_], Shape, Region]
"""Which elements of a tensor it is, the tensor's shape, and the box."""


def of_blocks(plan: Plan, layer: str, row: Row, number: int | None) -> Iterator[Block]:
    """For each block of a row what it makes, or reads of the input of that number."""
    stage = plan.by_name[layer]
    shape = stage.shape if number is None else stage.inputs[number]
    for batch, owners in zip(stage.layout.batches, stage.layout.owners, strict=True):
        if owners[row["tile"]] == row["worker"]:
            tiles = stage.layout.tiles if number is None else stage.needs[number]
            box = (batch, *tiles[row["tile"]])
            mask = np.zeros(shape, np.bool_)
            mask[tuple(slice(*side) for side in box)] = True
            yield mask, shape, box


def fewest(elements: int, itemsize: int) -> int:
    return -(-elements * itemsize // LINE)


@given(plans())
@settings(max_examples=40, deadline=None)
def test_what_is_made(plan: Plan) -> None:
    for stage in plan.stages:
        found = rows(made(shares_of(stage)))
        for row in found:
            own = list(of_blocks(plan, stage.layer.name, row, None))
            elements = [int(mask.sum()) for mask, _, _ in own]
            assert row["bytes_written"] == sum(elements) * stage.itemsize
            assert row["blocks"] == len(own)
            assert row["lines_written"] == sum(len(touched(shape, box, stage.itemsize)) for _, shape, box in own)
            assert row["lines_written_fewest"] == sum(fewest(count, stage.itemsize) for count in elements)
            assert row["runs"] * row["run_bytes"] == row["elements"] * stage.itemsize
            mask, _, box = own[0]
            assert row["first"] == np.flatnonzero(mask[box[0][0]])[0]
            assert row["elements"] == mask[box[0][0]].sum()
        assert sum(row["bytes_written"] for row in found) == np.prod(stage.shape) * stage.itemsize


@given(plans())
@settings(max_examples=40, deadline=None)
def test_what_is_read(plan: Plan) -> None:
    for stage in plan.stages:
        seen: Counter[tuple[object, ...]] = Counter()
        for row in rows(read(plan, shares_of(stage))):
            # A layer may read one tensor twice: each time what it needs of it there.
            places = [number for number, name in enumerate(stage.layer.inputs) if name == row["input"]]
            share = row["worker"], row["tile"], row["input"]
            number = places[seen[share]]
            seen[share] += 1
            itemsize = plan.by_name[row["input"]].itemsize if row["input"] in plan.by_name else FLOAT
            own = list(of_blocks(plan, stage.layer.name, row, number))
            assert row["bytes_read"] == sum(int(mask.sum()) for mask, _, _ in own) * itemsize
            assert row["lines_read"] == sum(len(touched(shape, box, itemsize)) for _, shape, box in own)
            assert row["lines_read_fewest"] == sum(fewest(int(mask.sum()), itemsize) for mask, _, _ in own)


def test_a_row_by_hand() -> None:
    plan = digit()
    row = rows(made(shares_of(plan.by_name["dense"])))[1]
    assert row == {
        "layer": "dense",
        "worker": 1,
        "tile": 1,
        "blocks": 1,
        "images": 1,
        "operations": 2 * 5408 * 32,
        "multiply_adds": 5408 * 32,
        "parameters": "weight 32×5408, bias 32",
        "first": 32,
        "elements": 32,
        "bytes_written": 128,
        "runs": 1,
        "run_bytes": 128,
        "lines_written": 2,
        "lines_written_fewest": 2,
        "box": {"batch": (0, 1), "channel": (32, 64)},
    }
    (own,) = (row for row in rows(read(plan, shares_of(plan.by_name["pool"]))) if row["worker"] == 3)
    assert (own["input"], own["bytes_read"], own["box"]["channel"]) == ("conv", 8 * 26 * 26 * 4, (24, 32))
