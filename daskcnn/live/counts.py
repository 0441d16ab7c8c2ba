"""What is counted while tasks run: a few steps a task, whether anybody looks or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from daskcnn.live.announcement import Announcement, Phase

MOST = 1_000
"""Prefixes of others' work that are kept."""
REMEMBERED = 10_000
"""Groups of keys whose layer is remembered."""


@dataclass(eq=False, slots=True)
class Count:
    """What was done of one layer, or by one worker."""

    tasks: int = 0
    failed: int = 0
    seconds: float = 0.0
    """Of computing."""
    bytes: int = 0
    """Of the layer's results that other workers sent for; that the worker sent for."""


@dataclass(eq=False)
class Tally:
    """The counts of one phase, or of work that nobody announced."""

    phase: Phase | None = None
    layers: defaultdict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    workers: defaultdict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    """By address."""

    @property
    def whole(self) -> Count:
        """All layers together."""
        each = self.layers.values()
        return Count(*(sum(getattr(own, name) for own in each) for name in Count.__slots__))


class Counts:
    """What was done of the run that was announced last, and of all that was not announced."""

    def __init__(self) -> None:
        self.announced: Announcement | None = None
        self.names: Mapping[str, str] = {}
        """Of the workers that were there then, by address."""
        self.others = Tally()
        self.phases: list[Tally] = []
        self.current = self.others
        """Of the phase that began last."""
        self._places: dict[str, tuple[Count, Tally]] = {}
        self._over = False

    def announce(self, announced: Announcement, names: Mapping[str, str]) -> None:
        """Count anew, for a run on workers of these names, by address."""
        self.announced, self.names, self._over = announced, names, False
        self.phases = [Tally(phase) for phase in announced.phases]
        self.current = self.phases[0]
        self._places.clear()

    def end(self) -> None:
        """The client of the run has gone: its counts are kept until others send tasks that are new."""
        self._over = True
        self._places.clear()

    def sent(self, task: Any) -> None:
        """A task was sent to a worker, which sends for what it reads and has not."""
        worker = task.processing_on
        self._place(task)  # its phase begins
        if worker.needs_what:
            for read in task.dependencies:
                # Of those that wait for it there, the first one counts.
                if worker.needs_what.get(read) == 1:
                    layer, tally = self._place(read)
                    size = read.get_nbytes()
                    layer.bytes += size
                    tally.workers[worker.address].bytes += size

    def made(self, task: Any, told: Mapping[str, Any]) -> None:
        """A worker has told a task's result."""
        layer, tally = self._place(task)
        seconds = 0.0
        for stamp in told.get("startstops") or ():
            if stamp["action"] == "compute":
                seconds = stamp["stop"] - stamp["start"]
        for own in (layer, tally.workers[told["worker"]]):
            own.tasks += 1
            own.seconds += seconds

    def failed(self, task: Any) -> None:
        """A task failed for good."""
        self._place(task)[0].failed += 1

    def awaited(self, workers: Iterable[Any]) -> Mapping[Count, int]:
        """Of the bytes that were sent for, those that are not known to have arrived."""
        found: defaultdict[Count, int] = defaultdict(int)
        for worker in workers:
            for read in worker.needs_what:
                layer, tally = self._place(read)
                size = read.get_nbytes()
                found[layer] += size
                found[tally.workers[worker.address]] += size
        return found

    def _place(self, task: Any) -> tuple[Count, Tally]:
        place = self._places.get(task.group.name)
        return place or self._found(task)

    def _found(self, task: Any) -> tuple[Count, Tally]:
        """Where a group of keys counts that was not seen before."""
        group = str(task.group.name)
        if len(self._places) >= REMEMBERED:
            self._places.clear()
        for tally in self.phases:
            assert tally.phase
            if group.endswith(f"-{tally.phase.tag}"):
                self.current = self.current if tally.layers else tally
                place = tally.layers[group.removesuffix(f"-{tally.phase.tag}")], tally
                break
        else:
            if self._over:
                self.announced, self.phases, self.current, self._over = None, [], self.others, False
            layers, prefix = self.others.layers, task.prefix.name
            if prefix not in layers and len(layers) >= MOST:
                del layers[next(iter(layers))]
                self._places.clear()
            place = layers[prefix], self.others
        self._places[task.group.name] = place
        return place
