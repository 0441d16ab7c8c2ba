"""The store's table, for one's own questions."""

from bokeh.document import Document
from bokeh.layouts import column
from bokeh.models import LayoutDOM

from daskcnn.figures import empty, note
from daskcnn.figures.explorer import explore
from daskcnn.figures.notes import within
from daskcnn.figures.settings import STAYS, served
from daskcnn.store import Store

TITLE = "Explore"
TOPIC = "For your own questions"
ABOUT = "A row a run, a column for all that is known of it, as the store was when this page was loaded"
NO_SERVER = "What is chosen here is drawn by a server, which a file has not: see it with daskcnn dashboard"


def page(store: Store) -> LayoutDOM:
    """Every column of the store's table in hvPlot's explorer; it stays as it is when runs land."""
    if not store.runs().sizes["run"]:
        return empty(str(store.path))
    if not served():
        return note(TOPIC, NO_SERVER)
    explorer = within("explore", "Explorer of the store's table")
    explorer.name = STAYS
    return column(note(TOPIC, ABOUT), explorer, sizing_mode="stretch_width")


def fill(document: Document, store: Store) -> None:
    """The explorer, a page within this page: its widgets have a style and scripts of their own."""
    explore(document, store.runs())
