"""Files are there whole or not at all; what killed processes leave is cleared, what living ones write is not."""

import os
from errno import EPERM
from pathlib import Path
from time import time

import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest

from daskcnn.files import OLD, clear, whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def no_links(path: Path, target: Path) -> None:
    raise OSError(EPERM, "Operation not permitted")


@pytest.fixture(params=["links", "no links"])
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """A folder on a file system that has hard links, and on one that has none."""
    if request.param == "no links":
        monkeypatch.setattr(Path, "hardlink_to", no_links)
    return tmp_path


@pytest.mark.parametrize("new", [False, True])
def test_a_file_appears_when_the_block_ends(folder: Path, new: bool) -> None:
    with whole(folder / "a", new=new) as part:
        part.write_text("x")
        assert not (folder / "a").exists()
    assert (folder / "a").read_text() == "x" and names(folder) == ["a"]


def test_a_block_that_raises_changes_nothing(folder: Path) -> None:
    (folder / "a").write_text("before")
    with pytest.raises(KeyError), whole(folder / "a") as part:
        part.write_text("after")
        raise KeyError
    assert (folder / "a").read_text() == "before" and names(folder) == ["a"]


def test_of_two_writers_of_a_new_file_the_second_fails(folder: Path) -> None:
    with pytest.raises(FileExistsError), whole(folder / "a", new=True) as second:
        second.write_text("second")
        with whole(folder / "a", new=True) as first:
            first.write_text("first")
    assert (folder / "a").read_text() == "first" and names(folder) == ["a"]


@pytest.mark.parametrize("folder", ["/", ".", ""])
def test_a_folder_without_a_name_is_no_file(folder: str) -> None:
    with pytest.raises(IsADirectoryError), whole(Path(folder)):
        pass


def test_a_claim_keeps_others_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "hardlink_to", no_links)
    claim = tmp_path / ".a.part"
    claim.touch()
    with pytest.raises(FileExistsError), whole(tmp_path / "a", new=True) as part:
        part.touch()
    assert names(tmp_path) == [".a.part"]
    os.utime(claim, (0, 0))
    clear(tmp_path)
    with whole(tmp_path / "a", new=True) as part:
        part.touch()
    assert names(tmp_path) == ["a"]


def test_old_parts_of_no_living_process_are_cleared(tmp_path: Path) -> None:
    own = psutil.Process()
    dead = next(pid for pid in range(4_000_000, 3_000_000, -1) if not psutil.pid_exists(pid))
    old, older = time() - OLD - 60, own.create_time() - OLD
    left = {".a.part": old, f".a-{dead}.part": old, f".a-{10**30}.part": old, ".a-x.part": old}
    # A process of the same number began after the part was last written.
    left |= {f".a-{own.pid}.part": older}
    kept = {".young.part": time(), f".young-{dead}.part": time(), "a.part": old, ".part.nc": old, ".a": old}
    for name, changed in (left | kept).items():
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (changed, changed))
    (tmp_path / ".folder.part").mkdir()
    os.utime(tmp_path / ".folder.part", (old, old))
    clear(tmp_path)
    assert names(tmp_path) == sorted([*kept, ".folder.part"])


def test_a_living_writer_s_part_is_not_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daskcnn.files.time", lambda: time() + 2 * OLD)
    with whole(tmp_path / "a") as part:
        part.write_text("x")
        clear(tmp_path)
    assert names(tmp_path) == ["a"]


def test_a_folder_that_is_not_there_is_clear(tmp_path: Path) -> None:
    clear(tmp_path / "nowhere")
