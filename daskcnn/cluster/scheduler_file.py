"""The file in which a scheduler says where it is: a cluster that was started beside this program writes it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from time import monotonic, sleep

from daskcnn.cluster.existing import ANSWER, unanswered
from daskcnn.errors import NoClusterError, UsageError, reason

ADDRESS = r"(tcp|tls)://\S+:\d+"
LONGEST = 1 << 20
"""Bytes of a file that is read."""
WRITTEN = 2.0
"""Seconds that Dask may take to write it."""
LOOK = 0.1
"""Seconds between two looks."""


def checked(file: str | Path) -> Path:
    """The path of a scheduler's file, which need not be there yet.

    Raises
    ------
    UsageError
        Something else is there.
    """
    path = Path(file)
    if path.exists() and not path.is_file():
        raise UsageError(f"scheduler file {path}: that is no file; give the one that dask scheduler or dask-mpi writes")
    return path


def address_in(file: Path, timeout: float) -> str:
    """The address of the scheduler that wrote a file, once it is there and the scheduler answers.

    Parameters
    ----------
    file : Path
    timeout : float
        Seconds to wait for the file.

    Raises
    ------
    NoClusterError
        The file does not come, is none of a scheduler, or is of one that has ended.
    """
    deadline = monotonic() + timeout
    while True:
        while not file.exists():
            if monotonic() >= deadline:
                raise NoClusterError(
                    f"scheduler file {file}: not there after {timeout:g} s; see that the cluster that writes it has "
                    "started, or wait longer with --timeout"
                )
            sleep(LOOK)
        address = _address(file)
        problem = unanswered(address, min(timeout, ANSWER))
        if not problem:
            return address
        if _address(file) == address:  # nobody has written it anew
            raise NoClusterError(
                f"scheduler file {file} is stale: its scheduler at {address} does not answer ({problem}); delete it "
                "and start the cluster again"
            )


def _address(file: Path) -> str:
    """What the file says; Dask may be just writing it."""
    since = monotonic()
    while True:
        try:
            return _read(file)
        except (ValueError, OSError) as error:
            if monotonic() - since >= WRITTEN:
                raise NoClusterError(
                    f"scheduler file {file}: {reason(error)}; give the one that dask scheduler or dask-mpi writes"
                ) from error
        sleep(LOOK)


def _read(file: Path) -> str:
    with file.open("rb") as opened:
        content = opened.read(LONGEST)
    if not content.strip():
        raise ValueError("it is empty")
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is no JSON ({reason(error)})") from error
    if not isinstance(said, dict) or said.get("type") != "Scheduler":
        raise ValueError("it is no scheduler's")
    if not re.fullmatch(ADDRESS, str(said.get("address"))):
        raise ValueError(f"it has no address like tcp://10.0.0.7:8786, but {str(said.get('address'))[:80]!r}")
    return str(said["address"])
