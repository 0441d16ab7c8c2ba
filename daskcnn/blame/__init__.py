"""Blame: every moment of every worker's threads by its cause, the critical path, and what if a cause had vanished.

A lane is one thread of one worker. From the first task of a repeat that is submitted to the last whose result the
scheduler knows of, each moment of each lane has one cause:

- *compute*: it computes a task.
- *deserialize*: it loads what a task that it has begun needs.
- *transfer wait*: the input that its next task waited for last was on its way.
- *dependency wait*: that input was not made yet, since its task, or one that this waited for, was on another lane.
- *scheduler wait*: nothing else was missing; the scheduler and the worker kept their books.
- *no work*: its next task was not submitted yet, or there is none.
- *spill*: it is idle while its worker writes results to disk, or reads them.
- *paused*: it is idle while its worker is paused, its memory full.
- *other*: idle, and the trace does not say why.

A wait is followed to its roots: while the producer of the missing input itself waited for a transfer, or its worker
was paused, so is the wait for it; while it queued behind another task, it is dependency wait for that one. Where
clocks of two workers put a reader before what it reads, the wait between them is none.

The classes follow Scalasca's wait states (Markus Geimer et al., "The Scalasca performance toolset architecture",
2010; David Böhme et al., "Identifying the root causes of wait states in large-scale parallel applications", 2010),
and the POP methodology (https://pop-coe.eu), with the scheduler that Dask has and MPI has not.
"""

from daskcnn.blame.causes import CAUSES
from daskcnn.blame.path import critical_path
from daskcnn.blame.replay import vanished, vanished_each
from daskcnn.blame.seconds import blame, intervals

__all__ = ["CAUSES", "blame", "critical_path", "intervals", "vanished", "vanished_each"]
