"""All that is known of why the tasks of one repeat began when they did."""

from dataclasses import dataclass
from functools import cached_property

import xarray as xr

from daskcnn.blame.chains import Chains, chained
from daskcnn.blame.covers import Cover, covers
from daskcnn.blame.inputs import Inputs, inputs
from daskcnn.blame.lanes import Lanes, lanes
from daskcnn.blame.repeats import Traced, middle, trace_of
from daskcnn.blame.waits import Waits, waits
from daskcnn.blame.work import Work, work


@dataclass(frozen=True, eq=False)
class History:
    """One repeat."""

    trace: xr.DataTree
    work: Work
    inputs: Inputs
    waits: Waits
    covers: list[Cover]

    @cached_property
    def chains(self) -> Chains:
        """Of each task by what it waited for last."""
        return chained(self.waits.on, self.waits.since)


def history(trace: xr.DataTree, of: Lanes, repeat: int) -> History:
    """What happened in one repeat of a trace."""
    tasks = work(trace, of, repeat)
    read = inputs(trace, tasks)
    return History(trace, tasks, read, waits(tasks, read), covers(trace))


def history_of(run: Traced, repeat: int | None) -> History:
    """What happened in one repeat of a run, the middle one if none is named."""
    trace = trace_of(run)
    of = lanes(trace)
    return history(trace, of, middle(trace, of) if repeat is None else repeat)
