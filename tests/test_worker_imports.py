"""What a worker imports: little, for every worker of a cluster pays for it in time and memory."""

import subprocess
import sys

import pytest

OF_THE_CLIENT = ["xarray", "pandas", "dask.array", "zarr", "PIL", "bokeh", "h5py", "netCDF4"]
TASKS = "from daskcnn.blocks import checksums, images, sends, task, weights, writes"
RECORDER = "import daskcnn.recorder.worker, daskcnn.process"


@pytest.mark.parametrize("needed", [TASKS, RECORDER])
def test_what_workers_run_needs_no_library_of_the_client(needed: str) -> None:
    told = f"import sys; {needed}; print(*sys.modules.keys() & {set(OF_THE_CLIENT)})"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


FUNCTIONS = """
import daskcnn.blame.causes, daskcnn.metrics.table, daskcnn
from daskcnn import blame, metrics
from daskcnn.blame import CAUSES
print(daskcnn.blame is blame, callable(blame), callable(metrics), len(CAUSES))
"""


def test_functions_win_over_the_packages_of_their_names() -> None:
    done = subprocess.run([sys.executable, "-c", FUNCTIONS], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "True", "9"]
