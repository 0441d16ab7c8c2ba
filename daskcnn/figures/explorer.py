"""hvPlot's explorer of the store's table, for one's own questions.

Not among what `daskcnn.figures` shows: to import Panel takes a second.
"""

import holoviews as hv  # type: ignore[import-untyped]
import hvplot.pandas  # type: ignore[import-untyped]
import panel
import xarray as xr
from bokeh.document import Document
from bokeh.models import ImportedStyleSheet, InlineStyleSheet, Row, Tabs
from panel.io.resources import CDN_DIST
from panel.viewable import Viewable

from daskcnn.figures.labels import short

COLOURS = {
    "--design-background-color": "var(--paper)",
    "--design-background-text-color": "var(--ink)",
    "--design-surface-color": "var(--raised)",
    "--design-surface-text-color": "var(--ink)",
}
"""What Panel calls the colours of a page."""
CHOSEN = ".bk-tab.bk-active { color: var(--ink); background-color: var(--raised); }"
"""Bokeh's own is dark on whatever there is."""
HERE = "static/extensions/panel/"
"""Where a Bokeh server has Panel's files."""


def explore(document: Document, runs: xr.Dataset) -> None:
    """Fill a document of its own with all columns of the table, to be drawn as the reader likes.

    Parameters
    ----------
    document : Document
        Of a browser session: what is drawn follows what is chosen.
    runs : xarray.Dataset
        The store's table, with at least one run.
    """
    hv.renderer("bokeh").webgl = False  # a few points need no graphics card
    table = runs.to_dataframe().reset_index().map(lambda value: short(value) if isinstance(value, str) else value)
    explorer = hvplot.explorer(table, kind="scatter", x="workers", y="seconds", by=["chunks"])
    view = panel.panel(explorer)
    assert isinstance(view, Viewable)
    view.server_doc(document, location=False)
    for root in document.roots:
        root.styles = {**root.styles, **COLOURS}
        for beside in root.select({"type": Row}):
            # On a phone, what is drawn goes beneath what is chosen.
            beside.styles = {**beside.styles, "flex-wrap": "wrap"}
            beside.children[-1].styles = {**beside.children[-1].styles, "min-width": "min(330px, 100%)"}
        for tabs in root.select({"type": Tabs}):
            tabs.stylesheets = [*tabs.stylesheets, InlineStyleSheet(css=CHOSEN)]
        for sheet in root.select({"type": ImportedStyleSheet}):
            sheet.url = sheet.url.replace(CDN_DIST, HERE)
