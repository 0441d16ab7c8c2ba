"""What can only be read whole, kept by the process that read it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, TypeVarTuple

from numpy.typing import NDArray

T = TypeVar("T")
Rest = TypeVarTuple("Rest")


def kept(files: int) -> Callable[[Callable[[Path, *Rest], T]], Callable[[Path, *Rest], T]]:
    """Keep what a function reads from the last few files, for as long as they do not change.

    Threads wait for each other, so that no file is held twice by one process.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "file")
    >>> _ = file.write_text("a")
    >>> read = kept(files=1)(Path.read_text)
    >>> read(file) is read(file)
    True
    >>> _ = file.write_text("bc")
    >>> read(file)
    'bc'
    """

    def decorate(read: Callable[[Path, *Rest], T]) -> Callable[[Path, *Rest], T]:
        lock = Lock()

        @lru_cache(files)
        def keep(stamp: tuple[int, int], path: Path, *rest: *Rest) -> T:
            return read(path, *rest)

        @wraps(read)
        def wrapper(path: Path, *rest: *Rest) -> T:
            status = path.stat()
            with lock:
                return keep((status.st_mtime_ns, status.st_size), path, *rest)

        return wrapper

    return decorate


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """The same array, guarded against writing, as all who read it share it."""
    array.setflags(write=False)
    return array
