"""Dask work that is not this package's, recorded and kept as runs: programs, and blocks of a notebook."""

from daskcnn.tracing.clients import Recorded, recorded_clients
from daskcnn.tracing.lazy import by_default
from daskcnn.tracing.program import execute
from daskcnn.tracing.traced import keep, traced_run

__all__ = ["Recorded", "by_default", "execute", "keep", "recorded_clients", "traced_run"]
