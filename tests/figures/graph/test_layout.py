"""Tasks are drawn apart, by depth, layer by layer; a collapsed layer stands for all of its tasks."""

from collections import Counter

import numpy as np
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from daskcnn.figures.graph.layout import GAP, collapsed, path, placed


@st.composite
def graphs(draw: st.DrawFn) -> xr.Dataset:
    """A graph whose tasks each read some that come before."""
    reads = [draw(st.sets(st.integers(0, task - 1), max_size=3)) if task else set() for task in range(draw(SIZES))]
    depth: list[int] = []
    for own in reads:
        depth.append(1 + max((depth[read] for read in own), default=0))
    pairs = [(task, read) for task, own in enumerate(reads) for read in sorted(own)]
    count = len(reads)
    return xr.Dataset(
        {
            "key": ("task", [f"k{task}" for task in range(count)]),
            "layer": ("task", [draw(st.sampled_from("abc")) for _ in range(count)]),
            "depth": ("task", depth),
            "owner": ("task", [draw(st.integers(0, 2)) for _ in range(count)]),
            "bytes": ("task", np.arange(count, dtype=float)),
            "cost": ("task", np.array([draw(st.sampled_from([2.0, np.nan])) for _ in range(count)])),
            "critical": ("task", [draw(st.booleans()) for _ in range(count)]),
            "reader": ("edge", np.array([reader for reader, _ in pairs], int)),
            "read": ("edge", np.array([read for _, read in pairs], int)),
        }
    )


SIZES = st.integers(1, 12)


@given(graphs())
def test_tasks_lie_apart_by_depth_and_layers_together(graph: xr.Dataset) -> None:
    found = placed(graph)
    x, y, layer = (found[name].values for name in ("x", "y", "layer"))
    assert np.array_equal(x, graph["depth"].values)
    assert len(set(zip(x, y, strict=True))) == x.size
    for depth in np.unique(x):
        own = x == depth
        assert y[own].sum() == 0
        in_order = layer[own][np.argsort(y[own])]
        assert 1 + np.sum(in_order[1:] != in_order[:-1]) == len(set(in_order))


def test_neighbours_of_a_chain_lie_on_a_line() -> None:
    chains = xr.Dataset(
        {
            "layer": ("task", list("aabbcc")),
            "depth": ("task", [1, 1, 2, 2, 3, 3]),
            # Crossed as they are numbered: 0 - 3 - 4 and 1 - 2 - 5.
            "reader": ("edge", [3, 4, 2, 5]),
            "read": ("edge", [0, 3, 1, 2]),
        }
    )
    first, second = placed(chains)["y"].values[[[0, 3, 4], [1, 2, 5]]]
    assert np.ptp(first) == np.ptp(second) == 0


@given(graphs())
def test_a_collapsed_layer_stands_for_its_tasks(graph: xr.Dataset) -> None:
    tasks = placed(graph)
    found = collapsed(tasks)
    layer = tasks["layer"].values.tolist()
    names = found["layer"].values.tolist()
    assert dict(zip(names, found["tasks"].values.tolist(), strict=True)) == Counter(layer)
    for place, name in enumerate(names):
        own = tasks.isel(task=[task for task, of in enumerate(layer) if of == name])
        assert found["bytes"][place] == own["bytes"].sum()
        known = own["cost"].values[np.isfinite(own["cost"].values)]
        assert np.isnan(found["cost"][place]) if not known.size else found["cost"][place] == known.sum()
        assert found["critical"][place] == own["critical"].any()
        assert np.isclose(found["x"][place], own["x"].mean())
        assert (found["first"][place], found["last"][place]) == (own["x"].min(), own["x"].max())
        owners = set(own["owner"].values.tolist())
        assert found["owner"][place] == (owners.pop() if len(owners) == 1 else -1)
    assert len({(round(x), y) for x, y in zip(found["x"].values, found["y"].values, strict=True)}) == len(names)
    pairs = zip(tasks["reader"].values, tasks["read"].values, strict=True)
    expected = Counter((layer[reader], layer[read]) for reader, read in pairs if layer[reader] != layer[read])
    ends = [[names[place] for place in found[end].values] for end in ("reader", "read")]
    assert dict(zip(zip(*ends, strict=True), found["edges"].values.tolist(), strict=True)) == expected


def test_layers_lie_as_near_as_they_may_whatever_their_size() -> None:
    size = {"large": 1000, "small": 2, "other": 2}
    layer = [name for name, count in size.items() for _ in range(count)]
    table: dict[str, object] = {
        name: ("task", np.zeros(len(layer), int)) for name in ("owner", "critical", "bytes", "cost")
    }
    table |= {"layer": ("task", layer), "depth": ("task", np.ones(len(layer), int))}
    graph = xr.Dataset(table | {name: ("edge", np.zeros(0, int)) for name in ("reader", "read")})
    assert sorted(collapsed(placed(graph))["y"].values.tolist()) == [-GAP, 0, GAP]


def test_the_path_runs_by_depth() -> None:
    graph = xr.Dataset({"critical": ("task", [True, False, True]), "x": ("task", [2.0, 1.0, 1.0])})
    assert path(graph).tolist() == [2, 0]
