"""The task graph of a run."""

from bokeh.models import LayoutDOM

from daskcnn.figures import middle_repeat, note, one_run, task_graph
from daskcnn.metrics import one_repeat
from daskcnn.store import Store
from daskcnn.taskgraph import TaskGraph, drawable, table_of_run

TITLE = "Task graph"
WORDS = "What waits for what", "Costs are what the tasks took in the repeat of median time, and so is the critical path"
NOTHING = "No task of this run was recorded, so there is no graph to draw"


def page(store: Store) -> LayoutDOM:
    """The task graph of a run that is chosen, with what its tasks took."""

    def panel(run: str) -> LayoutDOM:
        tree = store.open(run)
        graph = TaskGraph.from_dataset(table_of_run(tree, one_repeat(tree.children["trace"], middle_repeat(tree))))
        return task_graph(drawable(graph)) if len(graph) else note("", NOTHING)

    return one_run(str(store.path), store.runs(), panel, *WORDS)
