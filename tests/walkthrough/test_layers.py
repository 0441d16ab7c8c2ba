"""What is true of layers as a whole, against counting."""

import numpy as np
import pytest
from hypothesis import given, settings

from daskcnn.plan import Plan
from daskcnn.walkthrough.layers import layers, together
from tests.walkthrough.plans import letters, plans


@given(plans())
@settings(max_examples=25, deadline=None)
def test_a_row_a_layer(plan: Plan) -> None:
    table = layers(plan, plan.stages)
    for stage in plan.stages:
        own = table.sel(layer=stage.layer.name)
        array = np.empty(stage.shape, np.int64 if stage.itemsize == 8 else np.float32)
        assert own["strides"] == ", ".join(f"{step:,}" for step in array.strides)
        assert own["outputs"] == array.size
        assert own["bytes_moved"] == plan.bytes_sent(stage)
        places = np.arange(array.size).reshape(-1, stage.shape[-1]) * stage.itemsize // 64
        rows = [len(set(row)) for row in places.tolist()]
        assert [own[f"row_lines_{end}"].item() for end in ("fewest", "most")] == [min(rows), max(rows)]
        first = places.reshape(stage.shape)
        column = first if first.ndim < 2 else first[(0,) * (first.ndim - 2)][:, 0]
        assert own["column_lines"] == np.unique(column).size


@pytest.mark.parametrize(
    ("chunks", "layer", "text"),
    [
        ("serial", "conv1", "nothing to join: one block"),
        ("batch=4", "dense1", "concatenated along batch, 4 blocks"),
        ("batch=2,channel=2", "conv1", "concatenated along batch, channel, 2×2 blocks"),
        ("filter=5", "conv2.sum1", "sums of parts (0 + 1), (2 + 3), (4); concatenated along filter, 3 blocks"),
        ("filter=32", "dense1", "sums of parts (0 + 1); concatenated along batch, 16 blocks"),
    ],
)
def test_how_results_go_together(chunks: str, layer: str, text: str) -> None:
    plan = letters(chunks, fan_in=2)
    assert together(plan.by_name[layer]) == text


def test_many_parts_are_told_in_few_words() -> None:
    plan = letters("filter=32")
    assert together(plan.by_name["conv3"]).startswith("sums of parts (0 + 1 + 2 + 3 + 4 + 5 + … + 31)")
