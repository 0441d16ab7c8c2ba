"""What runs look like: Dataset in, Bokeh model out; nothing is read and nothing written."""

from daskcnn.figures.communication import communication
from daskcnn.figures.comparison import bars, by_workers, described, labelled
from daskcnn.figures.efficiencies import efficiency_key, efficiency_tree, efficiency_words
from daskcnn.figures.graph import task_graph
from daskcnn.figures.layers import Roof, layers
from daskcnn.figures.memory import memory
from daskcnn.figures.notes import empty, facts, note, warning
from daskcnn.figures.one_run import one_run
from daskcnn.figures.scaling import fitted_laws, scaling_curves, scaling_key
from daskcnn.figures.side_by_side import side_by_side
from daskcnn.figures.tables import table
from daskcnn.figures.timeline import middle_repeat, task_stream
from daskcnn.metrics import doubts

__all__ = [
    "Roof",
    "bars",
    "by_workers",
    "communication",
    "described",
    "doubts",
    "efficiency_key",
    "efficiency_tree",
    "efficiency_words",
    "empty",
    "facts",
    "fitted_laws",
    "labelled",
    "layers",
    "memory",
    "middle_repeat",
    "note",
    "one_run",
    "scaling_curves",
    "scaling_key",
    "side_by_side",
    "table",
    "task_graph",
    "task_stream",
    "warning",
]
