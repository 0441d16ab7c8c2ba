"""Who owns what, against the plan's blocks one by one."""

import pytest
from hypothesis import given, settings

from daskcnn import plan_tables
from daskcnn.plan import Plan
from daskcnn.walkthrough.shares import held, shares_of
from tests.walkthrough.plans import letters, plans

CHUNKS = ["serial", "batch=3", "channel=3", "spatial=2x2", "filter=2", "batch=2,channel=2", "pipeline=3"]


@given(plans())
@settings(max_examples=40, deadline=None)
def test_shares_are_the_blocks(plan: Plan) -> None:
    for stage in plan.stages:
        batches, tiles = stage.layout.batches, stage.layout.tiles
        found = sorted(
            ((batches[block], *tiles[share.tile]), share.worker)
            for share in shares_of(stage)
            for block in share.blocks.tolist()
        )
        assert found == sorted(((region[0], *region[1:]), owner) for region, owner in stage.layout.blocks)
        for share in shares_of(stage):
            first, stop = share.span
            # A worker's images of a tile lie side by side, so that first and last say which they are.
            assert share.images == stop - first


@pytest.mark.parametrize("chunks", CHUNKS)
def test_parameters_are_held_once_a_worker(chunks: str) -> None:
    plan = letters(chunks, workers=3)
    table = plan_tables.layers(plan)["weight_bytes"]
    for stage in plan.stages:
        assert held(stage, plan.workers).sum() == table.sel(layer=stage.layer.name)
