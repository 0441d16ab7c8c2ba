"""What a task graph shows of itself."""

import dask.array as da

from daskcnn import networks
from daskcnn.forward import forward
from daskcnn.plan import Plan
from daskcnn.quantity import quantity
from daskcnn.sources import MnistTest
from daskcnn.taskgraph import TaskGraph
from tests.test_markup import Seen


def test_a_plans_graph_shows_its_layers_with_their_sums() -> None:
    plan = Plan.of(networks.mnist(), "channel=2", images=10, workers=2)
    work = forward(plan, MnistTest(10))
    text = Seen(TaskGraph.of(work)._repr_html_()).text
    assert f"Bytes moved{quantity(plan.bytes_moved, 'B')}" in text
    for layer in work.work:
        sums = quantity(sum(layer.operations), "FLOP"), quantity(sum(layer.nbytes), "B")
        assert f"{layer.label}{len(layer.tasks)}{sums[0]}{sums[1]}{layer.exchange}" in text


def test_what_is_not_known_is_a_dash() -> None:
    text = Seen(TaskGraph.from_collection(da.ones(8, chunks=4).sum())._repr_html_()).text
    assert "Bytes moved–" in text and "sum2" in text


def test_names_are_text_and_no_task_is_a_graph_too() -> None:
    seen = Seen(TaskGraph.from_graph({("a<b>hi</b>", 0): (abs, 1)})._repr_html_())
    assert "b" not in seen.tags and "a<b>hi</b>" in seen.text
    assert "Tasks0" in Seen(TaskGraph.from_graph({})._repr_html_()).text
