"""The command line, as tests call it: in this process, or in one of its own as a shell would."""

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

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


@dataclass
class Terminal:
    """A command under way in a terminal of its own: standard input and error are the terminal, output is a pipe."""

    process: subprocess.Popen[str]
    descriptor: int
    seen: str = ""

    def until(self, text: str) -> str:
        """All that was shown so far, once this text is in it."""
        deadline = monotonic() + PATIENCE
        while text not in self.seen:
            assert select.select([self.descriptor], [], [], deadline - monotonic())[0], f"{text!r} never came"
            self.seen += self._read()
        return self.seen

    def type(self, keys: str) -> None:
        """Press keys: the terminal turns Ctrl-C into an interrupt of all processes that it controls."""
        os.write(self.descriptor, keys.encode())

    def descendants(self) -> list[psutil.Process]:
        """All processes that it started and that they started."""
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return found

    def end(self) -> Done:
        """Wait for the end, and hold the command to having left no process."""
        started = self.descendants() if self.process.poll() is None else []
        deadline = monotonic() + PATIENCE
        while text := self._read():
            self.seen += text
            assert monotonic() < deadline, "it does not end"
        out, _ = self.process.communicate(timeout=PATIENCE)
        _, alive = psutil.wait_procs(started, timeout=5)
        assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
        return Done(self.process.returncode, out, self.seen)

    def _read(self) -> str:
        try:
            return os.read(self.descriptor, 65536).decode(errors="replace")
        except OSError:
            # Linux says so when the last process has closed the terminal.
            return ""


@contextmanager
def terminal(*arguments: str, store: Path) -> Iterator[Terminal]:
    """`daskcnn` in a terminal; nothing of it is left after the block, whatever a test finds."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "daskcnn", *arguments],
        cwd=ROOT,
        env=os.environ | {"DASKCNN_STORE": str(store), "COLUMNS": "200"},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        os.close(ours)


def shell(*arguments: str, store: Path, stdout: int = subprocess.PIPE) -> subprocess.Popen[str]:
    """`daskcnn` in a process of its own, as a script calls it."""
    return subprocess.Popen(
        [sys.executable, "-m", "daskcnn", *arguments],
        cwd=ROOT,
        env=os.environ | {"DASKCNN_STORE": str(store)},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )
