"""What is asked of Slurm, and what a site needs."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

from daskcnn.errors import UsageError
from daskcnn.jobscript.quoting import plain

FLAVOURS = ("pmi2", "pmix", "none")
"""How ranks find each other: what `srun --mpi` is told; without MPI, by the scheduler's file alone."""
TIME = re.compile(r"(?:(?P<days>\d+)-)?(?P<first>\d+)(?::(?P<second>\d+))?(?::(?P<third>\d+))?", re.ASCII)


@dataclass(frozen=True)
class Settings:
    """A job: its size, its site, its folders.

    Raises
    ------
    UsageError
        A value that Slurm would refuse, or that cannot stand in a script.

    Examples
    --------
    >>> Settings(nodes=4, tasks_per_node=8, time="00:30:00").workers
    31
    """

    nodes: int = 1
    tasks_per_node: int = 2
    time: str = "00:30:00"
    """As Slurm reads it: minutes, hours:minutes:seconds, days-hours, and the like."""
    cpus_per_task: int = 1
    mem: str | None = None
    """Of each node, in MB or with K, M, G or T."""
    partition: str | None = None
    account: str | None = None
    directive: tuple[str, ...] = ()
    """Other options of sbatch, as they are: `--qos=high`."""
    mpi: str = "pmi2"
    module: tuple[str, ...] = ()
    """Environment modules to load."""
    setup: tuple[str, ...] = ()
    """Lines of shell before anything else, as they are."""
    python: str = sys.executable
    interface: str | None = None
    """The network that scheduler and workers talk over, as `ib0`."""
    scratch: str | None = None
    """A folder on each node's own disk."""
    job_name: str = "daskcnn"
    output: str = "%x-%j.out"
    folder: Path = field(default_factory=Path.cwd)
    """Where the job runs: what relative paths are read from."""
    store: Path = Path("daskcnn-runs")

    def __post_init__(self) -> None:
        for name, value in _texts(self):
            plain(f"--{name.replace('_', '-')}", value)
        if min(self.nodes, self.tasks_per_node, self.cpus_per_task, self.workers) < 1:
            raise UsageError(
                f"{self.nodes} nodes, {self.tasks_per_node} tasks on each, {self.cpus_per_task} CPUs a task: at least "
                "1 of each is needed, and 2 tasks in all, the scheduler and a worker"
            )
        if self.mpi not in FLAVOURS:
            raise UsageError(f"MPI flavour {self.mpi!r}: use {', '.join(FLAVOURS)}")
        if self.mem is not None and not re.fullmatch(r"[1-9]\d*[KMGT]?", self.mem, re.ASCII):
            raise UsageError(f"memory {self.mem!r}: give what a node has for the job as Slurm reads it, 16G or 16000M")
        if self.seconds < 60:
            raise UsageError(f"time {self.time!r}: at least a minute is needed")

    @property
    def ranks(self) -> int:
        """Processes that Slurm starts."""
        return self.nodes * self.tasks_per_node

    @property
    def workers(self) -> int:
        """All ranks but the first, which is the scheduler."""
        return self.ranks - 1

    @property
    def seconds(self) -> int:
        """Of the job at most.

        Raises
        ------
        UsageError
            Slurm does not read the time so.

        Examples
        --------
        >>> [Settings(time=text).seconds for text in ("90", "1:30", "01:00:00", "1-12", "1-00:00:05")]
        [5400, 90, 3600, 129600, 86405]
        """
        found = TIME.fullmatch(self.time)
        if not found:
            raise UsageError(f"time {self.time!r}: give it as Slurm reads it, 00:30:00 or 1-12:00:00")
        days, *parts = found.groups(default="")
        numbers = [int(part) for part in parts if part]
        # Minutes and seconds are what one or two numbers are, unless days go before them: then hours come first.
        hours, minutes, seconds = [*numbers, 0, 0][:3] if days or len(numbers) == 3 else [0, *numbers, 0][:3]
        return ((int(days or 0) * 24 + hours) * 60 + minutes) * 60 + seconds

    @property
    def client_seconds(self) -> int:
        """After so many of the job its client is ended: what is left is for clearing up."""
        return self.seconds - min(60, self.seconds // 4)


def _texts(settings: Settings) -> Iterator[tuple[str, str]]:
    """All that is written as it is, with its name."""
    for own in fields(settings):
        value = getattr(settings, own.name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, str | Path):
                yield own.name, str(one)
