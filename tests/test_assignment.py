"""Which cut and which workers each layer gets: pipelines by enumeration, plan files line by line."""

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daskcnn import networks
from daskcnn.assignment import assign, pipeline_stages, read_plan_file
from daskcnn.chunks import parse_chunks
from daskcnn.errors import UsageError
from daskcnn.network import Network
from daskcnn.plan import Plan
from tests import laws, strategies


def heaviest(network: Network, bounds: list[int]) -> int:
    """Operations of the stage that has most."""
    work = list(network.operations(1).values())
    return max(sum(work[start:stop]) for start, stop in pairwise(bounds))


@settings(max_examples=60)
@given(data=st.data())
def test_no_contiguous_stages_are_better_balanced(data: st.DataObject) -> None:
    network = data.draw(strategies.networks())
    layers = len(network.layers)
    count = data.draw(st.integers(1, layers))
    found = pipeline_stages(network, count)
    assert sorted(found) == found
    assert set(found) == set(range(count))
    best = min(heaviest(network, [0, *inner, layers]) for inner in combinations(range(1, layers), count - 1))
    assert heaviest(network, [*(found.index(stage) for stage in range(count)), layers]) == best


@pytest.mark.parametrize(
    ("chunks", "workers", "owners"),
    [
        ("pipeline=2", 2, [(0,), (1,)]),
        ("pipeline=2", 5, [(0, 1), (2, 3, 4)]),
        ("pipeline=3", 2, [(0,), (0,), (1,)]),
        ("pipeline=2,channel=2", 4, [(0, 1), (2, 3)]),
    ],
)
def test_stages_share_the_workers_in_order(chunks: str, workers: int, owners: list[tuple[int, ...]]) -> None:
    found = assign(networks.mnist(), parse_chunks(chunks, workers), workers)
    stages = pipeline_stages(networks.mnist(), len(owners))
    assert [own.workers for own in found.values()] == [owners[stage] for stage in stages]


def test_more_stages_than_layers_are_refused() -> None:
    with pytest.raises(UsageError, match="pipeline=11 is more stages than mnist has layers; use 10 or fewer"):
        pipeline_stages(networks.mnist(), 11)


def written(folder: Path, text: str) -> Path:
    """A plan file."""
    path = folder / "own.toml"
    path.write_text(text)
    return path


def test_a_layer_that_is_not_named_is_cut_as_the_one_before_it(tmp_path: Path) -> None:
    path = written(tmp_path, 'chunks = "spatial=2"\n[layers]\nconv2 = "channel=2"\ndense1 = "batch=2"\n')
    found = read_plan_file(path, networks.mnist(), workers=2)
    cuts = {name: str(own.partition) for name, own in found.items()}
    assert [cuts[name] for name in ("conv1", "relu1", "conv2", "flatten", "dense1", "dense3")] == [
        "height=2",
        "height=2",
        "channel=2",
        "channel=2",
        "batch=2",
        "batch=2",
    ]
    plan = Plan.of(networks.mnist(), str(path), images=4, workers=2)
    assert plan.chunks == "own.toml"
    laws.well_formed(plan)
    laws.bytes_agree(plan)
    laws.same_answer(plan, strategies.images(networks.mnist(), 4))


def test_an_empty_plan_file_cuts_nothing(tmp_path: Path) -> None:
    plan = Plan.of(networks.mnist(), str(written(tmp_path, "")), images=4, workers=2)
    assert {str(stage.partition) for stage in plan.stages} == {"serial"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("chunks = ", "own.toml cannot be read"),
        ('[layers]\nconv9 = "batch"', "'conv9' in .*own.toml is no layer of mnist; known: conv1, relu1"),
        ("rows = 2", "'rows' in .*own.toml is no layer of mnist"),
        ("chunks = 3", "unknown chunks '3'"),
        ('[layers]\nconv1 = ["batch"]', "unknown chunks"),
        ('layers = "batch"', "layers in .*own.toml is 'batch', not a table"),
        ('[layers]\nconv1 = "pipeline=2"', "pipeline for conv1 in .*own.toml: a pipeline is of the whole network"),
        ('[layers]\ndense3 = "channel=11"', "channel=11 is more blocks than channel is long: dense3 has 10"),
    ],
)
def test_a_bad_plan_file_is_refused_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as refused:
        Plan.of(networks.mnist(), str(written(tmp_path, text)), images=20, workers=2)
    assert "\n" not in str(refused.value)


def test_a_plan_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"plan file .*absent\.toml cannot be read"):
        read_plan_file(tmp_path / "absent.toml", networks.mnist(), workers=2)
