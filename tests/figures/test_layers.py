"""Layers: sums over their tasks, against plain loops over the trace and the graph."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from bokeh.models import Div, GlyphRenderer, LabelSet, LayoutDOM, Scatter

from daskcnn.figures.layer_table import layer_table
from daskcnn.figures.layers import Roof, layers, roofline
from daskcnn.metrics import METRICS
from daskcnn.store import Store
from daskcnn.tracing import traced_run
from tests.planned import LASTING, planned_run
from tests.runs import make_run
from tests.traces import make

ROOF = Roof(50e9, 10e9)
OLD = Path(__file__).parents[1] / "data" / "run-schema-1.nc"


@pytest.fixture(scope="module")
def run() -> xr.DataTree:
    return planned_run("channel=2")


def words(layout: LayoutDOM) -> str:
    return "".join(div.text for div in layout.select({"type": Div}))


def test_every_number_is_a_sum_over_the_tasks(run: xr.DataTree) -> None:
    found, graph = layer_table(run, 0), run["graph"].to_dataset()
    layer, size = graph["layer"].values.tolist(), graph["bytes"].values.tolist()
    plan = run["plan"].to_dataset()
    for name in set(layer):
        own = found.sel(layer=name)
        tasks = [task for task, of in enumerate(layer) if of == name]
        pairs = zip(graph["reader"].values.tolist(), graph["read"].values.tolist(), strict=True)
        reads = [(task, read) for task, read in pairs if task in tasks]
        assert own["tasks"] == len(tasks)
        assert own["seconds"] == pytest.approx(LASTING * len(tasks))
        assert own["operations"] == graph["operations"].values[tasks].sum()
        assert own["operations_per_s"] == pytest.approx(own["operations"].item() / own["seconds"].item())
        assert own["bytes_out"] == sum(size[task] for task in tasks)
        assert own["bytes_in"] == sum(size[read] for _, read in reads)
        names = plan["layer"].values.tolist()
        first, _, last = name.partition("..")
        within = names[names.index(first) : names.index(last or first) + 1] if first in names else []
        assert own["bytes_held"] == plan["weight_bytes"].sel(layer=within).sum()
        through = own["bytes_in"] + own["bytes_out"] + own["bytes_held"]
        assert own["intensity"] == pytest.approx((own["operations"] / through).item())
    assert found["bytes_received"].sum() == run["bytes_planned"]
    assert set(found["exchange"].values) - {""} <= {"all-gather", "relayout"}


def test_layers_come_in_the_order_in_which_they_began(run: xr.DataTree) -> None:
    layer = run["trace/tasks"].to_dataset()["layer"].values.tolist()
    assert layer_table(run, 0)["layer"].values.tolist() == list(dict.fromkeys(layer))


def test_a_run_of_the_first_schema_takes_its_edges_from_the_graph(tmp_path: Path) -> None:
    (tmp_path / "old.nc").write_bytes(OLD.read_bytes())
    tree = Store(tmp_path).open("old")
    found = layer_table(tree, 0)
    graph = tree["graph"].to_dataset()
    reads = graph["bytes"].values[graph["read"].values][graph["layer"].values[graph["reader"].values] == "dense3"]
    assert found["bytes_in"].sel(layer="dense3") == reads.sum() > 0
    assert np.isnan(found["bytes_received"]).all()
    assert np.isnan(found["operations"]).all()
    assert "not known" in words(layers(tree, 0, ROOF))


def test_other_work_has_neither_plan_nor_operations() -> None:
    tasks = [{"start": 0.0, "stop": 1.0, "layer": "<a>"}, {"start": 2.0, "stop": 3.0, "worker": 1, "layer": "b"}]
    trace = make(tasks, [(1, 0)], [{"producer": 0, "destination": 1, "start": 1.0, "stop": 1.5, "bytes": 96}])
    tree = traced_run(trace, "a.py")
    found = layer_table(tree, 0)
    assert found["bytes_received"].values.tolist() == [0, 96]
    assert found["exchange"].values.tolist() == ["", ""]
    text = words(layers(tree, 0, ROOF))
    assert "&lt;a&gt;" in text
    assert "not known" in text


def test_points_lie_under_the_roof_where_it_is_known(run: xr.DataTree) -> None:
    found = layer_table(run, 0)
    plot = roofline(found, ROOF)
    (points,) = (own for own in plot.renderers if isinstance(own.glyph, Scatter))
    (roof,) = (own for own in plot.renderers if own is not points)
    known = found["operations_per_s"].values > 0
    np.testing.assert_allclose(points.data_source.data["y"], found["operations_per_s"].values[known] / 1e9)
    x, y = (np.array(roof.data_source.data[name]) for name in "xy")
    np.testing.assert_allclose(y, np.minimum(50, 10 * x))
    drawn = [points.data_source.data[name] for name in ("x", "y", "share")]
    for at, rate, share in zip(*drawn, strict=True):
        assert share == METRICS["operations_share"].text(rate / min(50, 10 * at))
    assert len(roofline(found, Roof()).renderers) == 1


def test_the_page_says_what_the_roof_is(run: xr.DataTree) -> None:
    assert "Roof of one thread: 50 GFLOP/s, 10 GB/s" in words(layers(run, 0, ROOF))
    assert "daskcnn calibrate" in words(layers(run, 0, Roof()))


def test_all_layers_are_in_the_table_and_the_longest_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("daskcnn.figures.layers"), "MOST", 2)
    run = make_run(repeats=1)
    found = layer_table(run, 0)
    layout = layers(run, 0, ROOF)
    text = words(layout)
    assert f"{found.sizes['layer'] - 2} others are in the table only" in text
    assert all(f">{name}</th>" in text for name in found["layer"].values)
    (labels,) = (own.source.data for own in layout.select({"type": LabelSet}) if "value" in own.source.data)
    longest = found.isel(layer=np.argsort(-found["seconds"].values)[:2])
    assert set(labels["layer"]) == set(longest["layer"].values)
    assert set(labels["text"]) == {METRICS["seconds"].text(own) for own in longest["seconds"].values}


def test_a_repeat_without_tasks_draws_nothing() -> None:
    layout = layers(make_run(), 99, ROOF)
    assert all(not len(own.data_source.data["layer"]) for own in layout.select({"type": GlyphRenderer}))
