"""What kinds of clusters there are, and how large."""

import pytest

from daskcnn.cluster import connect
from daskcnn.errors import UsageError


@pytest.mark.parametrize(
    ("cluster", "workers", "told"),
    [
        ("slurm", 2, r"'slurm'.*processes, threads, mpi, or an address"),
        ("tcp://somewhere", 2, r"'tcp://somewhere'"),
        ("http://127.0.0.1:80", 2, r"http"),
        ("processes", 0, r"0 workers: at least 1"),
        ("threads", -3, r"-3 workers"),
    ],
)
def test_a_wrong_word_is_refused_at_once(cluster: str, workers: int, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        connect(cluster, workers)


@pytest.mark.parametrize("text", ["", "0", "-1GB", "much", "nan", "1e999", 0, -5])
def test_no_amount_of_memory(text: str | int) -> None:
    for cluster in ("processes", "tcp://127.0.0.1:1"):
        with pytest.raises(UsageError, match=rf"memory limit {text!r}: .*512MB"):
            connect(cluster, 1, memory_limit=text)


def test_the_memory_of_others_workers_is_not_ours_to_limit() -> None:
    with pytest.raises(UsageError, match=r"memory limit 1GB: .*tcp://127.0.0.1:1 .*processes"):
        connect("tcp://127.0.0.1:1", 1, memory_limit="1GB")
