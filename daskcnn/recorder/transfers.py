"""What went between workers: the receiver's note of each key, joined with the sender's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from daskcnn.recorder.edges import Reads
from daskcnn.recorder.lookup import Floats, Ints, Table, latest, taken
from daskcnn.recorder.notes import Notes
from daskcnn.recorder.records import NONE, Message
from daskcnn.recorder.tasks import Tasks


@dataclass(frozen=True)
class Transfers:
    """Keys that one end or both noted."""

    received: Table
    """(transfer,) What workers received, by its start: `key`, the worker `here` and the one `there`, -1 if unknown,
    `message`, `bytes`, `start`, `stop`, and the share of the `seconds` to deserialize."""
    sent: Table
    """(sending,) What workers sent to workers, by its start, alike; `seconds` to serialize."""
    sending: Ints
    """(transfer,) The sending of each, -1 where the sender noted none."""


def transfers(notes: Notes) -> Transfers:
    """What was received and sent, key by key."""
    there = [(worker, log) for worker, log in enumerate(notes.logs) if log]
    received = _flat(((worker, one) for worker, log in there for one in log.incoming), notes)
    sent = _flat(((worker, one) for worker, log in there for one in log.outgoing), notes)
    # Clients and the scheduler receive too, and note nothing.
    sent = {name: values[sent["there"] >= 0] for name, values in sent.items()}
    sending = np.full(len(received["key"]), NONE)
    waiting: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, what in enumerate(zip(sent["key"].tolist(), sent["there"].tolist(), strict=True)):
        waiting[what].append(place)
    for place, what in enumerate(zip(received["key"].tolist(), received["here"].tolist(), strict=True)):
        source = received["there"][place]
        for candidate in waiting[what]:
            if source in (NONE, sent["here"][candidate]):
                sending[place] = candidate
                waiting[what].remove(candidate)
                break
    return Transfers(received, sent, sending)


def columns(moved: Transfers, tasks: Tasks, reads: Reads, doubt: Floats) -> Table:
    """The columns of the schema that are numbers; `doubt` are the uncertainties of the workers' clocks."""
    received = moved.received
    source = np.where(moved.sending >= 0, taken(moved.sent["here"], moved.sending), received["there"])
    unsure = taken(doubt, source, 0.0) + taken(doubt, received["here"], 0.0)
    heard = np.flatnonzero(tasks.heard >= 0)
    stop = tasks.columns["stop"][heard]
    producer = taken(heard, latest(tasks.key[heard], stop, received["key"], received["start"] + unsure))
    # Reading a key on a worker is one group; the first after a moment is the last before it, backwards.
    workers = len(doubt)
    group = reads.key * workers + tasks.columns["worker"][reads.reader]
    start = tasks.columns["start"][reads.reader]
    first = latest(group, -start, received["key"] * workers + received["here"], -received["stop"])
    return {
        "source": source,
        "destination": received["here"],
        "producer": producer,
        "consumer": taken(reads.reader, first),
        "gather": received["message"],
        "bytes": received["bytes"],
        "start": received["start"],
        "stop": received["stop"],
        "serialize": taken(moved.sent["seconds"], moved.sending, np.nan),
        "deserialize": received["seconds"],
    }


def _flat(messages: Iterable[tuple[int, Message]], notes: Notes) -> Table:
    """Messages of workers, key by key."""
    every = list(messages)
    sizes = [size for _, message in every for _, size in message[4]]
    number = np.repeat(np.arange(len(every)), [len(message[4]) for _, message in every])
    here = np.array([worker for worker, _ in every], np.int64)[number]
    start, stop, seconds = np.array([message[1:4] for _, message in every], np.float64).reshape(-1, 3)[number].T
    table: Table = {
        "key": notes.keys.numbers([key for _, message in every for key, _ in message[4]]),
        "here": here,
        "there": np.array([notes.index.get(message[0], NONE) for _, message in every], np.int64)[number],
        "message": number,
        "bytes": np.array(sizes, np.int64),
        "start": start - notes.zero[here],
        "stop": stop - notes.zero[here],
        "seconds": seconds * _share(number, np.array(sizes, np.float64)),
    }
    by = np.argsort(start, kind="stable")
    return {name: values[by] for name, values in table.items()}


def _share(message: Ints, size: Floats) -> Floats:
    """What part of its message each key is: by bytes, and alike where there are none."""
    total, count = np.bincount(message, size), np.bincount(message)
    with np.errstate(invalid="ignore"):
        return np.where(total[message] > 0, size / total[message], 1 / count[message])
