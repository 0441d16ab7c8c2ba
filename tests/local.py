"""A Dask cluster of our own, of whatever shape."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from distributed import Client, LocalCluster


@contextmanager
def local(workers: int = 1, threads: int = 1, *, processes: bool = False, **options: Any) -> Iterator[Client]:
    """Workers of several threads, in this process or each in one of its own."""
    shape = {"n_workers": workers, "threads_per_worker": threads, "processes": processes}
    with LocalCluster(**shape, dashboard_address=":0", **options) as cluster, Client(cluster) as client:
        yield client
