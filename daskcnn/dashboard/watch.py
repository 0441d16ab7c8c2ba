"""One look at the store for all who read its pages."""

from collections.abc import Callable

from daskcnn.errors import RunError
from daskcnn.store import Store


class Watch:
    """Whether runs have landed, been replaced or removed, and who is to be told.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> told = []
    >>> watch = Watch(Store(Path(tempfile.mkdtemp()) / "runs"))
    >>> watch.readers.add(lambda: told.append("changed"))
    >>> watch.look(), watch.store.path.mkdir(), watch.look(), watch.look(), told
    (None, None, None, None, ['changed'])
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.readers: set[Callable[[], None]] = set()
        """Each called when the store has changed."""
        self._seen = self._state()

    def look(self) -> None:
        """Tell all if the store is not what it was."""
        state = self._state()
        if state != self._seen:
            self._seen = state
            for tell in tuple(self.readers):
                tell()

    def _state(self) -> object:
        """The ids, and when a file was last put into the folder or replaced, or why they are not known."""
        try:
            return self.store.ids(), self.store.path.stat().st_mtime_ns
        except FileNotFoundError:
            return None
        except (OSError, RunError) as error:
            return str(error)
