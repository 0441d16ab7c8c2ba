"""The words of `--chunks`."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from daskcnn.errors import UsageError
from daskcnn.partition import Partition

WORDS = ("serial", "batch", "channel", "filter", "height", "width", "spatial", "pipeline")
PAIRS = {"spatial": ("height", "width"), "filter": ("channel", "filter")}
"""Words that take two degrees too, HxW and KxC, and the axes that they cut."""
SEPARATORS = ",+"
"""Between the words of a hybrid; the second where a comma separates whole cuts."""
HELP = f"use {', '.join(WORDS[:-1])} or {WORDS[-1]}, as in channel=4, spatial=2x2 or batch=2,channel=2"


@dataclass(frozen=True)
class Chunks:
    """What `--chunks` asks for."""

    words: tuple[tuple[str, tuple[int, ...]], ...]
    """Words with their degrees."""
    asked: frozenset[str]
    """Axes whose degree was given; the others give way where a layer's axis is shorter."""

    @property
    def axes(self) -> dict[str, int]:
        """Axes that are cut, `pipeline` among them, and into how many blocks."""
        return dict(cut for name, degree in self.words for cut in _cuts(name, degree))

    @property
    def partition(self) -> Partition:
        """How each layer is cut."""
        return Partition(**{axis: parts for axis, parts in self.axes.items() if axis != "pipeline"})

    @property
    def pipeline(self) -> int:
        """Stages of consecutive layers."""
        return self.axes.get("pipeline", 1)

    def at_most(self, axis: str, limit: int) -> Chunks:
        """The same, with no more than `limit` blocks along an axis whose degree was not given."""
        words = tuple(
            (name, (limit,)) if axis in dict(_cuts(name, degree)) and degree[0] > limit else (name, degree)
            for name, degree in self.words
        )
        return replace(self, words=words)

    def __str__(self) -> str:
        return ",".join(name + ("=" + "x".join(map(str, degree)) if degree else "") for name, degree in self.words)


def parse_chunks(text: str, workers: int) -> Chunks:
    """Read one word or several with a comma or `+` between, each with a degree or without.

    Words without a degree share the workers that those with one leave, evenly.

    Parameters
    ----------
    text : str
        `serial`, `batch`, `channel=3`, `filter=2` (input channels) or `filter=2x2` (output times input channels),
        `height=2`, `width=2`, `spatial=2` (rows) or `spatial=2x2`, `pipeline=2`, or a hybrid of these.
    workers : int
        Workers that share the blocks.

    Raises
    ------
    UsageError
        For any other text.

    Examples
    --------
    >>> parse_chunks("spatial=2x3", workers=4).partition
    Partition(batch=1, channel=1, height=2, width=3, filter=1)
    >>> str(parse_chunks("batch+channel=2", workers=4))
    'batch=2,channel=2'
    """
    parts = [_word(part, text) for part in re.split(f"[{SEPARATORS}]", text)]
    names = [name for name, _ in parts]
    if "serial" in names and len(names) > 1:
        raise UsageError(f"chunks {text!r} says serial and more; say serial alone, or leave it out")
    given = Chunks(tuple(parts), frozenset())
    filled = Chunks(_filled(parts, workers), frozenset(given.axes))
    twice = [
        axis for axis, times in Counter(axis for word in filled.words for axis, _ in _cuts(*word)).items() if times > 1
    ]
    if twice:
        raise UsageError(f"chunks {text!r} cuts {twice[0]} twice; cut it by one word")
    return filled


Words = Sequence[tuple[str, tuple[int, ...]]]


def _word(part: str, text: str) -> tuple[str, tuple[int, ...]]:
    found = re.fullmatch(r"([a-z]+)(?:=([0-9]{1,9})(?:x([0-9]{1,9}))?)?", part)
    name, *given = found.groups() if found else (part,)
    degree = tuple(int(number) for number in given if number is not None)
    if name not in WORDS:
        raise UsageError(f"unknown chunks {part!r} in {text!r}; {HELP}")
    most = 0 if name == "serial" else 2 if name in PAIRS else 1
    if len(degree) > most:
        raise UsageError(f"{part!r}: {name} takes {('no degree', 'one degree', 'one degree or two')[most]}; {HELP}")
    if 0 in degree:
        raise UsageError(f"{part!r} cuts into 0 blocks; use 1 or more")
    return name, degree


def _filled(words: Words, workers: int) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Each word with a degree: those without one share the workers that the others leave."""
    rest = max(1, workers // math.prod(math.prod(degree) for _, degree in words))
    left = sum(not degree for name, degree in words if name != "serial")
    filled = []
    for name, degree in words:
        if not degree and name != "serial":
            even = math.ceil(rest ** (1 / left) - 1e-9)
            degree = (next(number for number in range(even, rest + 1) if rest % number == 0),)
            rest, left = rest // degree[0], left - 1
        filled.append((name, degree))
    return tuple(filled)


def _cuts(name: str, degree: tuple[int, ...]) -> list[tuple[str, int]]:
    """The axes of a word with their degrees; a single degree of `filter` is that of the input channels."""
    axes = PAIRS.get(name, () if name == "serial" else (name,))
    return list(zip(axes[-len(degree) :] if name == "filter" else axes, degree, strict=False))
