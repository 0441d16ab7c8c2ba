"""What is around the pages: their names to choose from, and light or dark."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bokeh.document import Document
from bokeh.events import DocumentReady
from bokeh.layouts import column, row
from bokeh.models import Column, CustomJS, LayoutDOM, RadioButtonGroup
from bokeh.themes import Theme

from daskcnn import plugins
from daskcnn.figures import note, warning
from daskcnn.figures.settings import menu
from daskcnn.store import Store

TITLE = "daskcnn"
ROOM = "dashboards"
HEAD = """<meta name="viewport" content="width=device-width"><style>%s</style><script>
document.documentElement.dataset.light = (new URL(location).searchParams.get("light") ?? "system")
  .replace("system", matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")
</script>"""
FOLLOW = """<script>
if (parent !== window) {
  const above = parent.document.documentElement
  const follow = () => {
    document.documentElement.dataset.light = above.dataset.light
    for (const own of window.Bokeh?.documents ?? [])
      for (const model of own.all_models) if (model.type.endsWith("Axis")) model.change.emit()
  }
  new MutationObserver(follow).observe(above, {attributeFilter: ["data-light"]})
  follow()
}
</script>"""
"""A page within a page is as light as that; figures read their colours whenever they are painted."""
FIRST = ("compare", "scaling", "stream", "efficiency", "layers", "communication", "memory", "graph", "explore")
"""The order of pages; others come after."""
LIGHTS = (("system", "as the system"), ("light", "light"), ("dark", "dark"))
ADDRESS, LIGHT = (Path(__file__).with_name(f"{name}.mjs") for name in ("address", "light"))


@dataclass(frozen=True)
class Frame:
    """Room for pages, of which one is seen at a time."""

    names: tuple[str, ...]
    """Of the pages, as in `dashboards/`."""
    choose: RadioButtonGroup
    """Whose `active` is the place of the page that is seen."""
    rooms: tuple[Column, ...]
    """Where each page goes; until then it says that it is being drawn."""


def frame(document: Document, names: Sequence[str], first: str, above: Sequence[LayoutDOM]) -> Frame:
    """Fill a document with room for pages.

    Parameters
    ----------
    document : Document
    names : sequence of str
        Of the pages.
    first : str
        The one that is seen at first; unless it is one of them, the first one is.
    above : sequence of LayoutDOM
        What is always seen.
    """
    active = names.index(first) if first in names else 0
    choose = RadioButtonGroup(labels=titles(names), active=active, visible=len(names) > 1, sizing_mode="stretch_width")
    rooms = [column(note("", "Drawing …"), sizing_mode="stretch_width") for _ in names]
    # The others become part of the page when they are first seen: a browser draws what is hidden, too.
    stage = column(rooms[active], sizing_mode="stretch_width")
    light = menu("light", "", LIGHTS, width=130)
    address = CustomJS.from_file(ADDRESS, choose=choose, names=list(names), rooms=rooms, stage=stage)
    lit = CustomJS.from_file(LIGHT, light=light)
    choose.js_on_change("active", address)
    light.js_on_change("value", lit)
    document.js_on_event(DocumentReady, address, lit)
    document.title = TITLE
    document.theme = Theme(plugins.room(ROOM) / "theme.yaml")
    document.template = head_block()
    top = row(choose, light, sizing_mode="stretch_width")
    document.add_root(column(top, *above, stage, sizing_mode="stretch_width"))
    return Frame(tuple(names), choose, tuple(rooms))


def pages() -> list[str]:
    """The names of all pages, in their order."""
    found = plugins.names(ROOM)
    return [*(name for name in FIRST if name in found), *(name for name in found if name not in FIRST)]


def titles(names: Sequence[str]) -> list[str]:
    """What pages are called."""
    return [str(plugins.load(ROOM, name).TITLE) for name in names]


def head() -> str:
    """What the head of every file has: the colours, light and dark, as variables, and which of them hold at first."""
    return HEAD % (plugins.room(ROOM) / "theme.css").read_text(encoding="utf-8")


def head_block() -> str:
    """The template of a document with that head."""
    return f"{{% block preamble %}}{head()}{{% endblock %}}"


def within_block() -> str:
    """The template of a document that is shown within a page, with that head."""
    return f"{{% block preamble %}}{head()}{FOLLOW}{{% endblock %}}"


def page(name: str, store: Store) -> LayoutDOM:
    """A page, or what keeps it from being drawn."""
    try:
        layout: LayoutDOM = plugins.load(ROOM, name).page(store)
    except Exception as error:  # one page must not take the others away
        return warning(f"The page {name} cannot be drawn:", [f"{type(error).__name__}: {error}"])
    return layout
