"""STREAM's loops, and arrays that no cache holds."""

from pathlib import Path

import numpy as np
import pytest

from daskcnn.calibration import bandwidth
from daskcnn.calibration.bandwidth import BLOCK, MOST_BYTES, array_bytes, last_level_caches, triad


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_triad(size: int) -> None:
    b, c = np.random.default_rng(size).random((2, size))
    a = np.full(size, np.nan)
    triad(a, b, c)
    np.testing.assert_array_equal(a, b + 3.0 * c)


@pytest.mark.parametrize("cores", [1, 3])
def test_rates_of_all_four(cores: int) -> None:
    found = bandwidth.bandwidth(cores, seconds=0.0, size=8 * 1000)
    assert list(found) == ["copy", "triad", "copy_all", "triad_all"]
    assert all((values > 0).all() and np.isfinite(values).all() for values in found.values())


def cache(cpus: Path, cpu: int, index: int, level: str, shared: str, size: str) -> None:
    folder = cpus / f"cpu{cpu}" / "cache" / f"index{index}"
    folder.mkdir(parents=True)
    for name, text in (("level", level), ("shared_cpu_list", shared), ("size", size)):
        (folder / name).write_text(f"{text}\n")


def test_last_level_caches_count_once_each(tmp_path: Path) -> None:
    for cpu in range(4):
        cache(tmp_path, cpu, 2, "2", str(cpu), "1024K")
        cache(tmp_path, cpu, 3, "3", "0-1" if cpu < 2 else "2-3", "32768K")
    assert last_level_caches(tmp_path) == 2 * 32768 * 1024


def test_caches_that_the_system_does_not_tell(tmp_path: Path) -> None:
    assert last_level_caches(tmp_path) == 0
    cache(tmp_path, 0, 0, "no number", "0", "1K")
    assert last_level_caches(tmp_path) == 0


@pytest.mark.parametrize(
    ("caches", "free", "expected"),
    [(0, 1 << 40, 64 << 20), (32 << 20, 1 << 40, 128 << 20), (1 << 40, 1 << 40, MOST_BYTES), (1 << 30, 800, 100)],
)
def test_arrays_are_larger_than_caches_and_fit(
    monkeypatch: pytest.MonkeyPatch, caches: int, free: int, expected: int
) -> None:
    monkeypatch.setattr(bandwidth, "last_level_caches", lambda: caches)
    monkeypatch.setattr(bandwidth, "virtual_memory", lambda: type("Memory", (), {"available": free}))
    assert array_bytes() == expected
