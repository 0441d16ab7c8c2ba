"""Figures of a run for a notebook. Bokeh is imported when the first one is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import xarray as xr

from daskcnn.blame import critical_path, intervals
from daskcnn.errors import UsageError
from daskcnn.metrics import one_repeat
from daskcnn.taskgraph import TaskGraph, drawable, table_of_run


@dataclass(frozen=True, eq=False)
class Plots:
    """Each figure is a Bokeh layout, for `bokeh.io.show` or to be changed; where a repeat is not named, it is the one
    of median time.

    Examples
    --------
    >>> import daskcnn, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     done = daskcnn.run(workers=2, cluster="threads", images=50, repeat=1, store=folder)
    >>> figure = done.plot.stream()
    >>> type(figure).__name__
    'Column'
    """

    tree: xr.DataTree
    """The run."""

    def stream(self, repeat: int | None = None) -> Any:
        """What each thread did when: tasks, why there were none, transfers, the critical path, memory."""
        from daskcnn.figures import task_stream

        number = self._repeat(repeat)
        found = intervals(self.tree, number)
        if not found["start"].size:
            raise UsageError(f"all of repeat {number} took no time that the clocks can tell: there is nothing to draw")
        return task_stream(self.tree, number, found, lambda: critical_path(self.tree, number))

    def layers(self, repeat: int | None = None) -> Any:
        """Time, rate under the machine's roof, and bytes of each layer."""
        from daskcnn.figures import Roof, layers

        peak = self.tree.dataset.get("peak_operations_per_s")
        return layers(self.tree, self._repeat(repeat), Roof() if peak is None else Roof(float(peak)))

    def communication(self, repeat: int | None = None) -> Any:
        """Bytes from worker to worker by exchange, planned against measured."""
        from daskcnn.figures import communication

        return communication(self.tree, self._repeat(repeat))

    def memory(self) -> Any:
        """What each worker held over time."""
        from daskcnn.figures import memory

        return memory(self.tree)

    def graph(self, repeat: int | None = None) -> Any:
        """The task graph, with what its tasks took."""
        from daskcnn.figures import task_graph

        trace = one_repeat(self.tree.children["trace"], self._repeat(repeat))
        graph = TaskGraph.from_dataset(table_of_run(self.tree, trace))
        if not len(graph):
            raise UsageError("no task of this run was recorded: there is no graph to draw")
        return task_graph(drawable(graph))

    def efficiency(self) -> Any:
        """POP's tree of efficiencies."""
        from daskcnn.figures import efficiency_tree, labelled

        return efficiency_tree(labelled(self.tree.to_dataset().expand_dims(run=[self.tree.attrs["run"]])))

    def _repeat(self, repeat: int | None) -> int:
        """A repeat that there is, by default the middle one."""
        from daskcnn.figures import middle_repeat

        known = self.tree["metrics"].dataset["repeat"].values.tolist()
        if repeat is None:
            return middle_repeat(self.tree)
        if repeat not in known:
            raise UsageError(f"no repeat {repeat}: there are {', '.join(map(str, known))}")
        return repeat
