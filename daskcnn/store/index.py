"""The rows of a store's runs as they were last read, a line each in `.index.jsonl`.

A cache, nothing more: a line counts only while its file has the size and the time of change that it names. Deleting
the file costs time; lines that are torn, or that nobody here wrote, are passed over.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from daskcnn.errors import RunError
from daskcnn.files import whole
from daskcnn.store import row
from daskcnn.store.history import SCHEMA
from daskcnn.store.row import Row

NAME = ".index.jsonl"
SPARE = 1000
"""Lines that count no more are dropped when there are as many as runs, and this many more."""

Stamp = tuple[int, int]
"""Size of a file in bytes, and when it changed in ns."""


def stamp(status: os.stat_result) -> Stamp:
    """What tells one content of a file from the next."""
    return status.st_size, status.st_mtime_ns


def rows(folder: Path, stamps: Mapping[str, Stamp]) -> tuple[dict[str, Row], list[str]]:
    """The rows of runs, and the ids of files that are none.

    Parameters
    ----------
    folder : Path
        The store.
    stamps : mapping of str to (int, int)
        Of each file, by id. In their order the rows come.
    """
    noted, lines = _read(folder, stamps)
    read: dict[str, Row] = {}
    unreadable = []
    for name in stamps.keys() - noted.keys():
        try:
            read[name] = row.read(folder / f"{name}.nc")
        except RunError:
            # Not one that another process has removed meanwhile.
            if os.path.lexists(folder / f"{name}.nc"):
                unreadable.append(name)
    known = noted | read
    found = {name: known[name] for name in stamps if name in known}
    if lines > 2 * len(found) + SPARE:
        with suppress(OSError), whole(folder / NAME) as part:
            part.write_bytes(_lines(found, stamps))
    elif read:
        note(folder, read, stamps)
    return found, sorted(unreadable)


def note(folder: Path, rows: Mapping[str, Row], stamps: Mapping[str, Stamp]) -> None:
    """Add lines, in one step, where the folder may be written to."""
    with suppress(OSError):
        handle = os.open(folder / NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            os.write(handle, _lines(rows, stamps))
        finally:
            os.close(handle)


def _lines(rows: Mapping[str, Row], stamps: Mapping[str, Stamp]) -> bytes:
    lines = (json.dumps([SCHEMA, name, *stamps[name], values]) for name, values in rows.items())
    # It begins with a new line, so that it is none with what a killed process left half written.
    return "\n".join(["", *lines, ""]).encode()


def _read(folder: Path, stamps: Mapping[str, Stamp]) -> tuple[dict[str, Row], int]:
    """The rows of files that have not changed since, and how many lines there are."""
    try:
        lines = [line for line in (folder / NAME).read_bytes().splitlines() if line]
    except OSError:
        return {}, 0
    found = {}
    for line in lines:
        with suppress(ValueError, TypeError, AttributeError, RecursionError):
            schema, name, size, changed, values = json.loads(line)
            # Lines of earlier versions lack the machine.
            right = row.MACHINE in values and row.is_run(values)
            if right and schema == SCHEMA and stamps.get(name) == (size, changed):
                found[name] = values
    return found, len(lines)
