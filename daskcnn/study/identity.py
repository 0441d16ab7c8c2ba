"""What tells one sweep from another: all that was asked for, of what, by which versions, on which machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from dask.base import tokenize

from daskcnn.provenance import provenance
from daskcnn.subject import Subject

PASSING = ("time", "command")
"""Of a run's provenance what differs from one part of a sweep to the next."""
DIGITS = 12


def identity(asked: Mapping[str, Any], subject: Subject, files: Iterable[str]) -> str:
    """Hexadecimal digits, the same where a sweep is asked for again and nothing has changed since.

    Parameters
    ----------
    asked : mapping of str to value
        Plain values: configurations, engine, cluster and the like. How many repeats is no part of it: more of them
        make the same sweep longer.
    subject : Subject
        Its network counts with all its parameters.
    files : iterable of str
        Names of plan files, and of images in files or folders, which count with their sizes and times; what names
        none is let pass.
    """
    machine = {name: value for name, value in provenance().items() if name not in PASSING}
    stamps = [_stamps(Path(path)) for text in files for path in (text, text.rpartition(":")[0]) if path]
    what = dict(asked), subject.network, dict(subject.sources), stamps, machine
    return str(tokenize(what, ensure_deterministic=True))[:DIGITS]


def _stamps(path: Path) -> list[tuple[str, int, int]]:
    """Name, size and time of a file, or of all in a folder."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path] if path.is_file() else []
    return [(str(file), (status := file.stat()).st_size, status.st_mtime_ns) for file in files]
