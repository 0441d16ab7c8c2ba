"""Names on a drawn graph never cover each other, nor nodes that they do not name."""

import numpy as np
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.figures.graph.captions import NODE, START, Scale, above, beside

PLACES = st.lists(st.tuples(st.integers(1, 30), st.integers(-3, 3)), min_size=1, max_size=30, unique=True)


def nodes(places: list[tuple[int, int]], length: int = 12) -> xr.Dataset:
    x, y = np.array(places, float).T
    names = [f"{place:x<{length}}" for place in range(len(places))]
    ones = np.ones(len(places), int)
    columns = {"x": x, "y": y, "layer": np.array(names), "tasks": ones, "critical": ones > 0}
    return xr.Dataset({name: ("task", values) for name, values in columns.items()})


@given(PLACES, st.floats(5, 200), st.floats(5, 40))
def test_names_beside_nodes_cover_nothing(places: list[tuple[int, int]], across: float, up: float) -> None:
    scale = Scale(across, up)
    shown = nodes(places)
    named = [place for place, name in enumerate(beside(shown, scale)) if name]
    at = shown["x"].values * across + 1j * shown["y"].values * up
    turned = at * np.exp(-1j * scale.angle)
    for one in named:
        for other in range(len(places)):
            apart = turned[other] - turned[one]
            along, aside = apart.real, abs(apart.imag)
            if other != one and START < along < 12 * scale.letter:
                assert aside >= min(scale.line / 2 + NODE, 0.9 * scale.line if other in named else np.inf)
            if other != one and other in named and abs(along) < 12 * scale.letter:
                assert aside >= 0.9 * scale.line


def test_a_chain_has_all_of_its_names_however_long() -> None:
    for depth in (3, 20, 60):
        assert all(beside(nodes([(place, 0) for place in range(1, depth + 1)]), Scale(1000 / depth, 22)))


def test_of_a_chain_too_long_names_are_spread() -> None:
    depth = 3000
    shown = nodes([(place, 0) for place in range(1, depth + 1)])
    named = [place for place, name in enumerate(beside(shown, Scale(1000 / depth, 22))) if name]
    assert len(named) > 30 and np.diff([0, *named, depth]).max() < depth / 10


def test_above_a_column_are_all_of_its_layers_from_top_to_bottom() -> None:
    columns = {"x": [1.0, 1, 1, 2], "y": [1.0, 0, -1, 0], "layer": ["a", "b", "b", "c"]}
    tasks = xr.Dataset({name: ("task", values) for name, values in columns.items()})
    assert above(tasks, Scale(300, 22)) == {1: "a, b", 2: "c"}


def test_of_columns_too_close_some_are_named() -> None:
    tasks = nodes([(place, 0) for place in range(1, 151)])
    found = above(tasks, Scale(1000 / 150, 22))
    assert 10 < len(found) < 150
