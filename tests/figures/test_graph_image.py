"""A printed graph says what its colours stand for."""

import pytest
import xarray as xr

from daskcnn.figures import graph_image
from daskcnn.taskgraph import TaskGraph, drawable


@pytest.fixture
def table() -> xr.Dataset:
    tasks = {"$a_{0}": (abs, 1), "b": (abs, "$a_{0}"), "c": (abs, "b")}
    return drawable(TaskGraph.from_graph(tasks, workers=2, owners={"$a_{0}": 0, "b": 1, "c": 1}))


@pytest.mark.parametrize(
    ("colour", "names"),
    [("layer", [r"\$a_{0}", "b", "c"]), ("owner", ["worker 0", "worker 1"]), ("cost", [])],
)
def test_the_colours_are_named(table: xr.Dataset, colour: str, names: list[str]) -> None:
    drawn = graph_image(table, colour)
    [legend] = drawn.legends
    assert [text.get_text() for text in legend.get_texts()] == ["critical path", *names]
    scales = [axes.get_ylabel() for axes in drawn.axes[1:]]
    assert scales == (["Cost (tasks)"] if colour == "cost" else [])


def test_more_colours_than_can_be_named_are_not() -> None:
    many = drawable(TaskGraph.from_graph({(chr(97 + i), 0): (abs, 1) for i in range(20)}))
    [legend] = graph_image(many).legends
    assert len(legend.get_texts()) == 1
