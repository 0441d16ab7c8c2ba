"""Whether a recording is whole: what is known to be missing, counted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from daskcnn.recorder.lookup import Floats, Table, taken
from daskcnn.recorder.notes import Notes
from daskcnn.recorder.records import NONE
from daskcnn.recorder.tasks import Tasks
from daskcnn.recorder.transfers import Transfers

UNDER_WAY = 1.0
"""Seconds before its end in which what a recording lacks may still have been on its way."""


def dropped(notes: Notes, tasks: Tasks, moved: Transfers) -> int:
    """How many records are known to be missing.

    A worker that is gone with its log counts as one, and what others sent to it as missing there.
    """
    silent = int(np.isnan(np.array(notes.seen.finished[2::5], np.float64)).sum())
    return _gone(notes) + silent + _unnoted(notes, tasks) + _unheard(notes, tasks) + _unmatched(notes, moved)


def _gone(notes: Notes) -> int:
    """Workers without a log, but for those that came and of which nothing was ever heard."""
    joined = {address for _, _, kind, address, _ in notes.seen.events if kind == "worker-joined"}
    idle = joined - set(notes.seen.finished[0::5])
    return sum(
        log is None and worker[1] not in idle for worker, log in zip(notes.seen.workers, notes.logs, strict=True)
    )


def _unnoted(notes: Notes, tasks: Tasks) -> int:
    """Runs that the scheduler heard of, or their worker counted, and the worker did not note."""
    lacking, names = 0, notes.keys.names()
    for worker, log in enumerate(notes.logs):
        if log:
            heard = tasks.key[(tasks.columns["worker"] == worker) & ~tasks.noted]
            lacking += sum(names[key] not in log.under_way for key in heard)
            lacking += max(0, log.executed - len(log.runs) - len(heard))
    return lacking


def _unheard(notes: Notes, tasks: Tasks) -> int:
    """Results that workers told, and the scheduler never noted nor gave up."""
    alone = np.flatnonzero((tasks.heard < 0) & (tasks.columns["bytes"] >= 0))
    if not len(alone):
        return 0
    states, key = notes.states, tasks.key[alone]
    last = states.last(list({*notes.seen.states.states}), key, np.full(len(key), len(states.key)))
    awaited = taken(states.state == "processing", last, False).astype(bool)
    recent = tasks.columns["stop"][alone] > _asked(notes)[tasks.columns["worker"][alone]] - UNDER_WAY
    return int(np.sum((last == NONE) | (awaited & ~recent)))


def _unmatched(notes: Notes, moved: Transfers) -> int:
    """Keys that one worker noted to have sent, or received, and the other did not."""
    there = np.array([log is not None for log in notes.logs] + [all(notes.logs)])
    # A worker that is gone confirms nothing, but what was sent to it is known to be missing.
    received = (moved.sending < 0) & there[moved.received["there"]]
    sent = np.isin(np.arange(len(moved.sent["key"])), moved.sending, invert=True)
    return _within(notes, moved.received, received) + _within(notes, moved.sent, sent)


def _within(notes: Notes, table: Table, lone: npt.NDArray[np.bool_]) -> int:
    """How many are lone, but for those under way when recorders came or went: the slower end alone notes them."""
    asked = _asked(notes)
    end = np.minimum(asked[table["here"]], asked[table["there"]])
    return int(np.sum(lone & (table["start"] >= 0) & (table["stop"] <= end)))


def _asked(notes: Notes) -> Floats:
    """(worker,) When each was asked for its log, never if it is gone; one more for a worker that is not known."""
    asked = [log.asked - zero if log else np.inf for log, zero in zip(notes.logs, notes.zero, strict=True)]
    return np.array([*asked, np.inf])
