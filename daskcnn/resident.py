"""What a process has in memory; small, for workers import it."""

import ctypes
from contextlib import suppress
from pathlib import Path


def let_go() -> None:
    """Give the memory back that a worker's process keeps at hand from earlier work, where its C library can."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def forget_peak() -> None:
    """Let the largest resident memory of a worker's process count from now, where Linux allows it."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
