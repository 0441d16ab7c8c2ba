"""The command line, as tests call it: in this process, or in one of its own as a shell would."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped, unused-ignore]

ROOT = Path(__file__).parent.parent
PATIENCE = 60
"""Seconds after which what should have ended is taken to hang."""


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str


Command = Callable[..., Done]


@dataclass(frozen=True)
class Started:
    """A command under way, as the leader of a process group."""

    process: subprocess.Popen[str]

    def descendants(self) -> list[psutil.Process]:
        """All processes that it started and that they started."""
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return found

    def until(self, text: str) -> str:
        """Read standard error up to the line that has this text."""
        assert self.process.stderr
        for line in self.process.stderr:
            if text in line:
                return line
        raise AssertionError(f"{text!r} never came")

    def interrupt(self) -> None:
        """Ctrl-C, which a terminal sends to all processes of the group."""
        os.killpg(self.process.pid, signal.SIGINT)

    def end(self) -> Done:
        """Wait for the end."""
        out, err = self.process.communicate(timeout=PATIENCE)
        return Done(self.process.returncode, out, err)


@contextmanager
def started(*arguments: str, store: Path) -> Iterator[Started]:
    """`daskcnn` in a process of its own; nothing of it is left after the block, whatever a test finds."""
    process = subprocess.Popen(
        [sys.executable, "-m", "daskcnn", *arguments],
        cwd=ROOT,
        env=os.environ | {"DASKCNN_STORE": str(store)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield Started(process)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
