"""A colour means the same of a task and of a layer."""

import numpy as np

from daskcnn.figures.colours import QUIET
from daskcnn.figures.graph.columns import NONE, PATH, SEVERAL, columns
from daskcnn.figures.graph.layout import collapsed, placed
from daskcnn.figures.graph.shades import Shades
from daskcnn.taskgraph import drawable
from tests.dags import drawn

KEYS = ("a", "b", "c", "d")
TABLE = drawable(
    drawn(
        {"a": [], "b": ["a"], "c": ["b"], "d": ["b"]},
        3,
        {"a": 2, "b": 2, "c": 0, "d": 1},
        seconds=dict.fromkeys(KEYS, 1),
    )
)


def test_layers_have_the_colours_of_their_tasks_owners() -> None:
    table = TABLE.assign(layer=("task", ["one", "one", "two", "two"]), tasks=("task", [1, 1, 1, 1]))
    tasks = placed(table)
    shades = Shades(1, 2)
    of_tasks, of_layers = (columns(own, shades, 3) for own in (tasks, collapsed(tasks)))
    hue = dict(zip(of_tasks["worker"].tolist(), of_tasks["by_owner"].tolist(), strict=True))
    assert hue.keys() == {"worker 0", "worker 1", "worker 2"} and len(set(hue.values())) == 3
    assert of_layers["worker"].tolist() == ["worker 2", SEVERAL]
    assert of_layers["by_owner"].tolist() == [hue["worker 2"], QUIET]
    assert of_tasks["ring"].tolist() == [PATH if one else NONE for one in table["critical"].values]
    assert of_layers["label"].tolist() == ["a layer", "a layer"]


def test_one_scale_of_costs_for_tasks_and_sums_of_them() -> None:
    shades = Shades.of(np.array([1.0, 0.0, np.nan]), np.array([1000.0]))
    least, nothing, unknown, most = shades.hues(np.array([1.0, 0.0, np.nan, 1000.0])).tolist()
    assert least == nothing != most and unknown == QUIET
    assert np.allclose(shades.steps, [1, 10**0.75, 10**1.5, 10**2.25, 1000])
    assert Shades.of(np.zeros(3)).steps.size == 0 and Shades.of(np.full(3, 2.0)).steps.tolist() == [2]


def test_keys_are_told_without_tokens_and_cut_where_they_are_long() -> None:
    keys = ["k" * 99, f"('sum-{'0af1' * 8}', 1, 2)", f"all-{'f' * 32}", "face-0a"]
    table = placed(TABLE.assign(key=("task", keys), tasks=("task", [1, 1, 1, 1])))
    assert columns(table, Shades(1, 2), 3)["label"].tolist() == ["k" * 59 + "…", "('sum', 1, 2)", "all", "face-0a"]
