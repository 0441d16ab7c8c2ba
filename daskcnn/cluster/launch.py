"""What a cluster needs of MPI: who is there, and that all learn of the scheduler. Then MPI has ended.

Ending it at once means that no rank waits for another in MPI's end, which would hang where one is lost.
"""

from __future__ import annotations

import faulthandler
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from textwrap import shorten
from typing import Any, NamedTuple

from daskcnn.cluster import allocation
from daskcnn.cluster.interface import address_of
from daskcnn.errors import UsageError, reason
from daskcnn.quantity import many
from daskcnn.ranks import FEWEST, Rank

EXAMPLE = "`mpirun -n 4 daskcnn run --cluster mpi`, or the same after srun"
LONGEST = 120
"""Letters of what the loader says: it names all places where it has looked."""
PACKAGES = ("mpi4py", "dask_mpi")
APART = {"MPIR_CVAR_NOLOCAL": "1", "MPIR_CVAR_CH4_NETMOD": "ofi", "MPIR_CVAR_CH4_OFI_ENABLE_INJECT": "0"}
"""How MPICH connects ranks, which hardly say anything to each other, unless the site says. They share no memory: what a
killed rank leaves of it would keep the job of the same number, begun by Slurm again on that node, from starting. And
they leave UCX alone, whose addresses may be longer than Slurm's pmi2 takes. What is sent has left when a call returns:
a rank that is Dask's from then on would never send the rest, for which another waits."""


class Here(NamedTuple):
    """What a rank says of itself to all."""

    host: str
    node: str
    """Slurm may have several nodes on one host."""
    memory: int
    """Bytes that the job has on this node."""
    cores: int
    """That the job has on this node."""
    problem: str
    """What hinders it, if anything."""

    @classmethod
    def of(cls, interface: str | None) -> Here:
        """What this process says."""
        host, problem = socket.gethostname(), ""
        try:
            address_of(interface) if interface else None
        except UsageError as error:
            problem = str(error)
        node = f"{host}/{os.environ.get('SLURMD_NODENAME', '')}"
        return cls(host, node, allocation.memory(), allocation.cores(), problem)


@dataclass
class Launch:
    """The communicator that dask-mpi gets: after its last use MPI ends."""

    world: Any
    finalize: Callable[[], None]
    done: bool = False

    def Get_size(self) -> int:  # noqa: N802
        """How many ranks there are."""
        return int(self.world.Get_size())

    def Get_rank(self) -> int:  # noqa: N802
        """Which this one is."""
        return int(self.world.Get_rank())

    def bcast(self, value: object, root: int) -> object:
        """Give all what one has."""
        return self.world.bcast(value, root=root)

    def Barrier(self) -> None:  # noqa: N802
        """Wait for all, and let MPI end."""
        self.world.Barrier()
        self.end()

    def initialize(self, **settings: Any) -> None:
        """Be what this rank is for dask-mpi, which returns at once in the client's, in others when they have ended."""
        from dask_mpi import initialize

        initialize(comm=self, exit=False, **settings)

    def end(self) -> None:
        """Let MPI end; all ranks do so."""
        faulthandler.cancel_dump_traceback_later()
        self.done = True
        self.finalize()


def launched(here: Rank | None, timeout: float) -> Launch:
    """MPI, with the ranks that the launcher speaks of; where they are not launched in time, this process ends.

    Raises
    ------
    UsageError
        It is not there, not under way, or sees fewer ranks.
    """
    if missing := [name for name in PACKAGES if find_spec(name) is None]:
        raise UsageError(f"cluster mpi: {' and '.join(missing)} missing; pip install 'daskcnn[mpi]'")
    if here is None:
        raise UsageError(f"cluster mpi: this is no rank of an MPI job; start it with {EXAMPLE}")
    if here.size < FEWEST:
        raise UsageError(
            f"cluster mpi: {many(here.size, 'rank')}, at least {FEWEST} are needed, "
            f"for a scheduler, a client and a worker; start it with {EXAMPLE}"
        )
    # Where one does not come all others would wait for ever, in C, where no signal's handler is called.
    faulthandler.dump_traceback_later(timeout, exit=True, file=sys.stderr if here.speaks else _nowhere())
    mpi, ours = _library()
    world = mpi.COMM_WORLD
    if world.Get_size() != here.size:
        faulthandler.cancel_dump_traceback_later()
        raise UsageError(
            f"cluster mpi: {here.size} ranks were started, MPI knows of {world.Get_size()}: the launcher is not that "
            "of the MPI library; use its own mpirun, or srun --mpi=pmi2 or pmix (srun --mpi=list says what there is)"
        )
    return Launch(world, mpi.Finalize if ours else lambda: None)


def _library() -> tuple[Any, bool]:
    """MPI, and whether nobody had started it before."""
    ours = "mpi4py.MPI" not in sys.modules
    for name, value in APART.items():
        os.environ.setdefault(name, value)
    try:
        from mpi4py import MPI
    except Exception as error:  # the loader says what it cannot find in many ways
        faulthandler.cancel_dump_traceback_later()
        raise UsageError(
            f"cluster mpi: no MPI library ({shorten(reason(error), LONGEST)}); load the site's module, or pip install "
            "'daskcnn[mpi]'"
        ) from error
    return MPI, ours


def _nowhere() -> Any:
    return open(os.devnull, "w")  # noqa: PTH123  (open until the process ends)
