"""A dashboard served by a process of its own."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daskcnn.store import Store

ROOT = Path(__file__).parent.parent
SERVE = """
import sys
from pathlib import Path
from daskcnn.dashboard import serve
from daskcnn.store import Store
serve(Store(Path(sys.argv[1])), 0, lambda url: print(url, flush=True))
"""


@contextmanager
def served(store: Store) -> Iterator[tuple[str, int]]:
    """The address and the process id of a server that is interrupted in the end, and must then end cleanly."""
    command = [sys.executable, "-c", SERVE, str(store.path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
