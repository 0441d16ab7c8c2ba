"""What runs look like: Dataset in, Bokeh model out; nothing is read and nothing written."""

from daskcnn.figures.comparison import bars, described, labelled
from daskcnn.figures.notes import empty, facts, note, warning
from daskcnn.figures.tables import table
from daskcnn.figures.timeline import middle_repeat, task_stream
from daskcnn.metrics import doubts

__all__ = [
    "bars",
    "described",
    "doubts",
    "empty",
    "facts",
    "labelled",
    "middle_repeat",
    "note",
    "table",
    "task_stream",
    "warning",
]
