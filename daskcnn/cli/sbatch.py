"""`daskcnn sbatch`."""

from __future__ import annotations

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from daskcnn.cli import daskcnn, options, said
from daskcnn.cli.inner import looked_through
from daskcnn.errors import RunError, UsageError
from daskcnn.jobscript import FLAVOURS, Settings, default_site, script, site_choices
from daskcnn.store import Store

USUAL = Settings()
JOB = ("nodes", "tasks_per_node", "store", "command", "submit", "site")
"""What is said for each job, and not for a site."""


def _site(ctx: click.Context, option: click.Parameter, value: Path | None) -> Path | None:
    """Take the site's choices where no options are given."""
    file = value or default_site()
    if value or file.is_file():
        choices = {own.name.replace("_", "-"): own for own in ctx.command.params if own.name and own.name not in JOB}
        found = site_choices(file, choices, [name for name, own in choices.items() if own.multiple])
        for name, said in found.items():
            try:
                choices[name].type_cast_value(ctx, said)
            except click.BadParameter as error:
                raise UsageError(f"{file}: {name} = {said!r}: {error.message}") from error
        ctx.default_map = {choices[name].name: said for name, said in found.items()}
    return value


@click.command(
    epilog="Example:  daskcnn sbatch --nodes 4 --tasks-per-node 8 --time 00:30:00 -- run --chunks batch,channel",
    context_settings={"allow_interspersed_args": False},
)
@click.option("--nodes", type=click.IntRange(min=1), default=USUAL.nodes, show_default=True, help="How many.")
@click.option(
    "--tasks-per-node",
    type=click.IntRange(min=1),
    default=USUAL.tasks_per_node,
    show_default=True,
    help="Ranks on each node; the first of all is the scheduler, every other a worker.",
)
@click.option(
    "--time",
    metavar="TIME",
    default=USUAL.time,
    show_default=True,
    help="Of the job at most, as Slurm reads it; its client is ended a minute earlier.",
)
@click.option("--mem", metavar="SIZE", help="For the job on each node, as in 16G.  [default: what the site gives]")
@click.option(
    "--cpus-per-task",
    type=click.IntRange(min=1),
    default=USUAL.cpus_per_task,
    show_default=True,
    help="For each rank; a worker computes on one.",
)
@click.option("--partition", help="Where to queue.  [default: the site's]")
@click.option("--account", help="Whom to charge.  [default: the site's]")
@click.option(
    "--mpi",
    type=click.Choice(FLAVOURS),
    default=USUAL.mpi,
    show_default=True,
    help="How ranks find each other, of those that srun --mpi=list names; none needs no MPI.",
)
@click.option("--module", multiple=True, help="An environment module to load; may be repeated.")
@click.option(
    "--setup", metavar="LINE", multiple=True, help="A line of shell to begin with, as it is; may be repeated."
)
@click.option(
    "--directive",
    metavar="OPTION",
    multiple=True,
    help="A further option of sbatch, as it is: --directive=--qos=high; may be repeated.",
)
@click.option(
    "--python", metavar="PATH", default=USUAL.python, help="For scheduler, workers and client.  [default: this]"
)
@click.option(
    "--interface", metavar="NAME", help="The network of scheduler and workers, as ib0.  [default: the host's]"
)
@click.option(
    "--scratch", metavar="DIR", help="On each node's own disk.  [default: $SLURM_TMPDIR, $TMPDIR or /tmp of the node]"
)
@click.option("--job-name", metavar="NAME", default=USUAL.job_name, show_default=True, help="What squeue calls it.")
@click.option("--output", metavar="FILE", default=USUAL.output, show_default=True, help="What the job prints.")
@click.option(
    "--site",
    type=click.Path(path_type=Path),
    callback=_site,
    is_eager=True,
    help="A TOML file of these options, for all jobs; options win.  [default: ~/.config/daskcnn/site.toml]",
)
@click.option("--submit", is_flag=True, help="Hand the script to sbatch and print the job's number.")
@options.store
@click.argument("command", metavar="-- COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
def sbatch(command: tuple[str, ...], submit: bool, site: Path | None, store: Store, **asked: Any) -> None:
    """Print a job script for Slurm: a Dask cluster as large as the job, and COMMAND run on it.

    COMMAND is one of daskcnn's that work on a cluster: run, sweep or trace, with its own options. It is looked through
    before anything is printed. The job ends as COMMAND does, and leaves nothing on the nodes.
    """
    settings = Settings(**asked, store=Path(store.path))
    if settings.mpi != "none" and settings.python == USUAL.python and not find_spec("dask_mpi"):
        raise UsageError(f"--mpi {settings.mpi} needs dask-mpi: install daskcnn[mpi], or choose --mpi none")
    _writable(settings)
    text = script(settings, looked_through(daskcnn, command, settings.workers))
    if submit:
        number = submitted(text)
        click.echo(number)
        output = settings.folder / settings.output.replace("%x", settings.job_name).replace("%j", number)
        said.warning(f"what the job prints goes to {output}; squeue --me shows whether it runs")
    else:
        # As bytes: a letter that the terminal lacks must not become another one.
        click.echo(text.encode(), nl=False)


def _writable(settings: Settings) -> None:
    """Slurm ends a job without a word when it cannot write what the job prints."""
    place = (settings.folder / settings.output).parent
    if "%" not in str(place) and not place.is_dir():
        raise UsageError(f"--output {settings.output}: no folder {place}; make it, or choose another")


def submitted(text: str) -> str:
    """Hand a script to sbatch; the number of its job.

    Raises
    ------
    RunError
        There is no sbatch here, or it refuses.
    """
    if not shutil.which("sbatch"):
        raise RunError("no sbatch here: print the script without --submit, and submit it where Slurm is")
    done = subprocess.run(["sbatch", "--parsable"], input=text.encode(), capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise RunError(f"sbatch refuses: {said or f'exit code {done.returncode}'}")
    # After the job's number there may be a cluster's name.
    return done.stdout.decode().strip().partition(";")[0]
