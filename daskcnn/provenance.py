"""Where a run comes from: versions, machine, command, time."""

from __future__ import annotations

import json
import platform
import shlex
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from dask.system import cpu_count

PACKAGES = ("daskcnn", "dask", "distributed", "numpy", "onnxruntime", "xarray", "netCDF4", "h5netcdf", "bokeh")


def provenance() -> dict[str, str | int]:
    """What a run's root carries besides its numbers.

    Examples
    --------
    >>> sorted(provenance())
    ['command', 'cores', 'cpu', 'platform', 'time', 'versions']
    """
    versions = {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command(),
        "versions": json.dumps(versions),
        "platform": platform.platform(),
        "cpu": cpu(),
        "cores": cores(),
    }


def command() -> str:
    """The command line, as a shell would take it, without the folder that the program lies in."""
    program = Path(sys.argv[0])
    # What `python -m daskcnn` runs is called by its folder.
    name = program.parent.name if program.name == "__main__.py" else program.name
    return shlex.join([name, *sys.argv[1:]])


def cores() -> int:
    """Cores this process may use: its affinity and its container's share, as Dask counts them."""
    return int(cpu_count())


def cpu() -> str:
    """The processor's name, as far as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())
