"""A printed graph says what its colours stand for."""

import numpy as np
import pytest
import xarray as xr

from daskcnn.figures.graph.image import graph_image
from daskcnn.taskgraph import TaskGraph, drawable


@pytest.fixture
def table() -> xr.Dataset:
    tasks = {"$a_{0}": (abs, 1), "b": (abs, "$a_{0}"), "c": (abs, "b")}
    return drawable(TaskGraph.from_graph(tasks, workers=2, owners={"$a_{0}": 0, "b": 1, "c": 1}))


@pytest.mark.parametrize(
    ("colour", "names"),
    [("layer", [r"\$a_{0}", "b", "c"]), ("owner", ["worker 0", "worker 1"]), ("cost", ["1 task"])],
)
def test_the_colours_are_named(table: xr.Dataset, colour: str, names: list[str]) -> None:
    drawn = graph_image(table, colour)
    [legend] = drawn.legends
    assert [text.get_text() for text in legend.get_texts()] == ["critical path", *names]
    assert len(drawn.axes) == 1


def test_costs_that_differ_have_a_scale_in_their_unit(table: xr.Dataset) -> None:
    drawn = graph_image(table.assign(cost=("task", [0.001, 0.1, 0.001], {"units": "s"})), "cost", "what it is")
    drawn.canvas.draw()
    scale = [text.get_text() for text in drawn.axes[1].get_yticklabels()]
    assert (scale[0], scale[-1]) == ("1.00 ms", "100.00 ms")
    assert drawn.get_suptitle() == "what it is: 3 tasks, 2 edges"


def test_layers_are_named_above_their_columns_and_depths_are_whole_numbers(table: xr.Dataset) -> None:
    axes = graph_image(table).axes[0]
    assert [text.get_text() for text in axes.texts] == [r"\$a_{0}", "b", "c"]
    one = graph_image(drawable(TaskGraph.from_graph({"a": (abs, 1)}))).axes[0]
    assert [tick for tick in one.get_xticks() if 0.75 <= tick <= 1.25] == [1]


def test_the_path_of_layers_comes_back_to_those_that_it_comes_back_to() -> None:
    names = ["a", "b"]
    chain = {(names[i % 2], i): (abs, (names[(i - 1) % 2], i - 1) if i else 1) for i in range(301)}
    line = graph_image(drawable(TaskGraph.from_graph(chain))).axes[0].lines[0]
    assert np.asarray(line.get_xdata()).tolist() == [151.0] * 301


def test_more_colours_than_can_be_named_are_not() -> None:
    many = drawable(TaskGraph.from_graph({(chr(97 + i), 0): (abs, 1) for i in range(20)}))
    [legend] = graph_image(many).legends
    assert len(legend.get_texts()) == 1


def test_letters_that_the_font_lacks_are_squares() -> None:
    drawn = graph_image(drawable(TaskGraph.from_graph({("\u4e16", 0): (abs, 1)})), title="\u754c\nover two lines")
    drawn.canvas.draw()
    assert drawn.axes[0].texts[0].get_text() == "\u25a1"
    assert drawn.get_suptitle().startswith("\u25a1 over two lines: 1 task")
