"""The measured critical path: the chain of tasks and waits that ended last."""

import numpy as np
import numpy.typing as npt
import xarray as xr

from daskcnn.blame.causes import CAUSES, COMPUTE, DESERIALIZE, NO_WORK, SCHEDULER, TRANSFER
from daskcnn.blame.covers import covered
from daskcnn.blame.history import History, history_of
from daskcnn.blame.lanes import Floats
from daskcnn.blame.layers import layers
from daskcnn.blame.pieces import Pieces, added
from daskcnn.blame.repeats import Traced, column
from daskcnn.blame.replay import makespans


def critical_path(run: Traced, repeat: int | None = None) -> xr.Dataset:
    """The chain of tasks and waits that ended last, and what the makespan would be without each cause.

    Backwards from the task that ended last: what it spent its time on, what it waited for, the task that was waited
    for, and so on to the beginning. The steps tile the makespan. None of them is dependency wait: the computing that
    was waited for is on the path itself.

    Parameters
    ----------
    run : Run or xarray.DataTree
        A run, its tree, or a trace.
    repeat : int, optional
        By default the one whose makespan is the median, or just below it.

    Returns
    -------
    xarray.Dataset
        Along `step`, by time: `task`, place in the trace, `key`, `worker`, `start` and `stop` (s), and the step's
        `step_layer` and `step_cause` (str). Of the whole: `makespan`; `by_cause` (cause) and `by_layer` (layer),
        the seconds of the path, which add up to it; `makespan_without` (cause), the seconds that all would have
        taken if that cause had vanished, as `vanished` works them out.

    References
    ----------
    Barton Miller et al., "IPS-2: the second generation of a parallel program measurement system" (1990); David Böhme
    et al., "Scalable critical-path based performance analysis" (2012).

    Examples
    --------
    >>> from daskcnn.trace import filled, trace
    >>> tasks = {"layer": ["a", "b"], "worker": [0, 1], "submitted": [0.0, 0.0], "begun": [1.0, 7.0],
    ...          "start": [1.0, 7.0], "stop": [4.0, 9.0]}
    >>> tables = {"tasks": tasks, "edges": {"reader": [1], "read": [0]}, "workers": {"threads": [1, 1]},
    ...           "transfers": {"producer": [0], "destination": [1], "start": [4.5], "stop": [6.5]}}
    >>> path = critical_path(trace({node: filled(node, table) for node, table in tables.items()}, started=0.0))
    >>> path["by_cause"].sel(cause=["compute", "transfer wait", "scheduler wait"]).values
    array([5., 2., 2.])
    >>> path["makespan_without"].sel(cause=["compute", "transfer wait", "dependency wait"]).values
    array([4., 7., 5.])
    """
    past = history_of(run, repeat)
    steps, named = _steps(past), layers(past.trace)
    task = past.work.task[steps.owner]
    layer = named.of_task[task]
    by_layer = added(layer, steps.seconds, named.names.size)
    on_path = np.bincount(layer, minlength=named.names.size) > 0
    along: dict[str, tuple[npt.ArrayLike, str]] = {
        "task": (task, "Task"),
        "key": (column(past.trace, "tasks", "key")[task], "Key"),
        "step_layer": (named.names[layer], "Layer"),
        "worker": (steps.worker, "Worker"),
        "start": (steps.start, "Start"),
        "stop": (steps.stop, "End"),
        "step_cause": (np.array(CAUSES)[steps.cause], "Cause"),
    }
    whole: dict[str, tuple[tuple[str, ...], npt.ArrayLike, str]] = {
        "makespan": ((), past.work.end - past.work.begin, "Makespan"),
        "by_cause": (("cause",), added(steps.cause, steps.seconds, len(CAUSES)), "Time on the path"),
        "by_layer": (("layer",), by_layer[on_path], "Time on the path"),
        "makespan_without": (("cause",), makespans(past, [[c] for c in range(len(CAUSES))]), "Makespan without it"),
    }
    seconds = {"start", "stop"} | whole.keys()
    variables = {name: (("step",), *rest) for name, rest in along.items()} | whole
    return xr.Dataset(
        {
            name: (dims, values, {"long_name": label} | ({"units": "s"} if name in seconds else {}))
            for name, (dims, values, label) in variables.items()
        },
        {
            "cause": ("cause", list(CAUSES), {"long_name": "Cause"}),
            "layer": ("layer", named.names[on_path], {"long_name": "Layer"}),
        },
    )


def _steps(past: History) -> Pieces:
    """The path by time; pieces are owned by their tasks."""
    work, waits = past.work, past.waits
    own = np.flatnonzero(work.own)
    last = own[np.lexsort((work.stop[own], work.heard[own]))[-1:]]
    length = int(past.chains.length(last, np.array([-np.inf]))[0]) - 1
    task = past.chains.after(np.repeat(last, length), np.arange(length))
    since, sending, there = (each[task] for each in (waits.since, waits.sending, waits.there))
    until = np.r_[work.stop[last], since[:-1]]
    begin = np.where(np.arange(length) < length - 1, since, work.begin)
    spells: list[tuple[Floats, Floats, npt.ArrayLike]] = [
        (begin, since, NO_WORK),
        (since, sending, SCHEDULER),
        (sending, there, TRANSFER),
        (there, work.begun[task], waits.cause[task]),
        (work.begun[task], work.loaded[task], DESERIALIZE),
        (work.loaded[task], work.start[task], SCHEDULER),
        (work.start[task], until, COMPUTE),
    ]
    parts = [Pieces.of(task, work.worker[task], start, stop, cause) for start, stop, cause in spells]
    parts.append(Pieces.of(last, work.worker[last], work.stop[last], work.heard[last], SCHEDULER))
    steps = covered(Pieces.joined(parts), past.covers)
    return steps.take(np.argsort(steps.start)).together()
