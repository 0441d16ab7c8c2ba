"""Disks that are full, or read-only: real ones, small and in memory."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

Disk = Callable[[int], Path]


def mount(*arguments: object) -> None:
    """Mount, or skip the test with the reason."""
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"disks cannot be mounted here: {done.stderr.strip()}")


@contextmanager
def disks(within: Path) -> Iterator[Disk]:
    """Makes disks of so many bytes each."""
    made: list[Path] = []

    def make(size: int) -> Path:
        folder = within / f"disk{len(made)}"
        folder.mkdir()
        mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder)
        made.append(folder)
        return folder

    try:
        yield make
    finally:
        for folder in made:
            # Lazily: something may still have a file open there.
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def read_only(folder: Path) -> None:
    """Let nothing more be written to a disk, by nobody."""
    mount("-o", "remount,ro", folder)
