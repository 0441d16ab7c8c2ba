"""Files that are there whole or not at all, whatever is killed when."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A name to write to, which takes the place of `path` in one step when the block ends well.

    Bytes and name are on the disk when the block is left. A block that raises leaves `path` as it was; a process
    killed inside leaves at most a hidden file that ends in `.part`.

    Raises
    ------
    OSError
        The folder cannot be written to, or the disk is full.

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
    part = path.with_name(f".{uuid4().hex}.part")
    try:
        yield part
        _sync(part)
        part.replace(path)
        _sync(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
