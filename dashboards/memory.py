"""Memory of each worker over time, in one run."""

from bokeh.models import LayoutDOM

from daskcnn.figures import memory, one_run
from daskcnn.store import Store

TITLE = "Memory"
WORDS = "Memory of each worker", "Resident memory of its process, and the results that it held in memory and on disk"


def page(store: Store) -> LayoutDOM:
    """What the workers of a run that is chosen held over time, the plan's bound and the limit."""
    return one_run(str(store.path), store.runs(), lambda run: memory(store.open(run)), *WORDS)
