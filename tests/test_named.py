"""Collections of other people's scripts and modules, found by name; what goes wrong there is said in one line."""

import sys
from pathlib import Path

import pytest
from dask.base import is_dask_collection

from daskcnn.errors import RunError, UsageError
from daskcnn.named import named

SCRIPT = """
import dask.array as da
from neighbour import CHUNKS
total = da.ones((4, 4), chunks=CHUNKS).sum()
def made():
    return total + 1
def broken():
    raise ValueError("planted")
class box:
    inner = total
graph = {"a": 1, "b": (abs, "a")}
number = 3
if __name__ == "__main__":
    raise SystemExit("this part is not to run")
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    (tmp_path / "neighbour.py").write_text("CHUNKS = 2")
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)
    return path


@pytest.mark.parametrize("name", ["total", "made", "box.inner"])
def test_a_collection_of_a_script(script: Path, name: str) -> None:
    before = sys.path.copy()
    assert is_dask_collection(named(f"{script}:{name}"))
    assert sys.path == before


def test_a_raw_graph_and_a_module() -> None:
    assert named("daskcnn.region:FLOAT") == 4


def test_other_values_are_given_as_they_are(script: Path) -> None:
    assert named(f"{script}:graph")["a"] == 1
    assert named(f"{script}:number") == 3


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("total", "names nothing"),
        ("script.py:", "names nothing"),
        ("script.py:a b", "names nothing"),
        ("nowhere.py:total", "no script"),
        ("nowhere.module:total", "no module"),
        ("daskcnn.region:FLOAZ", "nearest is 'FLOAT'"),
    ],
)
def test_what_is_not_there_is_named(target: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        named(target)


def test_the_collections_there_are_told(script: Path) -> None:
    with pytest.raises(UsageError, match="its collections are total"):
        named(f"{script}:totle")


def test_what_a_script_raises_is_told(script: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="ValueError: planted"):
        named(f"{script}:broken")
    for text in ("import nowhere_at_all", "raise SystemExit(3)", "open('not-there')", "def ("):
        bad = tmp_path / "bad.py"
        bad.write_text(text)
        with pytest.raises(RunError, match=r"bad\.py raises"):
            named(f"{bad}:x")


def test_a_folder_is_no_script(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    with pytest.raises((UsageError, RunError), match=r"folder\.py"):
        named(f"{tmp_path / 'folder.py'}:x")
