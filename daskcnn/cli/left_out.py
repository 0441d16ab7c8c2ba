"""Files of a store that are not listed, and why."""

from __future__ import annotations

from collections.abc import Iterable

from daskcnn.cli import said
from daskcnn.errors import RunError, UsageError
from daskcnn.store import Store


def left_out(store: Store, names: Iterable[str]) -> None:
    """On standard error, a line for each file that cannot be listed, with the way out."""
    for name in names:
        said.warning(_complaint(store, name))


def _complaint(store: Store, name: str) -> str:
    try:
        store.open(name)
    except (RunError, UsageError) as error:
        return f"{name!r} is left out: {error}"
    return f"{name!r} is left out, for it changed while it was read: list the runs again"
