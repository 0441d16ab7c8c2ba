"""Every command says what it does and how to call it."""

import shlex
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from daskcnn import cli
from daskcnn.cli import daskcnn
from tests.commands import Command


def tree(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Each command with the words that call it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below
            yield from tree(below, (*path, name))


COMMANDS = dict(tree(daskcnn))


def test_the_tree_is_whole() -> None:
    assert {("run",), ("plan",), ("runs",), ("runs", "show"), ("runs", "rm"), ("compare",), ("dashboard",)} <= set(
        COMMANDS
    )


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_with_an_example(command: Command, words: tuple[str, ...], option: str) -> None:
    done = command(*words, option)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: {' '.join(('daskcnn', *words))} ")
    (example,) = (line.partition("Example:")[2] for line in done.out.splitlines() if "Example:" in line)
    assert shlex.split(example)[: 1 + len(words)] == ["daskcnn", *words]


@pytest.mark.parametrize("words", [words for words in COMMANDS if words], ids=" ".join)
def test_examples_are_understood(words: tuple[str, ...]) -> None:
    """The parser takes every example: its options are there and their values are of the right kind."""
    epilog = COMMANDS[words].epilog
    assert epilog
    arguments = shlex.split(epilog.partition("Example:")[2])[1:]
    context = click.Context(daskcnn, info_name="daskcnn")
    for name in words:
        assert arguments.pop(0) == name
    COMMANDS[words].make_context(words[-1], arguments, parent=context).close()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_option_is_explained(words: tuple[str, ...]) -> None:
    options = [option for option in COMMANDS[words].params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_help_comes_without_asking(command: Command) -> None:
    done = command()
    assert done.code == 2 and done.err.startswith("Usage: daskcnn ") and not done.out


def test_the_version(command: Command) -> None:
    done = command("--version")
    assert done.code == 0 and done.out.startswith("daskcnn, version ")


def test_the_list_of_commands_loads_none_of_them() -> None:
    heavy = {"bokeh", "distributed", "onnxruntime", "matplotlib"}
    code = f"import sys\nfrom daskcnn.cli import call\ncall([])\nsys.exit(str({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert all(f"  {name} " in done.stderr for name in cli.COMMANDS) and done.stderr.endswith("set()\n")
