"""A Dask cluster over hosts: its scheduler on one network, what workers send each other on the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from distributed import Client
from distributed.utils import json_load_robust

from tests.foreign import PATIENCE, READY, start
from tests.hosts.network import FAST, PLAIN, Host


@contextmanager
def cluster(hosts: Sequence[Host], workers: int, folder: Path) -> Iterator[str]:
    """The scheduler's address; workers are dealt out to the hosts, so that their names do not follow the hosts."""
    with ExitStack() as stack:
        contact = folder / "scheduler.json"
        every = ["--scheduler-file", contact, "--no-dashboard"]
        start(stack, "scheduler", "--port", "0", "--interface", PLAIN, *every, on=hosts[0].command())
        each = ["--interface", FAST, "--local-directory", folder, "--nthreads", "1", "--no-nanny", *READY, *every]
        for number in range(workers):
            start(stack, "worker", "--name", f"w-{number}", *each, on=hosts[number % len(hosts)].command())
        address = str(json_load_robust(str(contact), timeout=PATIENCE)["address"])
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=PATIENCE)
        yield address
