"""Settings and a command as a job script."""

import json
import re
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from importlib.resources import files

from daskcnn.cluster.launch import APART
from daskcnn.cluster.own import FAIR, WORKERS
from daskcnn.jobscript.quoting import for_shell, for_slurm, plain
from daskcnn.jobscript.settings import Settings

START_SECONDS = 300
"""A cluster that has no scheduler by then never will."""
LOGS = {"distributed": "warning", "distributed.nanny": "critical", "distributed.nanny.memory": "warning"}
"""What Dask says at least. A nanny calls the end of its worker an error, also where it has ended it itself."""
ENVIRONMENT = {
    **WORKERS,
    **{f"DASK_{name.upper().replace('.', '__').replace('-', '_')}": str(value) for name, value in FAIR.items()},
    "DASK_LOGGING": json.dumps(LOGS),
    # The tab `daskcnn` of the Dask dashboard.
    "DASK_DISTRIBUTED__SCHEDULER__PRELOAD": json.dumps(["daskcnn.live"]),
}
"""Of scheduler, workers and client: settings under which partitions compare fairly, and one thread a worker."""
WITH_MPI = """\
# dask-mpi starts them. Under mpi4py a rank that fails at the start ends the others instead of leaving them to wait; at
# the end none waits for the others, of which one may be lost. MPICH is told what suits that, unless it was told before.
export MPI4PY_RC_FINALIZE=0
@apart@
serve() {
    exec "$python" -m mpi4py -m dask_mpi.cli --scheduler-file "$contact" --dashboard-address :0@interface@ \\
        --worker-class distributed.Nanny --nthreads 1 --memory-limit "$memory"
}"""
WITHOUT_MPI = """\
# Without MPI they find each other by the scheduler's file.
serve() {
    if ((SLURM_PROCID == 0)); then
        exec "$python" -m distributed.cli.dask_scheduler --scheduler-file "$contact" --dashboard-address :0 \\
            --port 0@interface@
    fi
    exec "$python" -m distributed.cli.dask_worker --scheduler-file "$contact" --dashboard-address :0@interface@ \\
        --name "rank-$SLURM_PROCID" --nthreads 1 --memory-limit "$memory"
}"""
LOCAL = '"${SLURM_TMPDIR:-${TMPDIR:-/tmp}}"'
"""Where scratch lies unless a site says."""


def script(settings: Settings, command: Sequence[str]) -> str:
    """A bash script for sbatch that starts a Dask cluster, runs `daskcnn` with a command on it, and clears up.

    Parameters
    ----------
    settings : Settings
    command : sequence of str
        Words of a command line after `daskcnn`; `--scheduler-file` is added after the first.

    Raises
    ------
    UsageError
        A word holds a line's end.

    Examples
    --------
    >>> text = script(Settings(nodes=4, tasks_per_node=8), ["run", "--chunks", "batch", "--workers", "31"])
    >>> [line for line in text.splitlines() if "nodes=4" in line or "--chunks" in line][:2]
    ['#     daskcnn run --chunks batch --workers 31', '#SBATCH --nodes=4']
    """
    words = [for_shell(plain("the word", word)) for word in command]
    values = {
        "apart": "\n".join(_for_mpi(settings)),
        "shown": " ".join(words),
        "version": version("daskcnn"),
        "ranks": str(settings.ranks),
        "workers": str(settings.workers),
        "directives": "\n".join(f"#SBATCH {line}" for line in directives(settings)),
        "site": "\n".join(site(settings)),
        "python": for_shell(settings.python),
        "store": for_shell(str(settings.folder / settings.store)),
        "environment": "\n".join(f"export {name}={for_shell(value)}" for name, value in ENVIRONMENT.items()),
        "scratch": for_shell(settings.scratch) if settings.scratch else LOCAL,
        "serve": WITHOUT_MPI if settings.mpi == "none" else WITH_MPI,
        "interface": f" --interface {for_shell(settings.interface)}" if settings.interface else "",
        "mpi": settings.mpi,
        "cpus": str(settings.cpus_per_task),
        "patience": str(min(START_SECONDS, settings.client_seconds // 2)),
        "limit": str(settings.client_seconds),
        "command": " ".join([words[0], '--scheduler-file "$contact"', *words[1:]]),
    }
    template = files("daskcnn.jobscript").joinpath("job.sh").read_text(encoding="utf-8")
    # Only @names@ of the template are filled in, whatever the values hold.
    template = template.replace("@serve@", values["serve"])
    return re.sub("@([a-z]+)@", lambda found: values[found[1]], template)


def _for_mpi(settings: Settings) -> Iterator[str]:
    """How MPICH connects the ranks, unless it was told before."""
    yield from (f'export {name}="${{{name}-{value}}}"' for name, value in APART.items())
    if settings.interface:
        yield f"export FI_TCP_IFACE={for_shell(settings.interface)}"


def directives(settings: Settings) -> Iterator[str]:
    """What sbatch is told, a line each."""
    asked = {
        "job-name": settings.job_name,
        "nodes": settings.nodes,
        "ntasks-per-node": settings.tasks_per_node,
        "cpus-per-task": settings.cpus_per_task,
        "mem": settings.mem,
        "time": settings.time,
        "partition": settings.partition,
        "account": settings.account,
        "chdir": settings.folder,
        "output": settings.output,
        # What a requeued job says goes after what it said before.
        "open-mode": "append",
    }
    yield from (f"--{name}={for_slurm(str(value))}" for name, value in asked.items() if value is not None)
    yield from settings.directive


def site(settings: Settings) -> Iterator[str]:
    """Lines of shell before anything else."""
    yield from (f"module load {for_shell(name)} || exit" for name in settings.module)
    yield from settings.setup
