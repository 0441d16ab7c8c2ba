"""What is asked of Slurm is looked at before Slurm sees it."""

import re
from typing import Any

import pytest

from daskcnn.errors import UsageError
from daskcnn.jobscript import Settings

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"nodes": 1, "tasks_per_node": 1}, r"1 nodes, 1 tasks.*2 tasks in all"),
    ({"nodes": 0}, r"0 nodes.*at least 1"),
    ({"cpus_per_task": 0}, r"0 CPUs.*at least 1"),
    ({"time": "soon"}, r"'soon'.*00:30:00"),
    ({"time": "1:2:3:4"}, r"'1:2:3:4'.*00:30:00"),
    ({"time": "0:30"}, r"'0:30'.*at least a minute"),
    ({"time": "UNLIMITED"}, r"'UNLIMITED'.*00:30:00"),
    ({"mem": "16 GB"}, r"'16 GB'.*16G"),
    ({"mem": "0"}, r"'0'.*16G"),
    ({"mpi": "pmi1"}, r"'pmi1'.*pmi2, pmix, none"),
]


@pytest.mark.parametrize(("values", "told"), WRONG, ids=str)
def test_what_slurm_would_refuse(values: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError) as error:
        Settings(**values)
    assert re.search(told, str(error.value))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30", 1800), ("30:05", 1805), ("1:30:05", 5405), ("2-12", 216000), ("2-12:30", 217800), ("2-12:30:05", 217805)],
)
def test_time_as_slurm_reads_it(text: str, seconds: int) -> None:
    assert Settings(time=text).seconds == seconds
