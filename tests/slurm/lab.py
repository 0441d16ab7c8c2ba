"""A Slurm of our own on one machine: munged, slurmctld and virtual nodes, without systemd, gone when it ends."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

import psutil  # type: ignore[import-untyped, unused-ignore]

NODES, CPUS, MEBIBYTES = 4, 2, 3000
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "scancel", "scontrol")
CONFIGURATION = """\
ClusterName=lab
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
ReturnToService=2
MinJobAge=3600
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmdSpoolDir={folder}/%n
SlurmdParameters=config_overrides
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
{nodes}
PartitionName=lab Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
NODE = "NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs={cpus} RealMemory={memory}"
NAMES = [f"node{number}" for number in range(1, NODES + 1)]


def lacking() -> str | None:
    """Why there can be no Slurm here."""
    if os.geteuid():
        return "starting a Slurm needs root"
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    return f"no {', '.join(missing)}: install slurmctld, slurmd, slurm-client and munge" if missing else None


def until(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Wait until something holds."""
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, f"{what}: not within {seconds:g} s"
        sleep(0.1)


@dataclass(frozen=True)
class Lab:
    """A Slurm that is up."""

    folder: Path
    environment: dict[str, str]

    def call(self, *words: str, folder: Path | None = None) -> str:
        """What a command of Slurm prints."""
        return subprocess.run(
            words, cwd=folder, env=self.environment, stdout=subprocess.PIPE, text=True, timeout=60, check=True
        ).stdout

    def fact(self, job: str, name: str) -> str:
        """What Slurm says of a job: its `JobState`, its `ExitCode`."""
        found = re.search(rf"\b{name}=(\S*)", self.call("scontrol", "--oneliner", "show", "job", job))
        assert found
        return found[1]

    def end(self, job: str, seconds: float) -> str:
        """The state that a job ends in, once nothing of it runs any more."""
        until(lambda: not self.call("squeue", "--noheader", f"--jobs={job}"), seconds, f"the end of job {job}")
        return self.fact(job, "JobState")

    def processes(self, text: str) -> list[psutil.Process]:
        """What runs with this text in its environment or its command line."""
        return [process for process in psutil.process_iter() if process.pid != os.getpid() and _says(process, text)]

    def cancel(self) -> None:
        """End all jobs, so that each slurmd clears up after its own."""
        self.call("scancel", "--user=root")
        until(lambda: not self.call("squeue", "--noheader"), 30, "the end of all jobs")


@contextmanager
def slurm() -> Iterator[Lab]:
    """Bring a Slurm up, and down with all that it has started."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="slurm-", dir="/tmp")))
        # MPI keeps to loopback: other tests' networks come and go.
        lab = Lab(folder, os.environ | {"SLURM_CONF": str(folder / "slurm.conf"), "FI_TCP_IFACE": "lo"})
        stack.callback(_none_left, lab)
        _configure(folder)
        munge = {name: folder / f"munge.{name.partition('-')[0]}" for name in ("socket", "key-file", "seed-file")}
        munge |= {name: folder / f"munge.{name.partition('-')[0]}" for name in ("pid-file", "log-file")}
        _start(stack, lab, "munged", "--foreground", "--force", *(f"--{name}={file}" for name, file in munge.items()))
        until(munge["socket"].exists, 20, "munge's socket")
        _start(stack, lab, "slurmctld", "-D")
        for name in NAMES:
            _start(stack, lab, "slurmd", "-D", "-N", name)
        until(lambda: _idle(lab) == NODES, 30, f"{NODES} idle nodes")
        stack.callback(lab.cancel)
        yield lab


def _configure(folder: Path) -> None:
    for name in ("state", *NAMES):
        (folder / name).mkdir()
    (folder / "munge.key").write_bytes(os.urandom(1024))
    (folder / "munge.key").chmod(0o400)
    host = socket.gethostname().partition(".")[0]
    port, *ports = _free_ports(1 + NODES)
    lines = [
        NODE.format(name=name, host=host, port=own, cpus=CPUS, memory=MEBIBYTES)
        for name, own in zip(NAMES, ports, strict=True)
    ]
    text = CONFIGURATION.format(folder=folder, host=host, port=port, nodes="\n".join(lines))
    (folder / "slurm.conf").write_text(text)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        servers = [stack.enter_context(socket.create_server(("", 0))) for _ in range(count)]
        return [server.getsockname()[1] for server in servers]


def _start(stack: ExitStack, lab: Lab, program: str, *arguments: str) -> None:
    log = stack.enter_context((lab.folder / f"{program}.log").open("a"))
    command = [shutil.which(program) or program, *arguments]
    process = subprocess.Popen(command, env=lab.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    stack.callback(_stopped, process)


def _stopped(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _idle(lab: Lab) -> int:
    with suppress(subprocess.CalledProcessError):
        return int(lab.call("sinfo", "--noheader", "--states=idle", "--format=%D").strip() or 0)
    return 0


def _none_left(lab: Lab) -> None:
    """Kill what is left, which there should not be."""
    _, left = psutil.wait_procs(lab.processes(str(lab.folder)), timeout=10)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    assert not left, f"left by Slurm: {left}"


def _says(process: psutil.Process, text: str) -> bool:
    try:
        return text in " ".join(process.cmdline()) or any(text in value for value in process.environ().values())
    except psutil.Error:
        return False
