"""The same tasks in the same order on the same lanes again, but without the delays of some causes.

A task starts when its lane, its inputs and its submission allow, each after the delays that were measured behind it:
of all that holds a task up, what held it up last keeps exactly its delay, what did not keeps no more than it had.
So with nothing left out every start is the measured one, and leaving more out never lengthens. This is what POP's
tools do with the messages of MPI to find the transfer efficiency (Dimemas; Rosas, Giménez and Labarta, "Scalability
prediction for fundamental performance factors", 2014), here with every cause.

What is worked out is how much earlier each task starts than it did: zero is then exactly zero.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray

from daskcnn.blame.causes import CAUSES, COMPUTE, DEPENDENCY, DESERIALIZE, NO_WORK, SCHEDULER, TRANSFER, codes
from daskcnn.blame.covers import covered
from daskcnn.blame.history import History, history_of
from daskcnn.blame.lanes import Floats, Ints
from daskcnn.blame.pieces import Pieces, added
from daskcnn.blame.repeats import Traced

FETCH, BEGIN, HEAR = range(3)
"""Delays of a task: from `ready` until its inputs have arrived, from then until it starts, after it has stopped."""


def vanished(run: Traced, causes: str | Iterable[str], repeat: int | None = None) -> float:
    """The makespan if some causes had vanished, all else as it was.

    Without compute, tasks take no time; without dependency wait, their inputs are made before anybody asks; without
    no work, all are submitted at the beginning. Otherwise tasks still take their time, one after another on the
    lanes that they ran on, each after its inputs.

    Parameters
    ----------
    run : Run or xarray.DataTree
        A run, its tree, or a trace.
    causes : str or iterable of str
        Of `CAUSES`; of none the makespan is the measured one.
    repeat : int, optional
        By default the one whose makespan is the median, or just below it.

    Returns
    -------
    float
        Seconds.

    Raises
    ------
    UsageError
        A cause is none, or no task is of that repeat.

    Examples
    --------
    >>> from daskcnn.trace import filled, trace
    >>> tasks = {"worker": [0, 0], "submitted": [0.0, 0.0], "begun": [1.0, 4.5], "start": [1.0, 5.0],
    ...          "stop": [4.0, 6.0], "deserialize": [0.0, 0.5]}
    >>> tables = {"tasks": filled("tasks", tasks), "workers": filled("workers", {"threads": [1]})}
    >>> one = trace(tables, started=0.0)
    >>> vanished(one, []), vanished(one, "scheduler wait"), vanished(one, ["scheduler wait", "deserialize"])
    (6.0, 4.5, 4.0)
    """
    return float(vanished_each(run, [causes], repeat)[0])


def vanished_each(run: Traced, sets: Iterable[str | Iterable[str]], repeat: int | None = None) -> NDArray[np.float64]:
    """(set,) The makespan in s for each of several sets of causes, as `vanished` gives it for one: sooner."""
    return makespans(history_of(run, repeat), [codes(causes) for causes in sets])


def makespans(past: History, sets: Sequence[Sequence[int]]) -> Floats:
    """(set,) The makespan without the causes of each set, by their places in `CAUSES`."""
    script = _script(past)
    return np.array([_makespan(past, script, set(causes)) for causes in sets])


@dataclass(frozen=True, eq=False)
class _Script:
    """What holds tasks up, but for causes."""

    delays: Floats
    """(task, 3, cause) Seconds of each delay by cause."""
    slack: Floats
    """(input,) How much later its producer could have stopped without holding the reader up."""
    moving: Floats
    """(input,) Seconds it moved while the reader waited for others; NaN where it arrived with the rest."""
    bounds: list[int]
    """(task + 1,) The first input of each."""
    source: list[int]
    """(input,) Its producer."""


def _script(past: History) -> _Script:
    work, read, waits = past.work, past.inputs, past.waits
    task, worker = np.arange(work.task.size), work.worker
    delays: list[tuple[int, Floats, Floats, npt.ArrayLike]] = [
        (FETCH, waits.ready, waits.sent, SCHEDULER),
        (FETCH, waits.sent, waits.arrived, TRANSFER),
        (BEGIN, waits.there, work.begun, waits.cause),
        (BEGIN, work.begun, work.loaded, DESERIALIZE),
        (BEGIN, work.loaded, work.start, SCHEDULER),
        (HEAR, work.stop, work.heard, SCHEDULER),
    ]
    parts = [Pieces.of(3 * task + delay, worker, start, stop, cause) for delay, start, stop, cause in delays]
    pieces = covered(Pieces.joined(parts), past.covers)
    shape = (task.size, 3, len(CAUSES))
    seconds = added(pieces.owner * len(CAUSES) + pieces.cause, pieces.seconds, math.prod(shape)).reshape(shape)
    room = waits.there[read.reader] - read.made
    late = read.made > waits.ready[read.reader]
    moving = np.where(late, np.minimum(read.arrived - read.sent, room), np.nan)
    rest = (waits.there - waits.arrived)[read.reader]
    return _Script(
        seconds,
        slack=np.where(late, room - moving, waits.ready[read.reader] - read.made + rest),
        moving=moving,
        bounds=np.searchsorted(read.reader, np.arange(task.size + 1)).tolist(),
        source=read.source.tolist(),
    )


def _makespan(past: History, script: _Script, without: set[int]) -> float:
    work, read, waits = past.work, past.inputs, past.waits
    out = sorted(without)
    fetch, begin, hear = script.delays[:, :, out].sum(axis=2).T
    rest = waits.there - waits.arrived
    asked = np.where(NO_WORK in without, waits.asked - work.begin, 0.0)
    by_submission = asked + (waits.ready - waits.asked) + rest + fetch + begin
    by_lane = (waits.there - work.free) + begin
    moving = np.where(TRANSFER in without, script.moving, 0.0)
    by_input = script.slack + np.where(np.isnan(script.moving), fetch[read.reader], moving) + begin[read.reader]
    lasting = np.where(COMPUTE in without, work.stop - work.start, 0.0)
    bounds = [0] * (work.task.size + 1) if DEPENDENCY in without else script.bounds
    ends = _earlier(work.before, by_submission, by_lane, lasting, bounds, script.source, by_input)
    return float(work.end - work.begin - (work.end - work.heard + ends + hear)[work.own].min())


def _earlier(
    before: Ints,
    by_submission: Floats,
    by_lane: Floats,
    lasting: Floats,
    bounds: list[int],
    source: list[int],
    by_input: Floats,
) -> Floats:
    """(task,) How much earlier each stops, held up by the least: its submission, its lane, its inputs."""
    # The last place, which is also place -1, stands for no task: nothing before the beginning moves.
    ends = [0.0] * (before.size + 1)
    inputs = by_input.tolist()
    tasks = zip(before.tolist(), by_submission.tolist(), by_lane.tolist(), lasting.tolist(), strict=True)
    for task, (other, gain, lane, own) in enumerate(tasks):
        gain = min(gain, ends[other] + lane)
        for place in range(bounds[task], bounds[task + 1]):
            through = ends[source[place]] + inputs[place]
            if through < gain:
                gain = through
        ends[task] = gain + own
    return np.array(ends[:-1])
