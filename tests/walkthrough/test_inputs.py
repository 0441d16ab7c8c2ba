"""What networks are given, against counting."""

import numpy as np
from hypothesis import given, settings

from daskcnn import networks
from daskcnn.plan import Plan
from daskcnn.walkthrough.inputs import inputs
from daskcnn.walkthrough.rows import rows
from tests.walkthrough.plans import plans


def test_a_digit_is_read_by_all_who_make_its_channels() -> None:
    (row,) = rows(inputs(Plan.of(networks.digit(), "channel=4", images=1, workers=4)))
    assert row == {
        "input": "images",
        "shape": "1×1×28×28",
        "elements": 784,
        "image_bytes": 3136,
        "image_lines": 49,
        "row_bytes": 112,
        "row_lines_fewest": 2,
        "row_lines_most": 3,
        "column_lines": 28,
        "readers": 4,
        "bytes_read": 4 * 3136,
    }


def test_rows_at_seams_are_read_twice() -> None:
    (row,) = rows(inputs(Plan.of(networks.digit(), "height=2", images=10, workers=2)))
    # 26 rows in two halves of 13, which reach 15 rows each.
    assert (row["readers"], row["bytes_read"]) == (2, 10 * 2 * 15 * 28 * 4)


@given(plans())
@settings(max_examples=20, deadline=None)
def test_all_that_tiles_need_is_counted(plan: Plan) -> None:
    for row in rows(inputs(plan)):
        shape = (plan.images, *plan.network.inputs[row["input"]])
        found, readers = 0, set()
        for stage in plan.stages:
            for number, name in enumerate(stage.layer.inputs):
                if name == row["input"]:
                    for (box, owner), needs in zip(
                        stage.layout.blocks, stage.needs[number] * len(stage.layout.batches), strict=True
                    ):
                        mask = np.ones(shape, np.bool_)[tuple(slice(*side) for side in (box[0], *needs))]
                        found += mask.size * 4
                        readers |= {owner} if mask.size else set()
        assert (row["bytes_read"], row["readers"]) == (found, len(readers))
        assert row["image_bytes"] == np.prod(shape[1:]) * 4
