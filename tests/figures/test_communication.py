"""Matrices and tables of what is sent: against plain loops over the graph, and the plan's closed form."""

from importlib import import_module

import numpy as np
import pytest
import xarray as xr
from bokeh.models import Div, GlyphRenderer, LayoutDOM, Rect, Select, Span

from daskcnn.figures.communication import communication
from daskcnn.figures.exchanges import OTHER, between, exchanges, measured, planned
from daskcnn.metrics import METRICS
from daskcnn.tracing import traced_run
from tests.planned import planned_run
from tests.traces import make

CUTS = [("spatial=2", 2), ("channel=2", 2), ("channel=3", 3), ("batch=2", 2), ("filter=2", 2)]


@pytest.fixture(scope="module", params=CUTS, ids=lambda cut: cut[0])
def run(request: pytest.FixtureRequest) -> xr.DataTree:
    return planned_run(*request.param)


def by_hand(run: xr.DataTree) -> dict[tuple[int, int], float]:
    """Bytes from worker to worker, each result once for every other worker that reads it."""
    graph = run["graph"].to_dataset()
    owner, size = graph["owner"].values.tolist(), graph["bytes"].values.tolist()
    sent = {(read, owner[reader]) for reader, read in zip(graph["reader"].values, graph["read"].values, strict=True)}
    found: dict[tuple[int, int], float] = {}
    for task, to in sent:
        if owner[task] != to:
            found[owner[task], to] = found.get((owner[task], to), 0) + size[task]
    return found


def test_planned_bytes_are_those_of_the_plan(run: xr.DataTree) -> None:
    found = planned(run)
    matrix = between(found, int(run["workers"]))
    assert {ends: size for ends, size in np.ndenumerate(matrix) if size} == by_hand(run)
    assert matrix.sum() == run["bytes_planned"] == run["plan"].to_dataset()["bytes_moved"].sum()


def test_measured_bytes_have_the_kinds_that_were_planned(run: xr.DataTree) -> None:
    plan = planned(run)
    own = measured(run.children["trace"], 0, plan)
    for name in ("source", "destination", "bytes", "kind"):
        assert sorted(own[name].values.tolist()) == sorted(plan[name].values.tolist())
    assert np.allclose(own["seconds"], 2e-4)
    by_layer = run["plan"].to_dataset()
    told = dict(zip(by_layer["layer"].values, by_layer["exchange"].values, strict=True))
    sizes = {kind: float(plan["bytes"][plan["kind"].values == kind].sum()) for kind in set(plan["kind"].values)}
    expected: dict[str, float] = {}
    for layer, kind in told.items():
        expected[kind] = expected.get(kind, 0) + float(by_layer["bytes_moved"].sel(layer=layer))
    assert sizes == {kind: size for kind, size in expected.items() if size}


def test_kinds_by_name_where_the_graph_does_not_say(run: xr.DataTree) -> None:
    plain = run.copy()
    plain["graph"].dataset = run["graph"].to_dataset().drop_vars("exchange")
    moving = set(planned(run)["kind"].values)
    assert set(planned(plain)["kind"].values) == moving
    assert OTHER not in moving
    kinds = exchanges(plain)
    assert {label: kind for label, kind in exchanges(run).items() if kind != OTHER}.items() <= kinds.items()


def test_the_matrices_and_the_table_say_the_same(run: xr.DataTree) -> None:
    layout = communication(run, 0)
    sources = [drawn.data_source.data for drawn in _rects(layout)]
    for data in sources:
        found = {(y, x): size for x, y, size in zip(data["x"], data["y"], data["bytes0"], strict=True) if size}
        assert found == by_hand(run)
        texts = [METRICS["bytes_moved"].text(size) if size else "" for size in data["bytes0"]]
        assert data["text"].tolist() == texts
    (choose,) = layout.select({"type": Select})
    assert next(label for _, label in choose.options) == "all"
    words = "".join(div.text for div in layout.select({"type": Div}))
    assert words.count(f"<td>{METRICS['bytes_moved'].text(int(run['bytes_planned']))}</td>") >= 2


def test_of_many_workers_only_those_that_send_have_a_square(run: xr.DataTree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("daskcnn.figures.communication"), "NUMBERS", 1)
    for drawn in _rects(communication(run, 0)):
        data = drawn.data_source.data
        assert {(y, x) for x, y in zip(data["x"], data["y"], strict=True)} == by_hand(run).keys()


def test_where_there_are_nodes_they_are_parted_and_added_up() -> None:
    run = planned_run("spatial=4", 4)
    run["trace/workers"] = run["trace/workers"].to_dataset().assign(node=("worker", ["a", "a", "b", "a"]))
    layout, node = communication(run, 0), "aaba"
    spans = [(span.dimension, span.location) for span in layout.select({"type": Span})]
    assert sorted(spans) == sorted(2 * [(way, place) for way in ("height", "width") for place in (1.5, 2.5)])
    (choose,) = layout.select({"type": Select})
    number = {label: key for key, label in choose.options}
    for side, apart in (("inside nodes", False), ("between nodes", True)):
        expected = {ends: size for ends, size in by_hand(run).items() if (node[ends[0]] != node[ends[1]]) == apart}
        for drawn in _rects(layout):
            data = drawn.data_source.data
            pairs = zip(data["y"], data["x"], data[f"bytes{number[side]}"], strict=True)
            assert {(source, to): size for source, to, size in pairs if size} == expected
        words = "".join(div.text for div in layout.select({"type": Div}))
        assert f">{side}</th><td>{METRICS['bytes_moved'].text(sum(expected.values()))}" in words
    assert not list(communication(planned_run(), 0).select({"type": Span}))


def test_without_a_plan_what_was_measured_stands_alone() -> None:
    tasks = [{"start": 0.0, "stop": 1.0, "layer": "make"}, {"start": 2.0, "stop": 3.0, "worker": 1, "layer": "<sum>"}]
    trace = make(tasks, [(1, 0)], [{"producer": 0, "destination": 1, "start": 1.0, "stop": 1.5, "bytes": 96}])
    layout = communication(traced_run(trace, "a.py"), 0)
    (drawn,) = _rects(layout)
    assert drawn.data_source.data["bytes0"].tolist() == [0, 96, 0, 0]
    words = "".join(div.text for div in layout.select({"type": Div}))
    assert "&lt;sum&gt;" in words
    assert "<td>–</td><td>96 B</td><td>–</td><td>1</td>" in words


def test_transfers_of_unknown_ends_are_left_out() -> None:
    trace = make([{"start": 0.0, "stop": 1.0}], (), [{"producer": -1, "destination": 1, "start": 0.0, "stop": 1.0}])
    assert measured(trace, 0).sizes["transfer"] == 0


def _rects(layout: LayoutDOM) -> list[GlyphRenderer]:
    return [drawn for drawn in layout.select({"type": GlyphRenderer}) if isinstance(drawn.glyph, Rect)]
