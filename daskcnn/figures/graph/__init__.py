"""The task graph: as a figure to open layer by layer, and as a picture (`image`, which needs matplotlib)."""

from daskcnn.figures.graph.task_graph import task_graph

__all__ = ["task_graph"]
