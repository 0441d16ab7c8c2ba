"""README and its like hold what they say: commands are understood, Python runs, files are there."""

import re
import shlex
from pathlib import Path

import click
import pytest

from daskcnn.cli import COMMANDS, daskcnn
from tests.commands import ROOT

NAMES = ("README.md", "docs/hpc.md", "examples/slurm/README.md", "examples/reports/README.md")
DOCUMENTS = {name: (ROOT / name).read_text() for name in NAMES}
BLOCKS = [block for text in DOCUMENTS.values() for block in re.findall(r"```(\w+)\n(.*?)```", text, re.DOTALL)]
SCRIPTS = [script.read_text() for script in sorted((ROOT / "examples/reports").glob("*.sh"))]
SHELL = [line for text in (*(text for kind, text in BLOCKS if kind == "bash"), *SCRIPTS) for line in text.splitlines()]
LINES = [found[1] for line in SHELL if (found := re.fullmatch(r" *(?:(?:mpirun|srun) .*?)?(daskcnn .*)", line))]
SMALL = (('"mnist", chunks', '"mnist", images=100, repeat=1, cluster="threads", chunks'), ("(8, 3, 224", "(2, 3, 224"))
"""What makes the examples quick."""


def test_every_command_is_shown() -> None:
    assert set(COMMANDS) <= {line.split()[1] for line in LINES}


@pytest.mark.parametrize("line", LINES)
def test_commands_are_understood(line: str) -> None:
    command: click.Command = daskcnn
    words = shlex.split(line, comments=True)[1:]
    # With its own settings: click keeps the help option of the first context that a command is seen in.
    context = click.Context(command, **command.context_settings)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name, found, words = command.resolve_command(context, words)
        assert found is not None
        command, context = found, click.Context(found, parent=context, info_name=name)
    # Arguments and options are converted and checked; the command itself is not called.
    command.make_context(command.name, words, parent=context.parent)


def test_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = (text for kind, text in BLOCKS if kind == "python" and text.startswith("import"))
    for whole, small in SMALL:
        assert whole in code
        code = code.replace(whole, small)
    exec(compile(code, "README.md", "exec"), {"__name__": "readme"})
    assert list(tmp_path.glob("daskcnn-runs/*.nc"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_are_files(name: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", DOCUMENTS[name])
    assert links
    assert [link for link in links if "://" not in link and not (ROOT / name).parent.joinpath(link).exists()] == []
