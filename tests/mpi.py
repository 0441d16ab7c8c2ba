"""Jobs of several ranks, started with the `mpirun` of the MPICH that Python brings; and all that they leave."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import files
from pathlib import Path
from uuid import uuid4

import psutil  # type: ignore[import-untyped, unused-ignore]

from tests.commands import PATIENCE, Done

MARK = "DASKCNN_TEST_JOB"
"""A variable that all processes of a job inherit."""


def mpirun() -> Path:
    """The program, wherever MPICH's package has put it."""
    (found,) = (Path(str(file.locate())) for file in files("mpich") or () if file.name == "mpirun")
    return found.resolve()


class Job:
    """A job under way."""

    def __init__(self, folder: Path, arguments: Sequence[object], ranks: int) -> None:
        self.folder = folder / f"scratch-{uuid4().hex[:8]}"
        self.folder.mkdir()
        self.mark = str(self.folder)
        self.process = subprocess.Popen(
            [mpirun(), "-n", str(ranks), sys.executable, *map(str, arguments)],
            cwd=folder,
            env=os.environ | {MARK: self.mark, "TMPDIR": self.mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def end(self, patience: float) -> Done:
        """Wait for the end, and hold the job to having left no process and no file."""
        try:
            out, err = self.process.communicate(timeout=patience)
        finally:
            left = self.left()
        assert not left, f"{[process.cmdline() for process in left]} are left"
        # ONNX Runtime has a file of its own there, `.ses`.
        assert list(self.folder.glob("*dask*")) == []
        return Done(self.process.returncode, out, err)

    def left(self) -> list[psutil.Process]:
        """Processes that are still there a moment after the end."""
        deadline = time.monotonic() + 10
        while (found := list(self.processes())) and time.monotonic() < deadline:
            psutil.wait_procs(found, timeout=1)
        for process in found:
            process.kill()
        return found

    def processes(self) -> Iterator[psutil.Process]:
        """All of the job's."""
        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == self.mark and process.status() != psutil.STATUS_ZOMBIE:
                    yield process
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue


@contextmanager
def started(folder: Path, *arguments: object, ranks: int = 4) -> Iterator[Job]:
    """A job of Python programs, which ends with the block at the latest."""
    job = Job(folder, arguments, ranks)
    try:
        yield job
    finally:
        if job.process.poll() is None:
            job.process.kill()
            job.process.communicate()
            job.left()


def ended(folder: Path, *arguments: object, ranks: int = 4, patience: float = 2 * PATIENCE) -> Done:
    """What a job of Python programs did."""
    with started(folder, *arguments, ranks=ranks) as job:
        return job.end(patience)


def command(folder: Path, line: str, *, ranks: int = 4) -> Done:
    """What `daskcnn` did that was started so in all ranks."""
    return ended(folder, "-m", "daskcnn", *line.split(), ranks=ranks)
