"""The command line: parse, call, print."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from io import TextIOWrapper
from types import FrameType

import click

from daskcnn.cli import said
from daskcnn.errors import RunError, UsageError, reason
from daskcnn.ranks import silent

COMMANDS = {
    "run": "Run a network, cut as asked, and keep the run.",
    "sweep": "Measure ways to cut on numbers of workers, turn and turn about.",
    "plan": "Show how a network would be cut, without running it.",
    "explain": "Walk through a network: who gets, computes and sends what.",
    "graph": "Ask a task graph questions before anything runs.",
    "runs": "List the runs in the store, show, export or remove one.",
    "compare": "Print runs side by side, with their noise.",
    "blame": "Say where the time of a run went.",
    "report": "Write what runs show: figures, tables and findings.",
    "dashboard": "Compare the runs in a browser.",
    "trace": "Run a script whose work uses Dask, and keep what happened.",
    "calibrate": "Measure what this machine can do.",
    "sbatch": "Print a job script for Slurm, or submit it.",
}
"""Each a module of this folder with a command of the same name, imported when it is called; and what it does."""


class Commands(click.Group):
    """The commands, in the order in which people meet them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by name."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"daskcnn.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=Commands,
    epilog="Example:  daskcnn run --chunks channel --workers 2",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="daskcnn")
def daskcnn() -> None:
    """How should this network be cut across these workers, and why?"""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0, 1 where the work failed, 2 where it was asked for wrongly."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # Under nohup a hang-up is to be ignored.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _terminated)
    for stream in (sys.stdout, sys.stderr):
        # None where the caller has closed it.
        if isinstance(stream, TextIOWrapper):
            # A letter that the caller's encoding lacks is shown as another: × as ?.
            stream.reconfigure(errors="replace")
    sys.exit(call(arguments))


def call(arguments: list[str] | None) -> int:
    """Run the command line and return its exit code: what goes wrong is a line on stderr."""
    try:
        code = daskcnn.main(arguments, prog_name="daskcnn", standalone_mode=False)
        if sys.stdout:
            sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.UsageError as error:
        where = f"; see {error.ctx.command_path} --help" if error.ctx else ""
        return _say(error.format_message().rstrip(".") + where, 2)
    except click.ClickException as error:
        return _say(error.format_message(), error.exit_code)
    except UsageError as error:
        return _say(str(error), 2)
    except RunError as error:
        return _say(str(error), 1)
    except (KeyboardInterrupt, click.Abort):
        return _say("interrupted", 130)
    except BrokenPipeError:
        # Who reads our output has read enough; what is buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _say(f"{error.filename or 'the output'} cannot be used ({reason(error)})", 1)
    return code if isinstance(code, int) else 0


def _say(message: str, code: int) -> int:
    if code != 2 or not silent(sys.argv[1:], os.environ):
        said.warning(" ".join(message.split()))
    return code


def _terminated(number: int, frame: FrameType | None) -> None:
    """End as by Ctrl-C, so that the cluster is ended too."""
    raise SystemExit(128 + number)
