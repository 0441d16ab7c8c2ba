"""What can be wrong with a graph, found by its numbers."""

from __future__ import annotations

from daskcnn.taskgraph.faults.case import Case, Finding
from daskcnn.taskgraph.faults.data import imbalance, large_halo, rechunk_explosion, too_much_memory
from daskcnn.taskgraph.faults.shape import all_to_one, fewer_blocks
from daskcnn.taskgraph.faults.table import from_table, table
from daskcnn.taskgraph.faults.waiting import waited_for
from daskcnn.taskgraph.faults.work import embedded, tasks_too_small, too_many_layers

ROUNDING = 1e-9
"""What sums of costs may be off by."""
LOOKS = (
    tasks_too_small,
    embedded,
    rechunk_explosion,
    large_halo,
    waited_for,
    all_to_one,
    fewer_blocks,
    imbalance,
    too_much_memory,
    too_many_layers,
)

__all__ = ["LOOKS", "Case", "Finding", "findings", "from_table", "table"]


def findings(case: Case) -> list[Finding]:
    """What is above its limit, the worst first."""
    if not len(case.graph):
        return []
    found = [one for look in LOOKS for one in look(case) if one.times > 1 + ROUNDING]
    return sorted(found, key=lambda one: -one.times)
