"""The disk of a worker that spills, timed."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from distributed.metrics import time
from distributed.spill import Slow

from daskcnn.recorder.records import Key, Records


class TimedDisk(MutableMapping[Key, object]):
    """What holds a worker's spilled results, which notes each that is written or read; else as it was."""

    def __init__(self, disk: Slow, address: str, listeners: list[Records]) -> None:
        self.disk, self.address, self.listeners = disk, address, listeners

    def __setitem__(self, key: Key, value: object) -> None:
        start = time()
        self.disk[key] = value
        self._note("spill", key, start)

    def __getitem__(self, key: Key) -> object:
        start = time()
        value = self.disk[key]
        self._note("unspill", key, start)
        return value

    def __delitem__(self, key: Key) -> None:
        del self.disk[key]

    def __contains__(self, key: object) -> bool:
        return key in self.disk

    def __iter__(self) -> Iterator[Key]:
        return iter(self.disk)

    def __len__(self) -> int:
        return len(self.disk)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.disk, name)

    def _note(self, kind: str, key: Key, start: float) -> None:
        detail = f"{key}: {self.disk.weight_by_key[key].disk} B"
        for records in self.listeners:
            records.spills.append((start, time() - start, kind, self.address, detail))
