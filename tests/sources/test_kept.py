"""What a process keeps of the files that it read."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest

from daskcnn.sources.kept import kept


@pytest.fixture
def calls() -> list[str]:
    return []


def test_the_last_files_are_kept_until_they_change(tmp_path: Path, calls: list[str]) -> None:
    @kept(files=2)
    def read(path: Path, word: str) -> str:
        calls.append(path.name + word)
        return path.read_text()

    for name in "abc":
        (tmp_path / name).write_text(name)
    for name in "abab":
        assert read(tmp_path / name, "!") == name
    assert calls == ["a!", "b!"]
    read(tmp_path / "c", "!")
    read(tmp_path / "a", "!")
    assert calls == ["a!", "b!", "c!", "a!"]
    (tmp_path / "a").write_text("A")
    os.utime(tmp_path / "a", ns=(0, 0))
    assert read(tmp_path / "a", "!") == "A"
    read(tmp_path / "a", "?")
    assert calls == ["a!", "b!", "c!", "a!", "a!", "a?"]


def test_threads_wait_for_one_that_reads(tmp_path: Path, calls: list[str]) -> None:
    both = Barrier(2)

    @kept(files=1)
    def read(path: Path) -> object:
        calls.append(path.name)
        with pytest.raises(BrokenBarrierError):  # for no second thread ever comes here
            both.wait(timeout=0.2)
        return object()

    (tmp_path / "a").write_text("a")
    with ThreadPoolExecutor(2) as threads:
        found = set(threads.map(read, [tmp_path / "a"] * 2))
    assert len(found) == len(calls) == 1


def test_a_missing_file_is_as_missing_as_ever(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        kept(files=1)(Path.read_bytes)(tmp_path / "a")
