"""Ranks by what launchers say of them."""

import pytest

from daskcnn.errors import UsageError
from daskcnn.ranks import Rank, rank, said_once, silent

MPICH = {"PMI_RANK": "2", "PMI_SIZE": "4"}
OPEN_MPI = {"OMPI_COMM_WORLD_RANK": "3", "OMPI_COMM_WORLD_SIZE": "8", "PMIX_RANK": "3"}
SRUN = {"SLURM_PROCID": "5", "SLURM_STEP_NUM_TASKS": "6", "SLURM_NTASKS": "6"}
BATCH = {"SLURM_PROCID": "0", "SLURM_NTASKS": "6", "SLURM_JOB_ID": "7"}
"""What a job's script itself has."""


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (MPICH, Rank(2, 4)),
        (OPEN_MPI, Rank(3, 8)),
        (SRUN, Rank(5, 6)),
        # mpirun within an allocation, and within a step of one task.
        (BATCH | MPICH, Rank(2, 4)),
        (SRUN | OPEN_MPI, Rank(3, 8)),
        ({}, None),
        (BATCH, None),
        ({"PMI_RANK": "2"}, None),
        ({"PMI_RANK": "x", "PMI_SIZE": "4"}, None),
        ({"PMI_RANK": "-1", "PMI_SIZE": "4"}, None),
        ({"PMI_RANK": "4", "PMI_SIZE": "4"}, None),
    ],
)
def test_the_rank_is_what_the_launcher_says(environment: dict[str, str], expected: Rank | None) -> None:
    assert rank(environment) == expected


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_one_rank_of_all_speaks(size: int) -> None:
    assert sum(Rank(number, size).speaks for number in range(size)) == 1


def test_only_ranks_of_a_cluster_of_all_are_silent() -> None:
    first = {"PMI_RANK": "0", "PMI_SIZE": "4"}
    assert silent(["run", "--cluster", "mpi", "--images", "x"], first)
    assert not silent(["run", "--cluster", "threads", "--images", "x"], first)
    assert not silent(["run", "--cluster", "mpi"], first | {"PMI_RANK": "1"})
    assert not silent(["run", "--cluster", "mpi"], {})


@pytest.mark.parametrize(
    ("number", "raised"), [("0", SystemExit), ("1", UsageError), ("2", SystemExit), ("", UsageError)]
)
def test_what_is_wrong_is_raised_once(
    number: str, raised: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PMI_RANK", number)
    monkeypatch.setenv("PMI_SIZE", "3")
    with pytest.raises(raised) as told, said_once():
        raise UsageError("no such thing")
    assert raised is UsageError or getattr(told.value, "code", None) == 2
