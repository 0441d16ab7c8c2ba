"""Who sends whom how much, and what for, in one run."""

from bokeh.models import LayoutDOM

from daskcnn.figures import communication, middle_repeat, one_run
from daskcnn.store import Store

TITLE = "Communication"
WORDS = (
    "Who sends whom how much",
    "Bytes from worker to worker, as planned and as measured in the repeat of median time",
)


def page(store: Store) -> LayoutDOM:
    """The matrix from worker to worker of a run that is chosen, by exchange, planned against measured."""

    def panel(run: str) -> LayoutDOM:
        tree = store.open(run)
        return communication(tree, middle_repeat(tree))

    return one_run(str(store.path), store.runs(), panel, *WORDS)
