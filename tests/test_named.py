"""Collections of other people's scripts and modules, found by name; what goes wrong there is said in one line."""

import sys
from pathlib import Path

import pytest
from dask.base import is_dask_collection

from daskcnn.errors import RunError, UsageError
from daskcnn.named import named
from daskcnn.taskgraph import TaskGraph

SCRIPT = """
import dask.array as da
from neighbour import CHUNKS
total = da.ones((4, 4), chunks=CHUNKS).sum()
def made():
    return total + 1
def broken():
    raise ValueError("planted")
def leaves():
    raise SystemExit(0)
def needs(x, *rest, y=1):
    return total
class box:
    inner = total
    @property
    def bad(self):
        raise ValueError("planted")
boxed = box()
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


@pytest.mark.parametrize(("name", "said"), [("needs", "needs x: name"), ("box.outer", "no 'outer'")])
def test_what_cannot_be_had_is_told(script: Path, name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        named(f"{script}:{name}")


def test_a_script_runs_once_however_its_tasks_are_pickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "only_once.py").write_text(
        "from pathlib import Path\nfrom dask import delayed\nruns = Path('runs')\n"
        "runs.write_text(runs.read_text() + 'once ')\ndef own(): return 1\nx = delayed(own)()\n"
    )
    (tmp_path / "runs").touch()
    monkeypatch.chdir(tmp_path)
    graph = TaskGraph.from_collection(named("only_once.py:x"))
    assert graph.definition > 0 and (tmp_path / "runs").read_text() == "once "


def test_a_script_reads_no_arguments_that_are_not_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["daskcnn", "graph", "--json"])
    (tmp_path / "reads.py").write_text("import sys\nx = sys.argv[1:]")
    assert named(f"{tmp_path / 'reads.py'}:x") == [] and sys.argv[1:] == ["graph", "--json"]


def test_a_script_of_a_package_imports_its_neighbours(tmp_path: Path) -> None:
    package = tmp_path / "a_package_of_tests"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "other.py").write_text("import dask.array as da\nx = da.ones(4, chunks=2)")
    (package / "work.py").write_text("from .other import x\ny = x + 1")
    before = sys.path.copy()
    assert is_dask_collection(named(f"{package / 'work.py'}:y"))
    assert sys.path == before


def test_the_collections_there_are_told(script: Path) -> None:
    with pytest.raises(UsageError, match="its collections are total"):
        named(f"{script}:totle")


def test_what_a_script_raises_is_told(script: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="ValueError: planted"):
        named(f"{script}:broken")
    with pytest.raises(RunError, match="ValueError: planted"):
        named(f"{script}:boxed.bad")
    with pytest.raises(RunError, match="leaves raises SystemExit"):
        named(f"{script}:leaves")
    for text in ("import nowhere_at_all", "raise SystemExit(3)", "open('not-there')", "def ("):
        bad = tmp_path / "bad.py"
        bad.write_text(text)
        with pytest.raises(RunError, match=r"bad\.py raises"):
            named(f"{bad}:x")


def test_a_folder_is_no_script(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    with pytest.raises((UsageError, RunError), match=r"folder\.py"):
        named(f"{tmp_path / 'folder.py'}:x")
