"""Which rank of an MPI job this process is, by what its launcher says, before MPI itself starts."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from daskcnn.errors import UsageError

SCHEDULER, CLIENT = 0, 1
"""What these ranks become; all others are workers."""
FEWEST = 3
"""Ranks of a scheduler, a client and a worker."""
LAUNCHERS = (
    ("PMI_RANK", "PMI_SIZE"),
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    # In a job's script itself, which is no rank, Slurm sets the first but not the second.
    ("SLURM_PROCID", "SLURM_STEP_NUM_TASKS"),
)
"""Variables of MPICH and its kin, of Open MPI, and of srun."""


class Rank(NamedTuple):
    """A rank of a job."""

    number: int
    size: int
    """How many there are."""

    @property
    def speaks(self) -> bool:
        """Whether it is the one of all that says what was asked for wrongly."""
        return self.number == min(CLIENT, self.size - 1)


def rank(environment: Mapping[str, str]) -> Rank | None:
    """The rank that this process is; None where no launcher started it.

    Examples
    --------
    >>> rank({"PMI_RANK": "2", "PMI_SIZE": "4"})
    Rank(number=2, size=4)
    >>> rank({"SLURM_PROCID": "0"})
    """
    for number, size in LAUNCHERS:
        here, of = environment.get(number, ""), environment.get(size, "")
        if here.isdecimal() and of.isdecimal() and int(here) < int(of):
            return Rank(int(here), int(of))
    return None


def silent(arguments: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Whether another rank says what is wrong with a command line that all ranks of a job have.

    Examples
    --------
    >>> silent(["run", "--cluster=mpi", "--chunks"], {"PMI_RANK": "0", "PMI_SIZE": "4"})
    True
    >>> silent(["run", "--cluster", "mpi"], {"PMI_RANK": "1", "PMI_SIZE": "4"}), silent(["run"], {})
    (False, False)
    """
    here = rank(environment)
    return here is not None and not here.speaks and any(word.rpartition("=")[2] == "mpi" for word in arguments)


@contextmanager
def said_once() -> Iterator[None]:
    """Where all ranks of a job are asked for something wrong, one raises UsageError; the others exit with 2."""
    try:
        yield
    except UsageError:
        here = rank(os.environ)
        if here is None or here.speaks:
            raise
        sys.exit(2)
