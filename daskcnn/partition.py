"""Into how many blocks work is cut along each axis, and the words of `--chunks` for it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields, replace

from daskcnn.errors import UsageError

WORDS = ("serial", "batch", "channel", "spatial")


@dataclass(frozen=True)
class Partition:
    """Numbers of blocks along the axes of a layer's output."""

    batch: int = 1
    channel: int = 1
    height: int = 1
    width: int = 1

    def __post_init__(self) -> None:
        for axis, parts in self.items():
            if parts < 1:
                raise UsageError(f"{axis}={parts} is no number of blocks; use {axis}=1 or more")

    def items(self) -> list[tuple[str, int]]:
        """Axes and numbers of blocks."""
        return [(axis.name, getattr(self, axis.name)) for axis in fields(self)]

    @property
    def degree(self) -> int:
        """How many blocks there are in all."""
        return math.prod(parts for _, parts in self.items())

    def only(self, axes: frozenset[str]) -> Partition:
        """The same along these axes, uncut along the others."""
        return Partition(**{axis: parts for axis, parts in self.items() if axis in axes})

    def __str__(self) -> str:
        cuts = [f"{axis}={parts}" for axis, parts in self.items() if parts > 1]
        return ",".join(cuts) or "serial"


@dataclass(frozen=True)
class Chunks:
    """What `--chunks` asks for."""

    word: str
    partition: Partition
    asked: bool
    """Whether the degree was given; if not, it gives way where an axis is shorter."""

    def __str__(self) -> str:
        if self.word == "serial":
            return self.word
        if self.word == "spatial":
            return f"spatial={self.partition.height}x{self.partition.width}"
        return f"{self.word}={getattr(self.partition, self.word)}"

    def at_most(self, limit: int) -> Chunks:
        """The same, cut into no more than `limit` blocks along its axis."""
        axis = "height" if self.word == "spatial" else self.word
        return replace(self, partition=replace(self.partition, **{axis: limit}))


def parse_chunks(text: str, workers: int) -> Chunks:
    """Read `serial`, `batch`, `channel=3`, `spatial=2` or `spatial=2x2`.

    Parameters
    ----------
    text : str
        The word, with a degree or without.
    workers : int
        The degree where none is given.

    Raises
    ------
    UsageError
        For any other text.

    Examples
    --------
    >>> parse_chunks("spatial=2x3", workers=4).partition
    Partition(batch=1, channel=1, height=2, width=3)
    >>> str(parse_chunks("channel", workers=4))
    'channel=4'
    """
    found = re.fullmatch(r"([a-z]+)(?:=([0-9]{1,9})(?:x([0-9]{1,9}))?)?", text)
    word, first, second = found.groups() if found else (text, None, None)
    if word not in WORDS:
        raise UsageError(f"unknown chunks {text!r}; use one of {', '.join(WORDS)}, as in channel=4 or spatial=2x2")
    if (word == "serial" and first) or (word != "spatial" and second):
        raise UsageError(f"{word} takes {'no degree' if word == 'serial' else 'one degree'}, not {text!r}")
    if 0 in (int(given) for given in (first, second) if given):
        raise UsageError(f"chunks {text!r} is no number of blocks; use {word}=1 or more")
    degree = int(first or workers)
    if word == "serial":
        return Chunks(word, Partition(), asked=True)
    if word == "spatial":
        return Chunks(word, Partition(height=degree, width=int(second or 1)), asked=first is not None)
    return Chunks(word, Partition(**{word: degree}), asked=first is not None)
