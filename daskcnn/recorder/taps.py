"""What a worker does, listened to where it does it: each task that it runs, each message that it receives or sends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from functools import wraps
from math import nan
from typing import Any
from weakref import WeakKeyDictionary

from distributed import Status, Worker
from distributed.metrics import context_meter, time
from distributed.spill import SpillBuffer
from distributed.worker_state_machine import GatherDepSuccessEvent

from daskcnn.recorder.records import NONE, Key, Message, Records
from daskcnn.recorder.spills import TimedDisk

LOADING = ("disk-read", "decompress", "deserialize")
DUMPING = ("serialize", "compress")
"""What Dask calls the activities that turn bytes into objects, and objects into bytes."""

Handler = Callable[..., Awaitable[Any]]
_listeners: WeakKeyDictionary[Worker, list[Records]] = WeakKeyDictionary()


def listen(worker: Worker, records: Records) -> None:
    """Note from now on in `records` what a worker does; others may listen too."""
    if worker not in _listeners:
        _listeners[worker] = []
        _tap(worker, _listeners[worker])
    _listeners[worker].append(records)


def leave(worker: Worker, records: Records) -> None:
    """Listen no longer; the last that leaves restores the worker."""
    listeners = _listeners.get(worker, [])
    # In place: what is under way holds the list. By identity: records have no other.
    listeners[:] = [other for other in listeners if other is not records]
    if not listeners and _listeners.pop(worker, None) is not None:
        _untap(worker)


def _tap(worker: Worker, listeners: list[Records]) -> None:
    own: Any = worker
    own.execute, own.gather_dep = _execute(worker, listeners), _gather_dep(worker, listeners)
    handlers = {"get_data": _get_data(worker, listeners), "gather": _gather(worker, listeners)}
    worker.handlers.update(handlers)
    if isinstance(worker.data, SpillBuffer):
        cache: Any = worker.data.slow
        cache.data = TimedDisk(cache.data, worker.address, listeners)


def _untap(worker: Worker) -> None:
    own: Any = worker
    del own.execute, own.gather_dep
    worker.handlers.update(get_data=worker.get_data, gather=worker.gather)
    if isinstance(worker.data, SpillBuffer):
        cache: Any = worker.data.slow
        cache.data = cache.data.disk


def _execute(worker: Worker, listeners: list[Records]) -> Handler:
    original = worker.execute

    async def execute(key: Key, *, stimulus_id: str) -> Any:
        # Dask adds its moving guess of the scheduler's clock, as it is now, to both stamps.
        taken, delay = time(), worker.scheduler_delay
        with _spent() as spent:
            done: Any = await original(key, stimulus_id=stimulus_id)
        stamp, cpu = getattr(done, "start", None), spent.get("thread-cpu", nan)
        if stamp is not None:
            start, stop = stamp - delay, done.stop - delay
        else:
            # It asked to run elsewhere, or never began.
            stamp, start, stop = (nan, taken, time()) if "thread-cpu" in spent else (nan, nan, nan)
        loading = min(_sum(spent, LOADING), max(0.0, start - taken))
        run = worker.threads.get(key) or 0, start, stop, stamp, cpu, loading, getattr(done, "nbytes", NONE)
        for records in listeners:
            records.states.note(key, "ran")
            records.runs.extend(run)
        return done

    return execute


def _gather_dep(worker: Worker, listeners: list[Records]) -> Handler:
    original = worker.gather_dep

    async def gather_dep(source: str, to_gather: Collection[Key], total_nbytes: int, *, stimulus_id: str) -> Any:
        start = time()
        with _spent() as spent:
            done = await original(source, to_gather, total_nbytes, stimulus_id=stimulus_id)
        if isinstance(done, GatherDepSuccessEvent):
            message = source, start, time(), _sum(spent, LOADING), _sizes(worker, done.data)
            _note(listeners, "incoming", message)
        return done

    return gather_dep


def _gather(worker: Worker, listeners: list[Records]) -> Handler:
    """Of keys that the scheduler tells a worker to copy; who sent them, their senders say."""
    original = worker.gather

    @wraps(original)
    async def gather(who_has: dict[Key, list[str]]) -> Any:
        start, wanted = time(), [key for key in who_has if key not in worker.data]
        with _spent() as spent:
            answer = await original(who_has=who_has)
        came = [key for key in wanted if key in worker.data]
        _note(listeners, "incoming", ("", start, time(), _sum(spent, LOADING), _sizes(worker, came)))
        return answer

    return gather


def _get_data(worker: Worker, listeners: list[Records]) -> Handler:
    original = worker.get_data

    @wraps(original)
    async def get_data(comm: Any, keys: Collection[Key], who: str | None = None, **options: Any) -> Any:
        start, there = time(), [key for key in keys if key in worker.data or key in worker.state.actors]
        sizes = _sizes(worker, there)
        with _spent() as spent:
            answer = await original(comm, keys, who, **options)
        if answer is Status.dont_reply:
            _note(listeners, "outgoing", (who or "", start, time(), _sum(spent, DUMPING), sizes))
        return answer

    return get_data


def _note(listeners: list[Records], kind: str, message: Message) -> None:
    for records in listeners:
        getattr(records, kind).append(message)


def _sizes(worker: Worker, keys: Collection[Key]) -> list[tuple[Key, int]]:
    known = worker.state.tasks
    return [(key, known[key].nbytes or 0) for key in keys if key in known]


def _sum(spent: dict[Any, float], names: tuple[str, ...]) -> float:
    return sum(spent.get(name, 0.0) for name in names)


@contextmanager
def _spent() -> Iterator[dict[Any, float]]:
    """Seconds of each activity that Dask meters in the block, in whatever thread."""
    seconds: defaultdict[Any, float] = defaultdict(float)

    def add(label: Any, value: float, unit: str) -> None:
        if unit == "seconds":
            seconds[label] += value

    with context_meter.add_callback(add):
        yield seconds
