"""Who did what when, in one run."""

from bokeh.layouts import column
from bokeh.models import CustomJS, LayoutDOM, Select

from daskcnn.figures import described, empty, facts, middle_repeat, note, task_stream, warning
from daskcnn.store import Store

TITLE = "Task stream"
NEWEST = 20
SWITCH = "panels.forEach((panel, place) => { panel.visible = String(place) === this.value })"


def page(store: Store) -> LayoutDOM:
    """The task stream of a run that is chosen in the browser, among the newest ones."""
    names = store.ids()[::-1]
    if not names:
        return empty(str(store.path))
    labels, panels = zip(*(_panel(store, name) for name in names[:NEWEST]), strict=True)
    for panel in panels[1:]:
        panel.visible = False
    options = [(str(place), label) for place, label in enumerate(labels)]
    choose = Select(title="Run", value="0", options=options, width=720)
    choose.js_on_change("value", CustomJS(args={"panels": list(panels)}, code=SWITCH))
    lines = ["A bar a task, by worker and thread, in the repeat of median time; in grey beneath, what it received"]
    if len(names) > NEWEST:
        lines.append(f"The newest {NEWEST} of {len(names)} runs can be chosen here")
    return column(note("Who did what when", *lines), choose, *panels, sizing_mode="stretch_width")


def _panel(store: Store, name: str) -> tuple[str, LayoutDOM]:
    try:
        tree = store.open(name)
        root = tree.to_dataset()
        label = f"{name} · {described(root.expand_dims('run'))}"
        parts = [facts(root), task_stream(tree, middle_repeat(tree))]
    except Exception as error:  # one bad run must not take the page away
        label, parts = name, [warning("This run cannot be drawn:", [f"{type(error).__name__}: {error}"])]
    return label, column(parts, sizing_mode="stretch_width")
