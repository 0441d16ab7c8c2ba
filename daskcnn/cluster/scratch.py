"""A folder on this node's own disk that is gone with the process that made it, however that ends."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import dask

REMOVE = 'trap "" HUP INT TERM; read -r end; rm -rf -- "$1"'
"""What a shell does that waits until nobody holds the other end of its input any more, whatever ends all others."""


def base(environment: Mapping[str, str]) -> Path:
    """The folder that scratch folders lie in: Dask's setting, Slurm's for the job, or that of temporary files.

    Examples
    --------
    >>> base({"SLURM_TMPDIR": "/nonesuch"}) == Path(tempfile.gettempdir())
    True
    """
    asked = (dask.config.get("temporary-directory"), environment.get("SLURM_TMPDIR"))
    there = (Path(text) for text in asked if text and os.access(text, os.W_OK | os.X_OK))
    return next(there, Path(tempfile.gettempdir()))


@contextmanager
def scratch(name: str) -> Iterator[str]:
    """A new folder, removed by a process of its own as soon as this one has left the block, or is killed.

    Parameters
    ----------
    name : str
        What its own begins with.
    """
    folder = tempfile.mkdtemp(prefix=f"{name}-", dir=base(os.environ))
    # In a session of its own it is not killed with this process's group.
    with subprocess.Popen(
        ["/bin/sh", "-c", REMOVE, "sh", folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ):
        yield folder
    shutil.rmtree(folder, ignore_errors=True)
