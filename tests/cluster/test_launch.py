"""What hinders an MPI job, found before MPI starts."""

from importlib.util import find_spec

import pytest

from daskcnn.cluster import launch
from daskcnn.cluster.launch import Here, launched
from daskcnn.errors import UsageError
from daskcnn.ranks import Rank


@pytest.mark.parametrize(
    ("rank", "told"),
    [
        (None, r"no rank of an MPI job; .*mpirun -n 4 daskcnn run --cluster mpi.*srun"),
        (Rank(0, 1), r"1 rank, at least 3 are needed"),
        (Rank(1, 2), r"2 ranks, at least 3 are needed.*mpirun -n 4"),
    ],
)
def test_too_few_ranks(rank: Rank | None, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        launched(rank, 60)


def test_a_package_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "find_spec", lambda name: None if name == "mpi4py" else find_spec(name))
    with pytest.raises(UsageError, match=r"mpi4py missing; pip install 'daskcnn\[mpi\]'"):
        launched(Rank(0, 4), 60)


def test_a_rank_says_what_hinders_it() -> None:
    assert Here.of(None).problem == ""
    assert "'ib7'" in Here.of("ib7").problem


def test_nodes_of_slurm_on_one_host_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = set()
    for name in ("n1", "n2", "n1"):
        monkeypatch.setenv("SLURMD_NODENAME", name)
        nodes.add(Here.of(None).node)
    assert len(nodes) == 2
