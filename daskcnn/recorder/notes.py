"""All that was noted by the scheduler and the workers, under numbers for keys and workers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from daskcnn.recorder.clocks import Clock
from daskcnn.recorder.lookup import Floats, Keys, States
from daskcnn.recorder.scheduler import SchedulerLog
from daskcnn.recorder.worker import WorkerLog


@dataclass(frozen=True)
class Notes:
    """What is joined to a trace."""

    seen: SchedulerLog
    logs: list[WorkerLog | None]
    """(worker,) None of a worker that is gone with its log."""
    index: dict[str, int]
    """The worker at an address."""
    keys: Keys
    states: States
    """The scheduler's log, in seconds since the recording started."""
    zero: Floats
    """(worker,) When the recording started, by its own clock."""
    offset: Floats
    """(worker,) How far its clock is ahead of the scheduler's."""
    uncertainty: Floats
    """(worker,) Of the offset, NaN if unknown."""

    @classmethod
    def of(cls, seen: SchedulerLog, logs: Mapping[str, WorkerLog]) -> Notes:
        """Out of the scheduler's log and those of the workers by address."""
        addresses = [worker[1] for worker in seen.workers]
        ordered = [logs.get(address) for address in addresses]
        # Workers may have one name among themselves and another for the scheduler.
        index = {log.address: place for place, log in enumerate(ordered) if log}
        index |= {address: place for place, address in enumerate(addresses)}
        keys = Keys()
        clocks = [seen.clocks.get(address, Clock()) for address in addresses]
        offset, uncertainty = np.array(clocks, np.float64).reshape(-1, 2).T
        states = States.of(seen.states, keys, seen.started)
        return cls(seen, ordered, index, keys, states, seen.started + offset, offset, uncertainty)

    @property
    def doubt(self) -> Floats:
        """(worker,) The uncertainty as far as it is known."""
        return np.nan_to_num(self.uncertainty)
