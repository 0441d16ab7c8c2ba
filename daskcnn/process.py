"""What is asked of a worker's process: its memory, its disk; small, for workers import it, full ones too."""

import ctypes
import shutil
from contextlib import suppress
from pathlib import Path

from distributed import Worker


def let_go() -> None:
    """Give the memory back that a worker's process keeps at hand from earlier work, where its C library can."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def forget_peak() -> None:
    """Let the largest resident memory of a worker's process count from now, where Linux allows it."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def scratch(dask_worker: Worker) -> tuple[int, str]:
    """Bytes that are free where a worker puts results, and the folder."""
    return shutil.disk_usage(dask_worker.local_directory).free, dask_worker.local_directory
