"""What is said of the reports' counts, against the walk's own and by hand."""

import pytest

from daskcnn import explain, networks
from daskcnn.layers import Dense
from daskcnn.network import Network
from daskcnn.plan import Plan
from daskcnn.walkthrough import text
from daskcnn.walkthrough.remarks import REMARKS
from tests.walkthrough.plans import digit, letters


def test_each_is_said_of_a_layer_that_there_is() -> None:
    said = []
    for name in ("digit", "letters"):
        tree = explain(Plan.of(networks.network(name), "channel", images=16, workers=4))
        said += [(name, own.layer) for own in text.sections(tree) if "The report" in dict(own.facts)]
    assert sorted(said) == sorted((network, layer) for network, layer, _ in REMARKS)


def test_what_is_right_is_what_the_walk_says() -> None:
    tree = explain(digit())
    dense, gelu = (tree["workers"].to_dataset().sel(layer=name) for name in ("dense", "gelu"))
    assert f"{dense['multiply_adds'].sum():,} multiply-adds, {dense['multiply_adds'][0]:,} to each" in remark("dense")
    assert "5,408 inputs × 128 outputs" in remark("dense") and dense["multiply_adds"].sum() == 5408 * 128
    # Seven for each of 13 · 13 · 8 elements of a worker, and five.
    assert "9,464 to each" in remark("gelu") and 7 * 13 * 13 * 8 == 9464 and gelu["operations"][0] == 5 * 13 * 13 * 8
    eight = explain(letters("channel=8", workers=8))
    (own,) = set(eight["workers"].to_dataset()["multiply_adds"].sel(layer="conv1").values.tolist())
    assert f"of 16 images {own:,} to each" in remark("conv1")
    layers = eight["layers"].to_dataset()["intensity"]
    assert f"{layers.sel(layer='dense1'):.3g} FLOP/B here, and {layers.sel(layer='conv2'):.3g}" in remark("dense1")
    assert layers.sel(layer="dense1") == 2 * 16 * 128 * 512 / (4 * (16 * 128 + 16 * 512 + 128 * 512 + 512))


def remark(layer: str) -> str:
    (found,) = (said for (_, name, _), said in REMARKS.items() if name == layer)
    return found


@pytest.mark.parametrize("features", [10, 127])
def test_a_network_that_is_only_named_so_has_none(features: int) -> None:
    network = Network.chain("digit", (9,), [("dense", Dense(features))])
    tree = explain(Plan.of(network, "serial", images=1, workers=1))
    assert "The report" not in dict(next(text.sections(tree)).facts)
