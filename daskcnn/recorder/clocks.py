"""How far each worker's clock is off the scheduler's, and how surely that is known."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Iterable, Mapping
from contextlib import suppress
from math import nan
from pathlib import Path
from pickle import dumps
from typing import NamedTuple

from distributed import Scheduler
from distributed.metrics import time
from distributed.protocol.serialize import Serialize, deserialize

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
ROUND_TRIPS = 8


class Clock(NamedTuple):
    """A worker's clock as the scheduler sees it, in seconds."""

    offset: float = 0.0
    """Ahead of the scheduler's."""
    uncertainty: float = nan
    """The offset is right to this much either way; NaN if nobody asked."""


def boot() -> str:
    """Which start of which kernel this process lives in, "" if unknown: all under one kernel share its clock."""
    with suppress(OSError):
        return BOOT_ID.read_text().strip()
    return ""


def look() -> tuple[str, float]:
    """What is asked of a worker: its boot, and its clock."""
    return boot(), time()


async def clocks(scheduler: Scheduler, addresses: Iterable[str]) -> dict[str, Clock]:
    """Ask workers for their clocks, all at the same time; one that does not answer is left out.

    Of several round trips the fastest counts: the clock was read somewhere within it, at its middle give or take a
    half. Source: Mills, "Internet time synchronization: the Network Time Protocol" (1991). Under the scheduler's own
    kernel there is but one clock, and one look is enough.
    """
    wanted = list(addresses)
    found = await gather(*(_clock(scheduler, address) for address in wanted))
    return {address: clock for address, clock in zip(wanted, found, strict=True) if clock}


def between(first: Mapping[str, Clock], last: Mapping[str, Clock]) -> dict[str, Clock]:
    """Clocks over a time of which both ends are known: the mean, as sure as both and the drift between allow.

    >>> between({"a": Clock(1.0, 0.25), "b": Clock(0.0, 0.0)}, {"a": Clock(2.0, 0.125)})["a"]
    Clock(offset=1.5, uncertainty=0.75)
    """
    both = {
        address: Clock(
            (first[address].offset + last[address].offset) / 2,
            max(first[address].uncertainty, last[address].uncertainty)
            + abs(last[address].offset - first[address].offset) / 2,
        )
        for address in first.keys() & last.keys()
    }
    return {**first, **last, **both}


async def _clock(scheduler: Scheduler, address: str) -> Clock | None:
    """The worker's clock, or nothing if it has gone."""
    best, here = Clock(uncertainty=float("inf")), boot()
    for _ in range(ROUND_TRIPS):
        asked = time()
        try:
            answer = await scheduler.rpc(address).run(function=dumps(look))
        except OSError:
            return None
        answered = time()
        told = answer["result"]
        # In one process it comes as it is.
        there, clock = told.data if isinstance(told, Serialize) else deserialize(told.header, told.frames)
        if there == here != "":
            return Clock(0.0, 0.0)
        if (half := (answered - asked) / 2) < best.uncertainty:
            best = Clock(clock - asked - half, half)
    return best
