"""All pages over one store: served on loopback, or written as one file."""

from collections.abc import Callable
from pathlib import Path

from bokeh.application import Application
from bokeh.application.handlers import FunctionHandler
from bokeh.document import Document
from bokeh.embed import file_html
from bokeh.models import GlobalInlineStyleSheet, TabPanel, Tabs
from bokeh.resources import INLINE
from bokeh.server.server import Server
from bokeh.themes import Theme

from daskcnn import plugins
from daskcnn.errors import RunError
from daskcnn.files import whole
from daskcnn.store import Store

TITLE = "daskcnn"
ROOM = "dashboards"
BODY = "body { margin: 12px 20px; background: #fff; }"


def application(store: Store) -> Application:
    """A Bokeh application that reads the store anew for each browser session."""
    return Application(FunctionHandler(lambda document: _fill(document, store)))


def serve(store: Store, port: int = 5007, show: Callable[[str], None] = lambda url: None) -> None:
    """Serve the pages on this machine only, until interrupted.

    Parameters
    ----------
    store : Store
        Runs that land later appear when the page is loaded again.
    port : int
        0 for any free one.
    show : callable
        Called with the address once it answers.

    Raises
    ------
    RunError
        The port is taken, or the store cannot be read.
    """
    store.ids()
    origins = [f"{host}:{port}" for host in ("localhost", "127.0.0.1")] if port else None
    try:
        server = Server(application(store), port=port, address="127.0.0.1", allow_websocket_origin=origins)
    except OSError as error:
        raise RunError(f"port {port} cannot be used ({error.strerror}): choose another, or 0 for any") from error
    try:
        server.start()
        show(f"http://localhost:{server.port}/")
        server.io_loop.start()
    except KeyboardInterrupt:
        server.stop()


def export(store: Store, path: Path) -> None:
    """Write all pages as one HTML file that needs nothing else, in one step.

    Raises
    ------
    RunError
        The file cannot be written, or the store cannot be read.
    """
    document = Document()
    _fill(document, store)
    html = file_html(document, INLINE, TITLE)
    try:
        with whole(path) as part:
            part.write_text(html, encoding="utf-8")
    except OSError as error:
        raise RunError(f"cannot write {path} ({error.strerror}): choose another file") from error


def _fill(document: Document, store: Store) -> None:
    pages = [plugins.load(ROOM, name) for name in plugins.names(ROOM)]
    tabs = [TabPanel(child=page.page(store), title=page.TITLE) for page in pages]
    document.title = TITLE
    document.theme = Theme(plugins.room(ROOM) / "theme.yaml")
    document.add_root(Tabs(tabs=tabs, sizing_mode="stretch_width", stylesheets=[GlobalInlineStyleSheet(css=BODY)]))
