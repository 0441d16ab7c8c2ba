"""Why a task began when it did: the life of each task backwards from its start, as far as what it waited for last.

    asked, made ─ ready ── sent ══ arrived ─┐
                                            ├─ there ── begun ══ loaded ── start ══ stop
    the task before on its lane ─── free ───┘

A task can begin when its inputs are on the worker and its lane is free. Dask sends for inputs when all of them are
made and the task was submitted: it is then `ready`. What held it up is whichever of the two came last, the lane or
the inputs, and with it all that this in turn had waited for: the task before on its lane, or the producer of the
input that was made last. Following these from task to task explains any wait (Barton Miller et al., "IPS-2", 1990,
and Geimer et al., "The Scalasca performance toolset architecture", 2010, do so for messages).
"""

from dataclasses import dataclass

import numpy as np

from daskcnn.blame.causes import OTHER, SCHEDULER
from daskcnn.blame.inputs import Inputs
from daskcnn.blame.lanes import Floats, Ints
from daskcnn.blame.work import Work


@dataclass(frozen=True, eq=False)
class Waits:
    """What each task waited for; all arrays are (task,)."""

    asked: Floats
    """It was submitted; the beginning where that is unknown."""
    ready: Floats
    """It was submitted and its inputs were made."""
    sent: Floats
    """The input that arrived last was sent, or made if it did not move."""
    arrived: Floats
    """That input was on the worker."""
    there: Floats
    """All was there: inputs and a free lane."""
    on: Ints
    """The task that it waited for last, -1 where it waited for none."""
    since: Floats
    """Since `on` stopped; where there is none, since it was submitted."""
    sending: Floats
    """From `since` to here its inputs were not sent for: none of it if it waited for its lane."""
    cause: Ints
    """Of what is between `there` and `begun`: scheduler wait, or other where nothing is known but start and stop."""


def waits(work: Work, inputs: Inputs) -> Waits:
    """What each task of some work waited for.

    Parameters
    ----------
    work : Work
    inputs : Inputs
        Of the same work.
    """
    count = work.task.size
    sent, arrived = np.full(count, work.begin), np.full(count, work.begin)
    # Of inputs that arrived together the one that was sent last: it arrives soonest.
    order = np.lexsort((inputs.sent, inputs.arrived, inputs.reader))
    sent[inputs.reader[order]], arrived[inputs.reader[order]] = inputs.sent[order], inputs.arrived[order]
    made, source = np.full(count, work.begin), np.full(count, -1)
    order = np.lexsort((inputs.source, inputs.made, inputs.reader))
    order = order[inputs.made[order] <= sent[inputs.reader[order]]]
    made[inputs.reader[order]], source[inputs.reader[order]] = inputs.made[order], inputs.source[order]
    asked = np.where(np.isnan(work.submitted), work.begin, work.submitted)
    ready = np.maximum(made, asked)
    sent = np.maximum(sent, ready)
    arrived = np.maximum(arrived, sent)
    known = ~np.isnan(work.submitted)
    known[inputs.reader] = True
    lane = ~known | (work.free >= arrived)
    return Waits(
        asked=asked,
        ready=ready,
        sent=sent,
        arrived=arrived,
        there=np.maximum(work.free, arrived),
        on=np.where(lane, work.before, np.where(made >= asked, source, -1)),
        since=np.where(lane, work.free, ready),
        sending=np.where(lane, work.free, sent),
        cause=np.where(known, SCHEDULER, OTHER),
    )
