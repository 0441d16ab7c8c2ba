"""One browser session: its pages, made when they are first seen, and made anew when runs land."""

from __future__ import annotations

from bokeh.document import Document
from bokeh.io.doc import patch_curdoc
from bokeh.models import Select

from daskcnn.dashboard.frame import Frame, frame, page, pages
from daskcnn.dashboard.watch import Watch
from daskcnn.errors import RunError
from daskcnn.figures import note, settings
from daskcnn.quantity import many
from daskcnn.store import Store


class Reader:
    """Who has the pages open in a browser."""

    def __init__(self, document: Document, store: Store, watch: Watch) -> None:
        self.store = store
        context = document.session_context
        given = context.request.arguments if context else {}
        asked = {name: values[-1].decode("utf-8", "replace") for name, values in given.items()}
        self._fresh: set[int] = set()
        """Places of the pages that were drawn since the last run landed."""
        self._document = document
        self._state = note("", state(store))
        settings.serve(document, asked)
        with patch_curdoc(document):
            self.frame: Frame = frame(document, pages(), asked.get("page", ""), [self._state])
        self.draw()
        self.frame.choose.on_change("active", lambda attr, old, new: self.draw())
        watch.readers.add(self._tell)
        document.on_session_destroyed(lambda context: watch.readers.discard(self._tell))

    def draw(self) -> None:
        """Draw the page that is seen, unless it is there and up to date."""
        place = self.frame.choose.active
        name, room = self.frame.names[place], self.frame.rooms[place]
        if place in self._fresh:
            return
        # Not all that the room refers to: its callbacks know of the other rooms.
        layout = room.children[0]
        menus = list(layout.select({"type": Select, "name": settings.RUN}))
        if menus:
            # What is drawn of a run stays as it is: it is zoomed into, and runs do not change.
            options = settings.run_options(self.store.runs())
            for menu in menus:
                gone = [(menu.value, menu.value)] * (menu.value not in dict(options))
                menu.options = [*gone, *options]
        elif not layout.select_one({"name": settings.STAYS}):
            with patch_curdoc(self._document):
                room.children = [page(name, self.store)]
        self._fresh.add(place)

    def landed(self) -> None:
        """Bring what is seen up to date."""
        self._fresh.clear()
        self._state.update(text=note("", state(self.store)).text)
        self.draw()

    def _tell(self) -> None:
        self._document.add_next_tick_callback(self.landed)


def state(store: Store) -> str:
    """How many runs the store has, or why none are known."""
    try:
        count = len(store.ids())
    except RunError as error:
        return str(error)
    if not store.path.exists():
        return f"Store {store.path} is not there yet: the first run makes it"
    return f"Store {store.path}: {many(count, 'run')}"
