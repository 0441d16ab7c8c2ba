"""A drawn graph is expanded and collapsed by clicks, in headless Chromium."""

from pathlib import Path
from typing import Any

from daskcnn.drawing import draw
from daskcnn.taskgraph import TaskGraph
from tests.browsing import Visit

TASKS = 200
"""Of each of two layers, the second of which has a task for each of the first."""
SHOWN = """() => {
  const models = [...Bokeh.documents[0]._all_models.values()]
  const data = (name) => models.find((model) => model.name === name).data_source.data
  return [data("nodes").x.length, data("edges").x0.length, data("path").x.length]
}"""
NAMES = """() => {
  const models = [...Bokeh.documents[0]._all_models.values()]
  return String(models.find((model) => model.glyph?.type === "Text").data_source.data.text)
}"""
HEIGHT = "() => [...Bokeh.documents[0]._all_models.values()].find((model) => model.type === 'Figure').height"
PLACE = """(layer) => {
  const models = [...Bokeh.documents[0]._all_models.values()]
  const { data } = models.find((model) => model.glyph?.type === "Scatter").data_source
  const view = Bokeh.index.find_one(models.find((model) => model.type === "Figure"))
  const own = data.layer.flatMap((name, node) => (name === layer ? [node] : []))
  const [x, y] = ["x", "y"].map((name) => own.reduce((sum, node) => sum + data[name][node], 0) / own.length)
  const { left, top } = view.canvas_view.el.getBoundingClientRect()
  return [left + view.frame.x_scale.compute(x), top + view.frame.y_scale.compute(y)]
}"""
SEEN = """() => {
  const models = [...Bokeh.documents[0]._all_models.values()]
  const { y_range } = models.find((model) => model.type === "Figure")
  const { y } = models.find((model) => model.glyph?.type === "Scatter").data_source.data
  return Bokeh.documents[0].is_idle && Math.min(...y) > y_range.start && Math.max(...y) < y_range.end
}"""


def click(visit: Visit, layer: str) -> None:
    visit.page.wait_for_function(SEEN)
    # In the middle of a layer a click hits as many of its tasks above as below: an even number.
    visit.page.mouse.click(*visit.page.evaluate(PLACE, layer))


def sees(visit: Visit, nodes: int, links: int) -> None:
    """So many nodes and edges are drawn, and a critical path of two."""
    visit.page.wait_for_function("() => window.Bokeh?.documents[0]?.is_idle")
    visit.page.wait_for_function(f"() => String(({SHOWN})()) === '{nodes},{links},2'")


def test_layers_are_expanded_and_collapsed_by_clicks(browser: Any, tmp_path: Path) -> None:
    tasks = {("make", i): (abs, i) for i in range(TASKS)} | {("use", i): (abs, ("make", i)) for i in range(TASKS)}
    draw(TaskGraph.from_graph(tasks), tmp_path / "graph.html")
    visit = Visit(browser, (tmp_path / "graph.html").as_uri())
    sees(visit, 2, 1)
    click(visit, "make")
    sees(visit, TASKS + 1, TASKS)
    assert visit.page.evaluate(NAMES) == "use"
    low = visit.page.evaluate(HEIGHT)
    visit.page.get_by_text("Expand all").click()
    sees(visit, 2 * TASKS, TASKS)
    assert visit.page.evaluate(NAMES) == "make,use" and visit.page.evaluate(HEIGHT) == low > 500
    visit.page.get_by_text("Collapse all").click()
    sees(visit, 2, 1)
    assert visit.page.evaluate(NAMES) == "make,use" and visit.page.evaluate(HEIGHT) < 300
    # Anew: of two clicks in a row the second would be a double one.
    visit.page.reload()
    visit.page.get_by_text("Expand all").click()
    sees(visit, 2 * TASKS, TASKS)
    click(visit, "use")
    sees(visit, TASKS + 1, TASKS)
    assert visit.errors == []


def test_a_key_says_what_the_colours_mean(browser: Any, tmp_path: Path) -> None:
    tasks = {("make", i): (abs, i) for i in range(2)} | {("use", i): (abs, ("make", i)) for i in range(2)}
    draw(TaskGraph.from_graph(tasks), tmp_path / "graph.html")
    visit = Visit(browser, (tmp_path / "graph.html").as_uri())
    layers = visit.page.get_by_text("■ make")
    layers.wait_for()
    visit.page.locator("select:visible").select_option(label="owner")
    layers.wait_for(state="hidden")
    visit.see("■ worker 1")
    visit.page.locator("select:visible").select_option(label="layer")
    layers.wait_for()
    assert visit.errors == []


def test_a_page_says_what_it_shows_is_dark_where_that_is_wished_and_runs_nothing_of_a_name(
    browser: Any, tmp_path: Path
) -> None:
    hostile = "<img src=x onerror=window.hacked=1>"
    tasks = {(hostile, i): (abs, i) for i in range(3)} | {(f"</script>{hostile}", 0): (sum, [(hostile, 1)])}
    draw(TaskGraph.from_graph(tasks), tmp_path / "graph.html", title=f"{hostile} of mine")
    visit = Visit(browser, (tmp_path / "graph.html").as_uri() + "?light=dark")
    visit.see("of mine")
    visit.see("4 tasks in 2 layers, 1 edge")
    visit.see("Owners are assumed")
    paper = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(20, 24, 31)"
    assert visit.page.evaluate("window.hacked") is None
    assert all(request.startswith("file:") for request in visit.requests) and visit.errors == []
