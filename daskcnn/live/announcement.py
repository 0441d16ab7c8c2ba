"""What a client tells of its plan: names and numbers, which mean the same wherever they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Planned(NamedTuple):
    """What is planned of one layer, or for one worker."""

    name: str
    """Of the layer; the address of the worker."""
    tasks: int
    bytes: int
    """Of the layer's results that go to other workers; that the worker gets from others."""


@dataclass(frozen=True)
class Phase:
    """A part of a run whose keys end alike."""

    name: str
    tag: str
    """What the first part of its keys ends with, after a dash."""
    layers: tuple[Planned, ...]
    workers: tuple[Planned, ...]

    @property
    def whole(self) -> Planned:
        """All layers together."""
        return Planned(self.name, sum(own.tasks for own in self.layers), sum(own.bytes for own in self.layers))


@dataclass(frozen=True)
class Announcement:
    """A run, before its first task."""

    run: str
    title: str
    facts: tuple[tuple[str, str], ...]
    """Names and texts."""
    phases: tuple[Phase, ...]
    """In their order."""
