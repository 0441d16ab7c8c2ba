"""The figure of a task graph has what its size allows."""

import numpy as np
from bokeh.models import Button, Div, Scatter, TapTool
from bokeh.plotting import figure

from daskcnn.figures import task_graph
from daskcnn.figures.graph.task_graph import FEW
from daskcnn.taskgraph import TaskGraph, drawable

TABLE = drawable(TaskGraph.from_graph({("a", i): (abs, 1) for i in range(FEW + 1)}, workers=2))


def test_a_graph_too_large_to_keep_has_a_node_a_layer_for_good() -> None:
    kept, left = task_graph(TABLE), task_graph(TABLE, most=FEW)
    for shown, buttons in ((kept, 2), (left, 0)):
        [plot] = shown.select({"type": figure})
        assert len(list(shown.select({"type": Button}))) == buttons == 2 * len(list(plot.select({"type": TapTool})))
        [nodes] = [one for one in plot.renderers if isinstance(one.glyph, Scatter)]
        assert nodes.data_source.data["tasks"].tolist() == [FEW + 1]
    words = ["".join(own.text for own in shown.select({"type": Div})) for shown in (kept, left)]
    assert "click one" in words[0] and f"above {FEW:,} tasks" in words[1]


def test_the_height_is_what_the_rows_need_and_no_more_than_a_screen() -> None:
    heights = []
    for count in (2, 20, 200):
        graph = TaskGraph.from_graph({("a", i): (abs, 1) for i in range(count)})
        [plot] = task_graph(drawable(graph)).select({"type": figure})
        heights.append(plot.height)
    assert np.all(np.diff(heights) > 0) and heights[0] < 300 and heights[-1] <= 760
