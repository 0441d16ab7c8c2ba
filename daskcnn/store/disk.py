"""Whether a folder's disk takes a file, before it is written, and what helps where it did not."""

import os
import shutil
from contextlib import suppress
from errno import EDQUOT, ENOSPC
from pathlib import Path

from daskcnn.errors import RunError

LEAST = 1 << 20
"""Bytes that have to be free before anything is begun; a small run takes a tenth of them."""


def check(folder: Path) -> None:
    """Find out, without making anything, that a folder could not be written to.

    Raises
    ------
    RunError
        It, or the nearest one above it that exists, cannot be written to, or its disk is full.
    """
    place = folder.absolute()
    nearest = next(path for path in (place, *place.parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise RunError(f"cannot write to store {folder} ({nearest} is not writable): choose another folder")
    disk = shutil.disk_usage(nearest)
    # Some file systems do not say how large they are.
    if disk.total and disk.free < LEAST:
        left = f"{disk.free:,} B are free"
        raise RunError(
            f"cannot write to store {folder} (its disk is full, {left}): free more, or choose another folder"
        )


def way_out(folder: Path, error: OSError, size: int) -> str:
    """What helps where a file of so many bytes could not be written.

    >>> way_out(Path("."), OSError(ENOSPC, "No space left on device"), 1 << 60).partition("B, ")[0]
    'it takes 1,152,921,504,606,846,976 '
    """
    if error.errno not in (ENOSPC, EDQUOT):
        return "choose another folder"
    with suppress(OSError):
        missing = size - shutil.disk_usage(folder).free
        if missing > 0:
            return f"it takes {size:,} B, {missing:,} B more than are free: free them, or choose another folder"
    return f"it takes {size:,} B: free as many, or choose another folder"
