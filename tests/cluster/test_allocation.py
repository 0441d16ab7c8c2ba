"""What a job has of a node: Slurm's variables in all forms that it writes, control groups of both versions."""

from pathlib import Path

import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest

from daskcnn.cluster.allocation import cores, counts, group_memory, memory, share, slurm_cores, slurm_memory

GIB = 1 << 30
V1, V2 = Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")
UNLIMITED = str((1 << 63) - 4096)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2(x3),1", [2, 2, 2, 1]),
        ("8", [8]),
        ("4(x1)", [4]),
        ("16,8(x2)", [16, 8, 8]),
        ("", []),
        ("2(x3", []),
        ("0", []),
        ("-1", []),
        ("2,,1", []),
        ("two", []),
    ],
)
def test_numbers_of_each_node(text: str, expected: list[int]) -> None:
    assert counts(text) == expected


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"SLURM_MEM_PER_NODE": "4096"}, 4 * GIB),
        ({"SLURM_MEM_PER_NODE": "4096M"}, 4 * GIB),
        ({"SLURM_MEM_PER_NODE": "4G"}, 4 * GIB),
        ({"SLURM_MEM_PER_NODE": "1T"}, 1024 * GIB),
        ({"SLURM_MEM_PER_NODE": "1048576K"}, GIB),
        # --mem=0 asks for all of the node's.
        ({"SLURM_MEM_PER_NODE": "0"}, None),
        ({"SLURM_MEM_PER_NODE": "much"}, None),
        ({"SLURM_MEM_PER_CPU": "512", "SLURM_CPUS_ON_NODE": "4"}, 2 * GIB),
        ({"SLURM_MEM_PER_CPU": "512", "SLURM_JOB_CPUS_PER_NODE": "2(x3),1", "SLURM_NODEID": "3"}, GIB // 2),
        ({"SLURM_MEM_PER_CPU": "512", "SLURM_JOB_CPUS_PER_NODE": "2(x3),1", "SLURM_NODEID": "1"}, GIB),
        # Of which node is not known: of the least.
        ({"SLURM_MEM_PER_CPU": "512", "SLURM_JOB_CPUS_PER_NODE": "2(x3),1"}, GIB // 2),
        ({"SLURM_MEM_PER_CPU": "512", "SLURM_JOB_CPUS_PER_NODE": "2(x3),1", "SLURM_NODEID": "9"}, GIB // 2),
        ({"SLURM_MEM_PER_CPU": "512"}, None),
        ({"SLURM_MEM_PER_CPU": "0", "SLURM_CPUS_ON_NODE": "4"}, None),
        ({}, None),
    ],
)
def test_memory_that_slurm_gives(environment: dict[str, str], expected: int | None) -> None:
    assert slurm_memory(environment) == expected


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"SLURM_CPUS_ON_NODE": "8", "SLURM_JOB_CPUS_PER_NODE": "16(x4)", "SLURM_NODEID": "0"}, 8),
        ({"SLURM_JOB_CPUS_PER_NODE": "16,8", "SLURM_NODEID": "1"}, 8),
        ({"SLURM_CPUS_ON_NODE": ""}, None),
        ({}, None),
    ],
)
def test_cores_that_slurm_gives(environment: dict[str, str], expected: int | None) -> None:
    assert slurm_cores(environment) == expected


@pytest.mark.parametrize(
    ("groups", "files", "expected"),
    [
        ("0::/", {V2 / "memory.max": "max\n"}, None),
        ("0::/", {V2 / "memory.max": "1000000\n"}, 1_000_000),
        # The least of a group and of all that it lies in: a step within a job.
        ("0::/job_7/step_0", {V2 / "job_7/memory.max": "7", V2 / "job_7/step_0/memory.max": "9"}, 7),
        ("0::/job_7/step_0", {V2 / "job_7/memory.max": "max", V2 / "job_7/step_0/memory.max": "9"}, 9),
        ("12:cpu,cpuacct:/a\n4:memory:/a", {V1 / "a/memory.limit_in_bytes": "5"}, 5),
        ("4:memory:/a", {V1 / "a/memory.limit_in_bytes": UNLIMITED}, None),
        # In a container the path is the host's, and not there; its own is the root.
        ("4:memory:/docker/1f", {V1 / "memory.limit_in_bytes": "6"}, 6),
        # Both versions side by side.
        ("4:memory:/a\n0::/b", {V1 / "a/memory.limit_in_bytes": "8", V2 / "b/memory.max": "6"}, 6),
        ("12:cpu:/a", {V1 / "a/memory.limit_in_bytes": "5"}, None),
        ("", {}, None),
        ("nonsense\n0::\n::", {}, None),
    ],
)
def test_limits_of_control_groups(groups: str, files: dict[Path, str], expected: int | None) -> None:
    assert group_memory(groups, files.get) == expected


def test_it_is_never_more_than_the_machine_has(monkeypatch: pytest.MonkeyPatch) -> None:
    total = psutil.virtual_memory().total
    assert 0 < memory() <= total
    monkeypatch.setenv("SLURM_MEM_PER_NODE", str(total >> 19))
    assert memory() <= total
    monkeypatch.setenv("SLURM_MEM_PER_NODE", "100")
    assert memory() == 100 << 20


def test_cores_are_the_jobs_and_else_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLURM_CPUS_ON_NODE", "3")
    assert cores() == 3
    monkeypatch.delenv("SLURM_CPUS_ON_NODE")
    assert cores() >= 1


@pytest.mark.parametrize("ranks", [1, 3, 64])
@pytest.mark.parametrize("total", [1, 1 << 20, 1 << 30, 1 << 38])
def test_workers_and_what_is_beside_them_fit(total: int, ranks: int) -> None:
    assert 0 <= share(total, ranks) * ranks <= total
