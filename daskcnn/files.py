"""Files that are there whole or not at all, whatever is killed when."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EISDIR
from pathlib import Path
from time import time
from uuid import uuid4

import psutil  # type: ignore[import-untyped, unused-ignore]

PART = ".part"
"""What names of files end with that are being written; they begin with a dot."""
OLD = 3600.0
"""Seconds after which a part that no living process writes is taken to be left over."""


@contextmanager
def whole(path: Path, *, new: bool = False) -> Iterator[Path]:
    """A name to write to, which takes the place of `path` in one step when the block ends well.

    Bytes and name are on the disk when the block is left. A block that raises leaves `path` as it was; a process
    killed inside leaves at most a hidden file that ends in `.part`.

    Parameters
    ----------
    path : Path
    new : bool
        Whether to fail where `path` is there by then, whoever made it: of many writers one wins.

    Raises
    ------
    FileExistsError
        `path` is there, and was to be new.
    OSError
        It is a folder, or the folder cannot be written to, or the disk is full.

    Examples
    --------
    >>> import tempfile
    >>> page = Path(tempfile.mkdtemp()) / "page.html"
    >>> with whole(page) as part:
    ...     _ = part.write_text("<p>")
    ...     page.exists()
    False
    >>> page.read_text()
    '<p>'
    """
    if not path.name:
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))
    part = path.with_name(f".{uuid4().hex}-{os.getpid()}{PART}")
    try:
        yield part
        _sync(part)
        if new:
            _name(part, path)
        else:
            part.replace(path)
        _sync(path.parent)
    finally:
        part.unlink(missing_ok=True)


def clear(folder: Path) -> None:
    """Remove the parts of files that killed processes left in a folder, once they are old."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") and entry.name.endswith(PART):
                with suppress(OSError):
                    changed = entry.stat().st_mtime
                    if time() - changed > OLD and not _written(entry.name, changed):
                        Path(entry).unlink()


def _name(part: Path, path: Path) -> None:
    """Let a file be found under a name that nothing else has."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: who makes the claim may take the name.
        claim = path.with_name(f".{path.name}{PART}")
        claim.touch(exist_ok=False)
        try:
            if path.exists():
                raise FileExistsError(f"{path} is there") from None
            part.replace(path)
        finally:
            claim.unlink()


def _written(name: str, changed: float) -> bool:
    """Whether the process that began a part lives on, as far as this machine knows."""
    pid = name.removesuffix(PART).rpartition("-")[2]
    try:
        process = psutil.Process(int(pid))
        # A later process may have been given the number of one that is gone.
        return bool(process.status() != psutil.STATUS_ZOMBIE and process.create_time() <= changed)
    except (psutil.Error, ValueError, OverflowError):
        return False


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
