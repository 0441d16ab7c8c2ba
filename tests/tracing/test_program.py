"""Programs run as Python runs them: what they see, what they print, and how they end, is the same."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from daskcnn.errors import UsageError
from daskcnn.tracing import execute

Script = Callable[[str], Path]

SEEN = """
import sys, neighbour
assert __name__ == "__main__" and sys.modules["__main__"].__dict__ is globals()
print(sys.argv, sys.path[0], __file__, neighbour.HERE)
"""
ENDS = {
    "pass": 0,
    "import sys; sys.exit()": 0,
    "import sys; sys.exit(0)": 0,
    "import sys; sys.exit(3)": 3,
    "import sys; sys.exit(True)": 1,
    "import sys; sys.exit('said\\n')": 1,
    "import sys; sys.exit([1, 2])": 1,
    "raise SystemExit": 0,
    "raise SystemExit(7)": 7,
    "1 / 0": 1,
    "def f(:": 1,
    "def f():\n    raise KeyError('x')\ntry:\n    f()\nexcept KeyError as e:\n    raise ValueError('y') from e": 1,
    "import nonesuch": 1,
    "import sys; sys.excepthook = lambda *a: print('hooked', a[0].__name__); 1 / 0": 1,
}


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Write a script, with a neighbour, in a folder that is not the working one."""
    folder = tmp_path / "scripts"
    folder.mkdir()
    (folder / "neighbour.py").write_text("HERE = 'beside'")

    def write(text: str) -> Path:
        (folder / "script.py").write_text(text)
        return folder / "script.py"

    return write


def by_python(*command: str, folder: Path) -> tuple[int, str, str]:
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, cwd=folder, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("text", ENDS)
def test_it_ends_as_under_python(text: str, script: Script, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = str(script(text))
    code = execute(path)
    found = code, *capfd.readouterr()
    assert found == by_python(path, folder=tmp_path)
    assert code == ENDS[text]


def test_it_sees_what_it_would_under_python(
    script: Script, capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sys.argv[:], sys.path[:], sys.modules["__main__"]
    script(SEEN)
    command = ["scripts/script.py", "--year", "2026", "-m", ""]
    assert execute(command[0], command[1:]) == 0
    assert (0, *capfd.readouterr()) == by_python(*command, folder=tmp_path)
    assert (sys.argv, sys.path, sys.modules["__main__"]) == before
    del sys.modules["neighbour"]


@pytest.mark.parametrize("target", ["package", "parcel.part"])
def test_modules_run_as_after_python_m(
    target: str, capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / target.partition(".")[0]
    package.mkdir()
    (package / "__init__.py").touch()
    for name in ("__main__", "part"):
        (package / f"{name}.py").write_text("import sys\nprint(sys.argv, sys.path[0], __package__, __spec__.name)")
    monkeypatch.chdir(tmp_path)
    assert execute(target, ["--x"], module=True) == 0
    assert (0, *capfd.readouterr()) == by_python("-m", target, "--x", folder=tmp_path)
    del sys.modules[package.name]


def test_a_folder_with_a_main(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "__main__.py").write_text("print(__name__, __file__)")
    assert execute(str(tmp_path)) == 0
    assert (0, *capfd.readouterr()) == by_python(str(tmp_path), folder=tmp_path)


@pytest.mark.parametrize(
    ("target", "module", "told"),
    [
        ("nonesuch.py", False, "no script 'nonesuch.py': give the path"),
        ("nonesuch", True, "'nonesuch' cannot be run .*No module named nonesuch"),
        ("json", True, r"'json' cannot be run .*json.__main__"),
        ("", False, "no script ''"),
    ],
)
def test_what_is_no_program(target: str, module: bool, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        execute(target, module=module)


def test_a_folder_without_a_main(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="__main__"):
        execute(str(tmp_path))


def test_an_interrupt_is_not_the_program_s(script: Script) -> None:
    with pytest.raises(KeyboardInterrupt):
        execute(str(script("raise KeyboardInterrupt")))
