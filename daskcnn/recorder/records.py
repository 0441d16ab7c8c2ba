"""What is noted while work goes on: flat lists that cost little to fill, and that NumPy joins afterwards.

Nothing in them is for the garbage collector to look through, however many tasks there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from distributed.metrics import time

NONE = -1
"""Stands for a number that is not known."""
Key = Any
"""Of a task: text, or a tuple that begins with text."""
Run = tuple[int, float, float, float, float, float, int]
"""Thread; start and stop of computing by the worker's own clock, NaN if it never began; start as told to the scheduler;
CPU seconds, NaN if unknown; seconds to deserialize and unspill its inputs; bytes of the result, -1 if it failed."""
Message = tuple[str, float, float, float, list[tuple[Key, int]]]
"""The other end's address, "" if unknown; start and stop; seconds to serialize or deserialize; keys and their bytes."""
Event = tuple[float, float, str, str, str]
"""Time, duration, kind, worker's address, detail."""
Sample = tuple[float, int, int, int]
"""Time; resident bytes, bytes of results in memory, and on disk."""


@dataclass(eq=False)
class Log:
    """Keys and the states that they came to, in order."""

    keys: list[Key] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def note(self, key: Key, state: str) -> None:
        """A key came to a state now."""
        self.keys.append(key)
        self.states.append(state)
        self.times.append(time())

    def note_all(self, keys: Collection[Key], states: Iterable[str], when: float) -> None:
        """Keys came to states at one time."""
        self.keys.extend(keys)
        self.states.extend(states)
        self.times.extend(repeat(when, len(keys)))

    def copy(self) -> Log:
        """What was noted so far, which no longer changes."""
        return Log(list(self.keys), list(self.states), list(self.times))


@dataclass(eq=False)
class Records:
    """What one recording notes on one worker."""

    states: Log = field(default_factory=Log)
    runs: list[float] = field(default_factory=list)
    """The fields of a `Run` for each `ran` in `states`, in order, one after the other."""
    incoming: list[Message] = field(default_factory=list)
    outgoing: list[Message] = field(default_factory=list)
    spills: list[Event] = field(default_factory=list)
