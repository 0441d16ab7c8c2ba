"""The pages served to browsers on this machine; each draws what is seen, when it is first seen."""

from collections.abc import Callable
from functools import partial

from bokeh.application import Application
from bokeh.application.handlers import FunctionHandler
from bokeh.document import Document
from bokeh.server.server import Server
from tornado.ioloop import PeriodicCallback

from daskcnn import plugins
from daskcnn.dashboard.frame import ROOM, pages, within_block
from daskcnn.dashboard.reader import Reader
from daskcnn.dashboard.watch import Watch
from daskcnn.errors import RunError
from daskcnn.store import Store

EVERY = 1000
"""Milliseconds from one look at the store to the next."""


def application(store: Store, watch: Watch | None = None) -> Application:
    """A Bokeh application that draws the pages for each browser session."""
    watch = watch or Watch(store)
    return Application(FunctionHandler(lambda document: _open(document, store, watch)))


def applications(store: Store, watch: Watch) -> dict[str, Application]:
    """By address, all the pages, and those that fill a document of their own, shown within theirs."""
    found = {"/": application(store, watch)}
    # All pages are imported before there is a server, which has the scripts only of what it knows when it is made.
    for name in pages():
        if fill := getattr(plugins.load(ROOM, name), "fill", None):
            found[f"/{name}"] = Application(FunctionHandler(partial(_fill, fill, store)))
    return found


def serve(store: Store, port: int = 5007, show: Callable[[str], None] = lambda url: None) -> None:
    """Serve the pages on this machine only, until interrupted.

    Parameters
    ----------
    store : Store
        Runs that land later appear on pages that are open.
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
    watch = Watch(store)
    origins = [f"{host}:{port}" for host in ("localhost", "127.0.0.1")] if port else None
    try:
        server = Server(
            applications(store, watch),
            port=port,
            address="127.0.0.1",
            allow_websocket_origin=origins,
        )
    except OSError as error:
        raise RunError(f"port {port} cannot be used ({error.strerror}): choose another, or 0 for any") from error
    try:
        server.start()
        PeriodicCallback(watch.look, EVERY).start()
        show(f"http://localhost:{server.port}/")
        server.io_loop.start()
    except KeyboardInterrupt:
        server.stop()


def _fill(fill: Callable[[Document, Store], None], store: Store, document: Document) -> None:
    document.template = within_block()
    fill(document, store)


def _open(document: Document, store: Store, watch: Watch) -> None:
    Reader(document, store, watch)
