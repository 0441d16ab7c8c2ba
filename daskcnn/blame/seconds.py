"""Where the time of every lane went: added up, and piece by piece."""

import numpy as np
import xarray as xr

from daskcnn.blame.causes import CAUSES, DEPENDENCY
from daskcnn.blame.history import History, history, history_of
from daskcnn.blame.lanes import Floats, lanes
from daskcnn.blame.layers import Layers, layers
from daskcnn.blame.pieces import Pieces, added
from daskcnn.blame.repeats import Traced, repeats, trace_of
from daskcnn.blame.tiling import tilings


def blame(run: Traced) -> xr.Dataset:
    """What every lane spent its time on, cause by cause; a lane is one thread of one worker.

    The causes of each lane add up to the makespan. They are defined in the notes of `daskcnn.blame`.

    Parameters
    ----------
    run : Run or xarray.DataTree
        A run, its tree, or a trace.

    Returns
    -------
    xarray.Dataset
        `seconds` (repeat, lane, cause), `makespan` (repeat) and `waited` (repeat, layer), the seconds that lanes
        waited for tasks of a layer to compute, all float64 in s; `worker` and `thread`, the lane's place in its
        worker, are coordinates along `lane`. A trace none of whose tasks is of a repeat is one repeat, -1.

    Examples
    --------
    >>> from daskcnn.trace import filled, trace
    >>> tasks = {"layer": ["a", "b"], "worker": [0, 1], "submitted": [0.0, 0.0], "begun": [1.0, 7.0],
    ...          "start": [1.0, 7.0], "stop": [4.0, 9.0]}
    >>> tables = {"tasks": tasks, "edges": {"reader": [1], "read": [0]}, "workers": {"threads": [1, 1]},
    ...           "transfers": {"producer": [0], "destination": [1], "start": [4.5], "stop": [6.5]}}
    >>> found = blame(trace({node: filled(node, table) for node, table in tables.items()}, started=0.0))
    >>> found["seconds"].sel(lane=1, cause=["compute", "transfer wait", "dependency wait", "scheduler wait"]).values
    array([[2., 2., 3., 2.]])
    >>> found["waited"].sel(layer="a").values, found["makespan"].values
    (array([3.]), array([9.]))
    """
    trace = trace_of(run)
    of, names = lanes(trace), layers(trace)
    known = repeats(trace, of)
    seconds = np.zeros((len(known), of.worker.size, len(CAUSES)))
    waited, makespan = np.zeros((len(known), names.names.size)), np.zeros(len(known))
    for place, repeat in enumerate(known):
        past = history(trace, of, repeat)
        makespan[place] = past.work.end - past.work.begin
        for pieces in tilings(past):
            seconds[place] += _by_lane(pieces, of.worker.size)
            waited[place] += _by_layer(past, names, pieces)
    return xr.Dataset(
        {
            "seconds": (("repeat", "lane", "cause"), seconds, {"long_name": "Time", "units": "s"}),
            "makespan": ("repeat", makespan, {"long_name": "Makespan", "units": "s"}),
            "waited": (("repeat", "layer"), waited, {"long_name": "Time that others waited for it", "units": "s"}),
        },
        {
            "repeat": ("repeat", np.array(known, np.int64), {"long_name": "Repeat"}),
            "worker": ("lane", of.worker, {"long_name": "Worker"}),
            "thread": ("lane", of.thread, {"long_name": "Thread of its worker"}),
            "cause": ("cause", list(CAUSES), {"long_name": "Cause"}),
            "layer": ("layer", names.names, {"long_name": "Layer"}),
        },
    )


def intervals(run: Traced, repeat: int | None = None) -> xr.Dataset:
    """What every lane did and why it waited, from the beginning of one repeat to its end.

    Parameters
    ----------
    run : Run or xarray.DataTree
        A run, its tree, or a trace.
    repeat : int, optional
        By default the one whose makespan is the median, or just below it.

    Returns
    -------
    xarray.Dataset
        Along `interval`, by lane and time, so that those of a lane tile the repeat: `worker`, `lane`, `start` and
        `stop` (s), `cause` (str) and `task`, place in the trace: the lane's own of compute and deserialize, the one
        it waited for of dependency wait, else -1.

    Examples
    --------
    >>> from daskcnn.trace import filled, trace
    >>> tasks = {"worker": [0], "submitted": [0.0], "begun": [0.5], "start": [0.5], "stop": [2.0]}
    >>> tables = {"tasks": filled("tasks", tasks), "workers": filled("workers", {"threads": [1]})}
    >>> found = intervals(trace(tables, started=0.0))
    >>> found["cause"].values.tolist(), found["start"].values.tolist(), found["task"].values.tolist()
    (['scheduler wait', 'compute'], [0.0, 0.5], [-1, 0])
    """
    past = history_of(run, repeat)
    pieces = Pieces.joined(tilings(past))
    pieces = pieces.take(np.lexsort((pieces.start, pieces.owner))).together()
    stamp = {"units": "s"}
    variables = {
        "worker": (pieces.worker, {"long_name": "Worker"}),
        "lane": (pieces.owner, {"long_name": "Lane"}),
        "start": (pieces.start, {"long_name": "Start"} | stamp),
        "stop": (pieces.stop, {"long_name": "End"} | stamp),
        "cause": (np.array(CAUSES)[pieces.cause], {"long_name": "Cause"}),
        "task": (np.r_[past.work.task, -1][pieces.task], {"long_name": "Task, -1 for none"}),
    }
    return xr.Dataset({name: ("interval", values, attrs) for name, (values, attrs) in variables.items()})


def _by_lane(pieces: Pieces, count: int) -> Floats:
    place = pieces.owner * len(CAUSES) + pieces.cause
    return added(place, pieces.seconds, count * len(CAUSES)).reshape(count, len(CAUSES))


def _by_layer(past: History, of: Layers, pieces: Pieces) -> Floats:
    waits = pieces.take(pieces.cause == DEPENDENCY)
    return added(of.of_task[past.work.task[waits.task]], waits.seconds, of.names.size)
