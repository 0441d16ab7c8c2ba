"""What a job may use of the node that this process is on: by Slurm's variables and control groups, not all of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from dask.system import cpu_count
from distributed.system import MEMORY_LIMIT

UNITS = {"": 20, "K": 10, "M": 20, "G": 30, "T": 40}
"""Powers of two; Slurm counts in MiB where it says nothing."""
NONE = 1 << 60
"""Bytes from which a control group's limit is none: version 1 has a large number for that."""
GROUPS = Path("/sys/fs/cgroup")
NANNY = 250_000_000
"""Bytes that a worker rank takes beside its worker, over which it watches: Python and its libraries. Measured."""


def memory() -> int:
    """Bytes that all of the job's processes on this node may take together."""
    limits = [MEMORY_LIMIT, slurm_memory(os.environ), group_memory(_read(Path("/proc/self/cgroup")) or "", _read)]
    return min(limit for limit in limits if limit)


def cores() -> int:
    """Cores that all of the job's processes on this node may use together.

    A rank may be bound to fewer.
    """
    return slurm_cores(os.environ) or int(cpu_count())


def share(memory: int, ranks: int) -> int:
    """The memory limit of one worker on a node, in bytes.

    The ranks there share its memory: those that are no worker have theirs too. Dask counts what the worker's process
    takes, so that the nanny's has to come off. From 0.7 of its limit a worker writes to disk, at 0.95 it is ended:
    that is its reserve.

    Examples
    --------
    >>> share(16_000_000_000, ranks=4)
    3750000000
    """
    each = memory // ranks
    return max(each - NANNY, each // 2)


def slurm_memory(environment: Mapping[str, str]) -> int | None:
    """Bytes that Slurm gave a job on this node; None where it says none, or all.

    Examples
    --------
    >>> slurm_memory({"SLURM_MEM_PER_NODE": "4096"}) == 4 << 30
    True
    >>> slurm_memory({"SLURM_MEM_PER_CPU": "2G", "SLURM_CPUS_ON_NODE": "8"}) == 16 << 30
    True
    """
    if (whole := _bytes(environment.get("SLURM_MEM_PER_NODE", ""))) is not None:
        return whole or None
    each, count = _bytes(environment.get("SLURM_MEM_PER_CPU", "")), slurm_cores(environment)
    return each * count or None if each and count else None


def slurm_cores(environment: Mapping[str, str]) -> int | None:
    """Cores that Slurm gave a job on this node; None where it says nothing.

    Examples
    --------
    >>> slurm_cores({"SLURM_JOB_CPUS_PER_NODE": "16(x3),8", "SLURM_NODEID": "3"})
    8
    """
    here = counts(environment.get("SLURM_CPUS_ON_NODE", ""))
    each = counts(environment.get("SLURM_JOB_CPUS_PER_NODE", ""))
    number = environment.get("SLURM_NODEID", "")
    if not here and number.isdecimal() and int(number) < len(each):
        return each[int(number)]
    return min(here or each, default=None)


def counts(text: str) -> list[int]:
    """A number for each node, as Slurm writes them; empty where it is none.

    Examples
    --------
    >>> counts("2(x3),1"), counts("8"), counts("8,x")
    ([2, 2, 2, 1], [8], [])
    """
    found: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*([1-9]\d{0,6})(?:\(x([1-9]\d{0,6})\))?\s*", part)
        if not match:
            return []
        found += [int(match[1])] * int(match[2] or 1)
    return found


def group_memory(groups: str, read: Callable[[Path], str | None]) -> int | None:
    """The least memory limit of the control groups that a process is in, in bytes; None where there is none.

    Parameters
    ----------
    groups : str
        What `/proc/self/cgroup` says: lines of a hierarchy's number, its controllers, and a path; version 2 has one
        hierarchy, 0, and names no controllers.
    read : callable
        Gives the text of a file, None where it cannot be read.

    Examples
    --------
    >>> files = {GROUPS / "slurm/job_7/memory.max": "1048576", GROUPS / "slurm/job_7/step_0/memory.max": "max"}
    >>> group_memory("0::/slurm/job_7/step_0", files.get)
    1048576
    """
    texts = [read(file) or "" for file in _limits(groups)]
    limits = [int(text) for text in map(str.strip, texts) if text.isdecimal()]
    return min((limit for limit in limits if 0 < limit < NONE), default=None)


def _limits(groups: str) -> Iterator[Path]:
    """Files with the limits of the groups and of all that they lie in."""
    for line in groups.splitlines():
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if not path.startswith("/"):
            continue
        if number == "0" and not controllers:
            folder, name = GROUPS, "memory.max"
        elif "memory" in controllers.split(","):
            folder, name = GROUPS / "memory", "memory.limit_in_bytes"
        else:
            continue
        own = PurePosixPath(path)
        yield from (folder / group.relative_to("/") / name for group in (own, *own.parents))


def _bytes(text: str) -> int | None:
    match = re.fullmatch(r"(\d{1,12})([KMGT]?)B?", text.strip().upper())
    return int(match[1]) << UNITS[match[2]] if match else None


def _read(file: Path) -> str | None:
    try:
        return file.read_text()
    except OSError:
        return None
